/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/compose/compose.h"
#include "config/schema/schema_types.h"
#include "util/suggest.h"

#define PROFILES_MAX 1000
#define PROFILES_OF_NODE 64

/* Profiles, each once, those under the others first. */
struct layers {
    struct profile *items[PROFILES_OF_NODE];
    size_t count;
    bool overflows;
};

/* The words of a `profile` key, a text or a list; what is neither has been reported. */
static size_t word_count(const struct document_node *value)
{
    if (!value || value->is_null || value->kind == DOCUMENT_MAPPING)
        return 0;
    return value->kind == DOCUMENT_SCALAR ? 1 : value->count;
}

static const struct document_node *word_at(const struct document_node *value, size_t i)
{
    return value->kind == DOCUMENT_SCALAR ? value : value->items[i];
}

static struct profile *find_profile(const struct loader *l, const struct document_node *word)
{
    return word->kind == DOCUMENT_SCALAR ? names_find(&l->profile_names, word->text) : NULL;
}

static const char *near_profile(struct loader *l, const char *word)
{
    struct list list = {.items = l->profiles, .count = l->profile_count};

    return loader_hint(l, word, &list, sizeof *l->profiles, "add it under 'profiles'");
}

static void check_words(struct loader *l, const struct document_node *mapping)
{
    const struct document_node *value = document_get(mapping, "profile");

    for (size_t i = 0; i < word_count(value); i++) {
        const struct document_node *word = word_at(value, i);

        if (word->kind == DOCUMENT_SCALAR && *word->text && !find_profile(l, word))
            finding_error(l->d, word->position, "unknown-profile", near_profile(l, word->text),
                          "unknown profile '%s'", word->text);
    }
}

static void report_circle(struct loader *l, struct profile **path, size_t depth,
                          const struct document_node *word)
{
    auto_buffer struct buffer names = {0};
    size_t from = 0;

    while (from < depth && strcmp(path[from]->name, word->text) != 0)
        from++;
    for (size_t i = from; i < depth; i++) {
        if (depth - from > 12 && i == from + 6) {
            buffer_printf(&names, "(%zu more) -> ", depth - from - 11);
            i = depth - 5;
        }
        buffer_printf(&names, "%s -> ", path[i]->name);
    }
    finding_error(l->d, word->position, "profile-cycle", "remove one of them",
                  "profiles take each other in a circle: %s%s", names.data, word->text);
}

/* PROFILES_MAX bounds the depth. */
static void check_circles(struct loader *l, struct profile *profile, struct profile **path,
                          size_t depth)
{
    const struct document_node *value = document_get(profile->source, "profile");

    profile->mark = PROFILE_OPEN;
    path[depth++] = profile;
    for (size_t i = 0; i < word_count(value); i++) {
        const struct document_node *word = word_at(value, i);
        struct profile *next = find_profile(l, word);

        if (next && next->mark == PROFILE_UNSEEN)
            check_circles(l, next, path, depth);
        else if (next && next->mark == PROFILE_OPEN)
            report_circle(l, path, depth, word);
    }
    profile->mark = PROFILE_CLOSED;
}

/* Bound for itself: nothing is required of it, as it need not be a whole node. */
static void bind_part(struct loader *l, const struct schema *schema,
                      const struct document_node *part)
{
    struct node *scratch = arena_alloc(l->arena, sizeof *scratch);

    l->binder.partial = true;
    schema_bind(&l->binder, schema, part, scratch);
    l->binder.partial = false;
    check_words(l, part);
}

static void bind_profile(struct loader *l, const struct document_node *source)
{
    struct schema schema = node_schema;
    struct node *scratch = arena_alloc(l->arena, sizeof *scratch);

    schema.name = "profile";
    schema.short_form_text = "for example 'big: { cpus: 8, memory: 16G }'";
    schema_bind_key(&l->binder, &schema, source, scratch);
    if (source->kind == DOCUMENT_MAPPING)
        source = merge_prune(l->arena, &schema, source, true);
    bind_part(l, &schema, source);
}

static bool read_profiles(struct loader *l, const struct document_node *profiles)
{
    const struct document_node *item;

    if (profiles->kind != DOCUMENT_MAPPING) {
        schema_report_type(&l->binder, schema_field(&cluster_schema, "profiles"), profiles);
        return false;
    }
    if (profiles->count > PROFILES_MAX) {
        finding_error(l->d, profiles->items[PROFILES_MAX]->key_position, "profile-limit",
                      "remove those that no node takes", "there are more than %d profiles",
                      PROFILES_MAX);
        return false;
    }
    l->profiles = arena_alloc(l->arena, (profiles->count + 1) * sizeof *l->profiles);
    l->profile_count = profiles->count;
    document_each (profiles, i, item) {
        l->profiles[i] = (struct profile){
            .name = item->key,
            .source = item,
            .origin = arena_printf(l->arena, "profiles.%s", item->key),
        };
        names_add(&l->profile_names, item->key, &l->profiles[i]);
    }
    return true;
}

static void bind_profiles(struct loader *l, const struct document_node *profiles)
{
    auto_free struct profile **path = xcalloc(PROFILES_MAX, sizeof(struct profile *));

    if (!read_profiles(l, profiles))
        return;
    for (size_t i = 0; i < l->profile_count; i++)
        bind_profile(l, l->profiles[i].source);
    for (size_t i = 0; i < l->profile_count; i++) {
        if (l->profiles[i].mark == PROFILE_UNSEEN)
            check_circles(l, &l->profiles[i], path, 0);
    }
}

void profiles_bind(struct loader *l)
{
    const struct document_node *profiles = document_get(l->root, "profiles");
    const struct document_node *defaults = document_get(l->root, "defaults");

    if (profiles)
        bind_profiles(l, profiles);
    if (defaults && defaults->kind == DOCUMENT_MAPPING)
        bind_part(l, &node_schema, defaults);
    else if (defaults)
        schema_report_type(&l->binder, schema_field(&cluster_schema, "defaults"), defaults);
}

/* A profile goes over those that it takes itself; one that comes up again stays where it is. */
static void add_layers(struct loader *l, const struct document_node *value,
                       struct layers *layers, size_t depth)
{
    for (size_t i = 0; i < word_count(value); i++) {
        struct profile *profile = find_profile(l, word_at(value, i));
        bool is_there = !profile || profile->mark == PROFILE_OPEN;

        for (size_t k = 0; k < layers->count && !is_there; k++)
            is_there = layers->items[k] == profile;
        if (is_there)
            continue;
        if (layers->count == PROFILES_OF_NODE || depth == PROFILES_OF_NODE) {
            layers->overflows = true;
            return;
        }
        profile->mark = PROFILE_OPEN;
        add_layers(l, document_get(profile->source, "profile"), layers, depth + 1);
        profile->mark = PROFILE_CLOSED;
        if (layers->count < PROFILES_OF_NODE)
            layers->items[layers->count++] = profile;
    }
}

/* What lies under nodes with these profiles, merged once for all of them. */
static const struct document_node *base_of(struct loader *l, const struct layers *layers)
{
    const struct document_node *defaults = document_get(l->root, "defaults");
    auto_buffer struct buffer key = {0};
    struct document_node *base, *empty;

    for (size_t i = 0; i < layers->count; i++)
        buffer_printf(&key, "%s\n", layers->items[i]->name);
    base = names_find(&l->bases, key.data ? key.data : "");
    if (base)
        return base;
    empty = arena_alloc(l->arena, sizeof *empty);
    empty->kind = DOCUMENT_MAPPING;
    base = empty;
    if (defaults && defaults->kind == DOCUMENT_MAPPING) {
        struct document_node named = *defaults;

        named.origin = "defaults";
        base = merge_mappings(l, &node_schema, empty, &named);
    }
    for (size_t i = 0; i < layers->count; i++) {
        struct document_node named = *layers->items[i]->source;

        named.origin = layers->items[i]->origin;
        if (named.kind == DOCUMENT_MAPPING)
            base = merge_mappings(l, &node_schema, base, &named);
    }
    names_add(&l->bases, arena_strdup(l->arena, key.data ? key.data : ""), base);
    return base;
}

static void note_users(const struct layers *layers, const struct document_node *node)
{
    for (size_t i = 0; i < layers->count; i++) {
        struct profile *profile = layers->items[i];

        if (profile->user_count < ARRAY_SIZE(profile->users))
            profile->users[profile->user_count] = node->key;
        profile->user_count++;
    }
}

const struct document_node *profiles_apply(struct loader *l, const struct document_node *node)
{
    const struct document_node *value = document_get(node, "profile");
    const struct document_node *defaults = document_get(l->root, "defaults");
    struct document_node empty = *node;
    struct layers layers = {0};

    if (node->is_null) {
        empty.kind = DOCUMENT_MAPPING;
        empty.is_null = false;
        node = &empty;
    }
    if (node->kind != DOCUMENT_MAPPING)
        return node;
    check_words(l, node);
    add_layers(l, value ? value : document_get(defaults, "profile"), &layers, 0);
    if (layers.overflows)
        finding_error(l->d, loader_position(node, "profile"), "profile-limit",
                      "put some of them together",
                      "node '%s' takes more than %d profiles, with those that they take",
                      node->key, PROFILES_OF_NODE);
    note_users(&layers, node);
    return merge_prune(l->arena, &node_schema,
                       merge_mappings(l, &node_schema, base_of(l, &layers), node), false);
}
