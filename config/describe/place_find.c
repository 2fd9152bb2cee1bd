/* SPDX-License-Identifier: Apache-2.0 */
/* From what a user typed to the key that is meant. */
#include "config/describe/place.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "util/suggest.h"

#define MOST_WORDS 16

struct search {
    const struct place_list *all;
    struct arena *arena;
    const char *typed;
    const char *words[MOST_WORDS];
    size_t count;
    /* The word that no table had, as far as the best try came, and the key it was looked for
     * below (NULL: at the top). */
    size_t failed_at;
    const struct place *failed_below;
    bool failed;
};

/* "disks[0].bus" is disks, bus. False when a word is empty or there are too many. */
static bool split(struct search *s)
{
    char *text = arena_strdup(s->arena, s->typed), *rest = text, *word;

    while ((word = strsep(&rest, "."))) {
        word[strcspn(word, "[")] = '\0';
        if (!*word || s->count == MOST_WORDS)
            return false;
        s->words[s->count++] = word;
    }
    return true;
}

/* network and networks, proxy and proxies: the same but for the number. */
static bool differs_in_number(const char *a, const char *b)
{
    size_t x = strlen(a), y = strlen(b);

    if (x > y)
        return differs_in_number(b, a);
    if (y == x + 1)
        return !strncasecmp(a, b, x) && b[x] == 's';
    return x > 1 && y == x + 2 && !strncasecmp(a, b, x - 1) && a[x - 1] == 'y' &&
           !strcmp(b + x - 1, "ies");
}

enum likeness { EXACT, OTHER_NUMBER, LIKENESS_COUNT };

static bool is_like(const char *key, const char *word, enum likeness likeness)
{
    return likeness == EXACT ? !strcasecmp(key, word) : differs_in_number(key, word);
}

static bool has_keys(const struct place *place)
{
    return !place || place->field->schema;
}

/* The farthest try counts; of two, one that came to a place where there are keys. */
static void remember_failure(struct search *s, const struct place *below, size_t at)
{
    if (s->failed && (at < s->failed_at ||
                      (at == s->failed_at && (has_keys(s->failed_below) || !has_keys(below)))))
        return;
    s->failed = true;
    s->failed_at = at;
    s->failed_below = below;
}

static const struct place *near_place(const struct search *s, const struct place *below,
                                      const char *word);
static const struct place *search_below(struct search *s, const struct place *below, size_t at);

/* The keys right below `below`, and what is below those. */
static const struct place *search_keys(struct search *s, const struct place *below, size_t at,
                                       enum likeness likeness)
{
    const struct place *place, *found;

    place_each (s->all, place) {
        if (place->parent != below || !is_like(place->field->key, s->words[at], likeness))
            continue;
        found = at + 1 == s->count ? place : search_below(s, place, at + 1);
        if (found)
            return found;
    }
    return NULL;
}

/* What stands for an item of a mapping or a list: NAME, *, 0. */
static bool is_item(const struct place *place, const char *word)
{
    if (!strcmp(word, "NAME") || !strcmp(word, "*"))
        return true;
    return place->field->type == FIELD_LIST && strspn(word, "0123456789") == strlen(word);
}

static const struct place *search_below(struct search *s, const struct place *below, size_t at)
{
    const struct place *found = NULL, *near;
    bool has_items = below->field->type == FIELD_MAP || below->field->type == FIELD_LIST;

    if (has_items && is_item(below, s->words[at]))
        return at + 1 == s->count ? below : search_below(s, below, at + 1);
    for (int likeness = 0; likeness < LIKENESS_COUNT && !found; likeness++)
        found = search_keys(s, below, at, (enum likeness)likeness);
    if (found)
        return found;
    remember_failure(s, below, at);
    /* A name in nodes.web.cpus; but not one that is nearly a key with others below it. */
    near = near_place(s, below, s->words[at]);
    if (below->field->type == FIELD_MAP && at + 1 < s->count && !(near && near->field->schema))
        return search_below(s, below, at + 1);
    return NULL;
}

static const struct place *top_place(const struct search *s, const char *key)
{
    const struct place *place;

    place_each (s->all, place) {
        if (!place->parent && !strcmp(place->field->key, key))
            return place;
    }
    return NULL;
}

/* A node's keys may be named without `nodes`; a word that is a key goes before one that nearly
 * is. */
static const struct place *search_top(struct search *s, const struct place *nodes)
{
    const struct place *found = NULL;

    for (int likeness = 0; likeness < LIKENESS_COUNT && !found; likeness++) {
        found = search_keys(s, NULL, 0, (enum likeness)likeness);
        if (!found)
            found = search_keys(s, nodes, 0, (enum likeness)likeness);
    }
    if (!found)
        remember_failure(s, NULL, 0);
    return found;
}

/* What another tool calls it, else the nearest key there. */
static const struct place *near_place(const struct search *s, const struct place *below,
                                      const char *word)
{
    struct suggest near = suggest_start(word);
    const struct place *place, *best = NULL;
    const char *padded = arena_printf(s->arena, " %s ", word);

    place_each (s->all, place) {
        const char *before = suggest_result(&near);

        if (place->parent != below)
            continue;
        if (place->field->also &&
            strcasestr(arena_printf(s->arena, " %s ", place->field->also), padded))
            return place;
        suggest_offer(&near, place->field->key);
        if (suggest_result(&near) != before)
            best = place;
    }
    return best;
}

static const char *near_key(const struct search *s, const struct place *below, const char *word)
{
    const struct place *place = near_place(s, below, word);

    return place ? place->key : NULL;
}

/* Where else a key of that name stands. */
static const char *same_key(const struct search *s, const char *word)
{
    const struct place *place, *best = NULL;

    place_each (s->all, place) {
        bool is_node = !strncmp(place->key, "nodes.", strlen("nodes."));

        if (!strcasecmp(place->field->key, word) &&
            (!best || (is_node && strncmp(best->key, "nodes.", strlen("nodes.")))))
            best = place;
    }
    return best ? best->key : NULL;
}

static const char *keys_below(const struct search *s, const struct place *below)
{
    auto_buffer struct buffer keys = {0};
    const struct place *place;

    place_each (s->all, place) {
        if (place->parent == below)
            buffer_printf(&keys, "%s%s", keys.length ? ", " : "", place->field->key);
    }
    return keys.length ? arena_strdup(s->arena, keys.data) : NULL;
}

static int refuse(const struct search *s, const struct place *nodes, struct error **err)
{
    const struct place *below = s->failed_below;
    const char *word = s->words[s->failed_at];
    const char *keys = keys_below(s, below), *near;

    error_set(err, ERROR_USAGE, "there is no key '%s' %s%s", word,
              below ? "in " : "in the file", below ? below->inside : "");
    if (!keys)
        return error_hint(err, "%s is %s: there are no keys below it", below->key,
                          schema_type_text(below->field, s->arena));
    near = near_key(s, below, word);
    if (!near && !below)
        near = near_key(s, nodes, word);
    if (!near)
        near = same_key(s, word);
    if (near)
        return error_hint(err, "did you mean %s?", near);
    return error_hint(err, "the keys there are %s", keys);
}

int place_find(const struct place_list *all, const char *words, struct arena *arena,
               const struct place **ret, struct error **err)
{
    struct search s = {.all = all, .arena = arena, .typed = words};
    const struct place *nodes, *found;

    if (!split(&s)) {
        error_set(err, ERROR_USAGE, "'%s' is not the name of a key", words);
        return error_hint(err, "for example nodes.memory, or memory alone");
    }
    nodes = top_place(&s, "nodes");
    found = search_top(&s, nodes);
    if (!found)
        return refuse(&s, nodes, err);
    *ret = found;
    return 0;
}
