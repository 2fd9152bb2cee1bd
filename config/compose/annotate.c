/* SPDX-License-Identifier: Apache-2.0 */
/* Findings in what several nodes share: where that is, and whom it concerns. A position says
 * which part of the file a finding stands in, as every value and key has one of its own. */
#include <string.h>

#include "config/compose/compose.h"

/* What is known of a position. */
struct place {
    bool is_shared;                /* in defaults, or in the */
    const struct profile *profile; /* one that it is in */
    const char *note;              /* where its variables come from, or NULL */
    bool failed;                   /* they could not be put in */
};

struct places {
    struct loader *l;
    struct names at; /* struct place by "FILE:LINE:COLUMN" */
};

static const char *key_of(struct arena *arena, const struct position *at)
{
    return arena_printf(arena, "%s:%d:%d", at->file ? at->file : "", at->line, at->column);
}

static void add_position(struct places *places, struct position at, struct place *place)
{
    names_add(&places->at, key_of(places->l->arena, &at), place);
}

/* Each reference in a text may have had a finding of its own. */
static void add_scalar(struct places *places, const struct document_node *node,
                       struct place *place)
{
    struct position at = node->position;

    if (node->note || node->failed) {
        struct place own = *place;

        place = arena_alloc(places->l->arena, sizeof *place);
        *place = own;
        place->note = node->note;
        place->failed = node->failed;
    }
    add_position(places, node->position, place);
    for (const char *p = node->failed ? strchr(node->text, '$') : NULL; p;
         p = strchr(p + 1, '$')) {
        at.column = node->position.column + (int)(p - node->text) + node->quoted;
        add_position(places, at, place);
    }
}

/* `all`: also values that nothing is known of but what `place` says. */
static void add_tree(struct places *places, const struct document_node *node,
                     struct place *place, bool all)
{
    const struct document_node *item;

    if (node->kind == DOCUMENT_SCALAR && (all || node->note || node->failed))
        add_scalar(places, node, place);
    else if (all)
        add_position(places, node->position, place);
    if (node->key && all)
        add_position(places, node->key_position, place);
    document_each (node, i, item)
        add_tree(places, item, place, all);
}

static void add_part(struct places *places, const struct document_node *tree,
                     const struct profile *profile, bool is_shared)
{
    struct place *place = arena_alloc(places->l->arena, sizeof *place);

    place->profile = profile;
    place->is_shared = is_shared;
    add_tree(places, tree, place, is_shared);
}

/* Names that are told, and how many there are. */
struct told {
    const char *const *names;
    size_t count;
};

static void append_names(struct buffer *out, const struct told *told, const char *comma)
{
    size_t shown = told->count < DIAGNOSTIC_SUBJECTS ? told->count : DIAGNOSTIC_SUBJECTS;

    buffer_printf(out, "%sfor node%s ", comma, told->count == 1 ? "" : "s");
    for (size_t i = 0; i < shown; i++)
        buffer_printf(out, "%s'%s'",
                      i == 0                 ? ""
                      : i + 1 == told->count ? " and "
                                             : ", ",
                      told->names[i]);
    if (told->count > shown)
        buffer_printf(out, " and %zu more", told->count - shown);
}

/* Messages may name the place themselves: "unknown key 'x' in profile 'big'". */
static void append_part(struct loader *l, size_t i, const struct place *place,
                        struct buffer *out)
{
    const struct profile *profile = place->profile;
    const char *name =
        profile ? arena_printf(l->arena, "profile '%s'", profile->name) : "defaults";
    const struct diagnostic *item = &l->d->items[i];
    bool says_place = strstr(item->message, name) != NULL;
    struct told told = {item->subjects, item->subject_count};

    if (profile && told.count == 0)
        told = (struct told){profile->users, profile->user_count};
    if (!says_place)
        buffer_printf(out, "in %s", name);
    if (profile && told.count == 0)
        buffer_printf(out, "%swhich no node takes", says_place ? "" : ", ");
    else if (told.count > 0)
        append_names(out, &told, says_place ? "" : ", ");
}

static void remark(struct loader *l, size_t i, const struct place *place)
{
    auto_buffer struct buffer out = {0};

    if (place->is_shared)
        append_part(l, i, place, &out);
    if (place->note)
        buffer_printf(&out, "%s%s", out.length ? "; " : "", place->note);
    if (out.length)
        diagnostic_remark(&l->d->items[i], out.data);
}

static void index_places(struct places *places)
{
    struct loader *l = places->l;
    const struct document_node *defaults = document_get(l->root, "defaults");

    for (size_t i = 0; i < l->profile_count; i++)
        add_part(places, l->profiles[i].source, &l->profiles[i], true);
    if (defaults)
        add_part(places, defaults, NULL, true);
    add_part(places, l->root, NULL, false);
}

void annotate_findings(struct loader *l)
{
    struct places places = {.l = l};
    size_t composed = l->composed;

    if (l->d->count == 0)
        return;
    index_places(&places);
    for (size_t i = 0; i < l->d->count; i++) {
        const struct place *place =
            names_find(&places.at, key_of(l->arena, &l->d->items[i].position));

        if (place && place->failed && i >= composed)
            diagnostics_remove(l->d, i--);
        else if (place)
            remark(l, i, place);
    }
    names_done(&places.at);
}
