/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema/schema.h"

#include <string.h>
#include <strings.h>

#include "config/finding.h"
#include "config/names.h"
#include "config/schema/schema_types.h"
#include "util/suggest.h"

const char *binder_folder(const struct binder *b, const struct position *at)
{
    const char *folder = b->folders && at->file ? names_find(b->folders, at->file) : NULL;

    return folder ? folder : b->folder;
}

void binder_report(struct binder *b, struct position at, const char *check, const char *hint,
                   const char *fmt, ...)
{
    auto_free char *message = NULL;
    va_list ap;

    if (b->quiet || finding_is_full(b->diagnostics))
        return;
    va_start(ap, fmt);
    message = xvasprintf(fmt, ap);
    va_end(ap);
    finding_error(b->diagnostics, at, check, hint, "%s", message);
}

static char *join_words(struct arena *arena, const char *const *words)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; words[i]; i++) {
        if (i > 0)
            buffer_puts(&out, words[i + 1] ? ", " : " or ");
        buffer_puts(&out, words[i]);
    }
    return arena_strdup(arena, out.data ? out.data : "");
}

/* "a whole number or a mapping" */
static const char *or_mapping(const struct schema *schema, struct arena *arena)
{
    if (!schema->scalar_key)
        return "a mapping";
    return arena_printf(arena, "%s or a mapping",
                        schema_type_text(schema_field(schema, schema->scalar_key), arena));
}

const char *schema_type_text(const struct field *field, struct arena *arena)
{
    static const char *const texts[] = {
        [FIELD_STRING] = "a text",
        [FIELD_NAME] = "a name",
        [FIELD_PATH] = "a path",
        [FIELD_BOOL] = "true or false",
        [FIELD_SWITCH] = "true or false",
        [FIELD_INTEGER] = "a whole number",
        [FIELD_SIZE] = "a size such as 4G",
        [FIELD_DURATION] = "a time such as 30s",
        [FIELD_IP4] = "an IPv4 address",
        [FIELD_CIDR] = "a subnet such as 10.20.0.0/24",
        [FIELD_IP6] = "an IPv6 address",
        [FIELD_CIDR6] = "a subnet such as fd00:21::/64",
        [FIELD_MAC] = "a MAC address",
        [FIELD_CPUSET] = "numbers and ranges such as 0-3,8",
        [FIELD_STRINGS] = "a list of texts",
        [FIELD_STRUCT] = "a mapping",
        [FIELD_LIST] = "a list",
        [FIELD_MAP] = "a mapping of names",
        [FIELD_LABELS] = "a mapping of names to texts",
        [FIELD_TREE] = "a mapping",
        [FIELD_CUSTOM] = "something else",
    };

    if (field->type_text)
        return field->type_text;
    if (field->type == FIELD_STRUCT && field->schema->scalar_key)
        return or_mapping(field->schema, arena);
    return field->type == FIELD_ENUM ? join_words(arena, field->words) : texts[field->type];
}

const struct field *schema_next(const struct schema *schema, const struct field *field)
{
    for (const struct schema *s = schema; s; s = s->rest) {
        if (!field && s->field_count)
            return s->fields;
        if (field >= s->fields && field < s->fields + s->field_count) {
            if (field + 1 < s->fields + s->field_count)
                return field + 1;
            field = NULL; /* the first of the next part */
        }
    }
    return NULL;
}

const struct field *schema_field(const struct schema *schema, const char *key)
{
    schema_each (schema, field) {
        if (!(field->flags & FIELD_KEY) && !strcmp(field->key, key))
            return field;
    }
    return NULL;
}

static const struct field *key_field(const struct schema *schema)
{
    schema_each (schema, field) {
        if (field->flags & FIELD_KEY)
            return field;
    }
    return NULL;
}

/* "node 'web'", "ssh", "a disk" */
static const char *describe(struct binder *b, const struct schema *schema,
                            const struct document_node *node)
{
    if (!*schema->name)
        return "the file";
    if (!node->key)
        return arena_printf(b->arena, "a %s", schema->name);
    if (!key_field(schema) || (b->partial && !strcmp(node->key, "defaults")))
        return node->key;
    return arena_printf(b->arena, "%s '%s'", schema->name, node->key);
}

static void report_no_value(struct binder *b, const struct field *field,
                            const struct document_node *node)
{
    const char *hint = NULL;

    if (field->type == FIELD_LIST || field->type == FIELD_STRINGS)
        hint = arena_printf(b->arena, "write '%s: []' for none, or remove the key", field->key);
    else if (field->example)
        hint = arena_printf(b->arena, "write '%s: %s', or remove the key", field->key,
                            field->example);
    binder_report(b, node->position, "type", hint, "%s has no value", field->key);
}

/* "a, b" is meant as two names, but as one command. */
static const char *list_hint(struct binder *b, const struct field *field, const char *text)
{
    const char *quoted = document_quote(b->arena, text);
    char *words = arena_strdup(b->arena, text);

    for (char *p = words; (p = strchr(p, ','));)
        *p = '_';
    if (quoted && !(field->flags & FIELD_TEXT) &&
        !strcmp(words, document_quote(b->arena, words)))
        quoted = text;
    return quoted ? arena_printf(b->arena, "write [%s]", quoted)
                  : "make it an item of a list: put '- ' in front, in a line of its own";
}

void schema_report_type(struct binder *b, const struct field *field,
                        const struct document_node *node)
{
    const char *hint = NULL;

    if (node->is_null) {
        report_no_value(b, field, node);
        return;
    }
    if (field->type == FIELD_STRINGS && node->kind == DOCUMENT_SCALAR)
        hint = list_hint(b, field, node->text);
    else if (field->example)
        hint = arena_printf(b->arena, "for example '%s: %s'", field->key, field->example);
    binder_report(b, node->position, "type", hint, "%s must be %s, not %s", field->key,
                  schema_type_text(field, b->arena), document_kind_name(node));
}

void schema_bind_key(struct binder *b, const struct schema *schema,
                     const struct document_node *node, void *target)
{
    const struct document_node at = {.position = node->key_position};
    struct field named = *key_field(schema);
    void *value = (char *)target + named.offset;

    named.key = schema->name;
    *(const char **)value = node->key;
    schema_type_parse(b, &named, &at, node->key, value);
}

void schema_bind_field(struct binder *b, const struct field *field,
                       const struct document_node *node, void *target)
{
    void *value = (char *)target + field->offset;

    if (field->type == FIELD_CUSTOM)
        field->parse(b, node, value);
    else if (node->is_null)
        schema_report_type(b, field, node);
    else if (field->type == FIELD_STRUCT)
        schema_bind(b, field->schema, node, value);
    else if (!schema_type_is_scalar(field->type))
        schema_bind_compound(b, field, node, value);
    else if (node->kind != DOCUMENT_SCALAR)
        schema_report_type(b, field, node);
    else
        schema_type_parse(b, field, node, node->text, value);
}

/* True when a list of words, parted by blanks, has the word. */
static bool has_word(const char *words, const char *word)
{
    size_t length;

    for (; words && *words; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        if (strlen(word) == length && !strncasecmp(words, word, length))
            return true;
    }
    return false;
}

/* Of a list or a mapping all to the line's end. */
static void hide(struct binder *b, const struct document_node *item)
{
    struct position at = item->position;

    if (item->kind != DOCUMENT_SCALAR)
        at.end_column = 0;
    diagnostics_secret(b->diagnostics, at);
}

/* Why there is no such key, where a table says so. */
static const char *refusal(const struct schema *schema, const char *key)
{
    for (const struct refusal *r = schema->refused; r && r->key; r++) {
        if (!strcmp(r->key, key))
            return r->why;
    }
    return NULL;
}

static void report_unknown(struct binder *b, const struct schema *schema,
                           const struct document_node *mapping,
                           const struct document_node *item)
{
    struct suggest near = suggest_start(item->key);
    auto_buffer struct buffer all = {0};
    const char *best = NULL;

    if (b->quiet || finding_is_full(b->diagnostics))
        return;
    schema_each (schema, field) {
        if (field->flags & FIELD_KEY)
            continue;
        if (has_word(field->also, item->key))
            best = field->key;
        suggest_offer(&near, field->key);
        buffer_printf(&all, "%s%s", all.length ? ", " : "", field->key);
    }
    best = best ? best : suggest_result(&near);
    if (best && (schema_field(schema, best)->flags & FIELD_SECRET))
        hide(b, item);
    binder_report(b, item->key_position, "unknown-key",
                  refusal(schema, item->key) ? refusal(schema, item->key)
                  : best ? arena_printf(b->arena, "did you mean '%s'?", best)
                         : arena_printf(b->arena, "the keys here are %s", all.data),
                  "unknown key '%s' in %s", item->key, describe(b, schema, mapping));
}

static void report_missing(struct binder *b, const struct schema *schema,
                           const struct document_node *node, const struct field *field)
{
    binder_report(b, node->key ? node->key_position : node->position, "required",
                  arena_printf(b->arena, "add '%s: %s'%s", field->key,
                               field->example ? field->example : "...",
                               schema->required_note ? schema->required_note : ""),
                  "%s has no '%s'", describe(b, schema, node), field->key);
}

/* Also those of a mapping that is not in the file. */
static void apply_defaults(struct binder *b, const struct schema *schema,
                           const struct document_node *node, void *target)
{
    schema_each (schema, field) {
        if (field->type == FIELD_STRUCT && !(field->flags & FIELD_DEFERRED))
            apply_defaults(b, field->schema, node, (char *)target + field->offset);
        if (field->default_text && !(field->flags & FIELD_NOTE) &&
            schema_type_is_scalar(field->type))
            schema_type_parse(b, field, node, field->default_text,
                              (char *)target + field->offset);
    }
}

static void bind_items(struct binder *b, const struct schema *schema,
                       const struct document_node *node, void *target)
{
    const struct document_node *item;

    document_each (node, i, item) {
        const struct field *field = schema_field(schema, item->key);
        bool outer_quiet = b->quiet, outer_partial = b->partial;

        b->quiet = outer_quiet || item->origin;
        if (!field)
            report_unknown(b, schema, node, item);
        if (field && (field->flags & FIELD_SECRET))
            hide(b, item);
        b->partial = false; /* a disk in `defaults` needs all that a disk needs */
        if (field && !(field->flags & FIELD_DEFERRED))
            schema_bind_field(b, field, item, target);
        b->quiet = outer_quiet;
        b->partial = outer_partial;
    }
}

/* `cpus: 2`: what is named in messages is what the file has. */
static bool bind_scalar(struct binder *b, const struct schema *schema,
                        const struct document_node *node, void *target)
{
    struct field field;

    if (!schema->scalar_key || node->kind != DOCUMENT_SCALAR || node->is_null)
        return false;
    field = *schema_field(schema, schema->scalar_key);
    if (node->key)
        field.key = key_field(schema) ? describe(b, schema, node) : node->key;
    schema_bind_field(b, &field, node, target);
    return true;
}

void schema_bind(struct binder *b, const struct schema *schema,
                 const struct document_node *node, void *target)
{
    if (schema->source_offset != SCHEMA_NO_SOURCE)
        *(const struct document_node **)((char *)target + schema->source_offset) = node;
    apply_defaults(b, schema, node, target);
    if (schema->short_form && schema->short_form(b, node, target))
        return;
    if (bind_scalar(b, schema, node, target))
        return;
    if (node->kind != DOCUMENT_MAPPING && !node->is_null) {
        binder_report(b, node->position, "type", schema->short_form_text,
                      "%s must be %s, not %s", describe(b, schema, node),
                      or_mapping(schema, b->arena), document_kind_name(node));
        return;
    }
    if (node->kind == DOCUMENT_MAPPING)
        bind_items(b, schema, node, target);
    schema_each (schema, field) {
        if (!b->partial && (field->flags & FIELD_REQUIRED) && !document_get(node, field->key))
            report_missing(b, schema, node, field);
    }
}
