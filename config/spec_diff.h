/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the file changed since it was last applied: two specs (schema_dump) compared key by key,
 * as deep as the tables go. A key that a spec leaves out is the same as its default.
 */
#ifndef CONFIG_SPEC_DIFF_H
#define CONFIG_SPEC_DIFF_H

#include "config/schema/schema.h"

struct spec_change {
    /* "cpus.mode"; an item of a list whose items have a `name`, or of a mapping of names:
     * "disks.data.cache". A key with a short form is named without the key that this stands
     * for: "cpus" for cpus.count. */
    const char *path;
    const struct field *field; /* the row of the last key */
    /* What the change costs: the row's word; where the row says nothing (free), that of the
     * key that it is in; and whatever is below a key that costs a new guest costs that. */
    enum field_change cost;
    const json_t *from, *to; /* NULL: not given */
};

/* Calls `visit` for each difference, in the order of the tables. Either spec may be NULL. */
void spec_diff(const struct schema *schema, const json_t *from, const json_t *to,
               void (*visit)(void *user, const struct spec_change *change), void *user);

#endif
