/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys as the file has them. Tables are shared (a node's stands under `nodes` and under
 * `defaults`); places are the tree that comes of it: one for each key at each place where it
 * may be written. `explain`, the reference and the JSON Schema are made of them.
 */
#ifndef CONFIG_PLACE_H
#define CONFIG_PLACE_H

#include "config/schema/schema.h"
#include "util/error.h"

struct place {
    const struct place *parent; /* the key whose mapping this one is in; NULL at the top */
    const struct schema *table; /* that it is a row of */
    const struct field *field;
    const char *path;   /* to be read: "nodes.NAME.disks[].bus" */
    const char *inside; /* where keys below it stand: "nodes.NAME.disks[]" for disks */
    const char *key;    /* to be typed: "nodes.disks.bus" */
};

struct place_list {
    const struct place **items; /* each before those below it, else in the tables' order */
    size_t count;
};

#define place_each(list, place) \
    for (size_t place##_i = 0;  \
         place##_i < (list)->count && ((place) = (list)->items[place##_i], true); place##_i++)

/* All places, in the arena. */
struct place_list place_all(struct arena *arena);
/* Where a table is best shown: among the nodes' keys, else where it first stands. NULL for the
 * top table, which is below no key. */
const struct place *place_of_table(const struct place_list *all, const struct schema *table);
/* True when `place` is below `above`, at any depth; all are below NULL. */
bool place_is_below(const struct place *place, const struct place *above);
/* The place that a user's words mean: "nodes.cpus", "node.cpus", "cpus", "nodes.web.cpus",
 * "disks[0].bus". -1 with a usage error that knows the nearest key. */
int place_find(const struct place_list *all, const char *words, struct arena *arena,
               const struct place **ret, struct error **err) MUST_CHECK;

/* YAML that has the key with its example, in all that it stands in, and the keys that must
 * stand beside it; several lines. */
char *place_example(const struct place *place, struct arena *arena);
/* "a whole number, 1 to 512" */
const char *field_value_text(const struct field *field, struct arena *arena);
/* The summary with what restricts it. */
const char *field_summary(const struct field *field, struct arena *arena);
/* "required", or the default as the file would have it, or "". */
const char *field_default_text(const struct field *field);
/* "live", "restart"… */
const char *field_change_name(const struct field *field);
/* True when some key of the table costs something to change: only then is it said of each. */
bool schema_has_changes(const struct schema *schema);
/* The row that says which words the value can be: itself, or that of the key which a scalar
 * stands for. NULL when it is no choice. */
const struct field *field_choice(const struct field *field);
/* True for a table that something shorter than a mapping may stand for; false for NULL. */
bool schema_has_short_form(const struct schema *schema);

#endif
