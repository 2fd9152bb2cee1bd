/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema/schema_types.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "util/file.h"
#include "util/size.h"
#include "util/cpuset.h"
#include "util/ip6.h"
#include "util/suggest.h"

#define NAME_LONGEST 63

bool schema_is_name(const char *text, size_t longest)
{
    size_t length = strlen(text);

    return length > 0 && length <= longest && text[0] != '-' && text[length - 1] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

const char *schema_nearest_name(struct arena *arena, const char *text, size_t longest)
{
    char *name = arena_strdup(arena, text);

    for (char *p = name; *p; p++) {
        if ((unsigned char)*p >= 0x80)
            return NULL;
        *p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '-';
    }
    return schema_is_name(name, longest) ? name : NULL;
}

bool schema_is_clean(const char *text, bool lines)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if ((*p < 0x20 && *p != '\t' && !(lines && (*p == '\n' || *p == '\r'))) || *p == 0x7f)
            return false;
        /* U+FFFE and U+FFFF cannot stand in XML. */
        if (p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe)
            return false;
    }
    return true;
}

static const char *example_of(struct binder *b, const struct field *field)
{
    return field->example
               ? arena_printf(b->arena, "for example '%s: %s'", field->key, field->example)
               : NULL;
}

/* "memory '12' has no unit": the parser's words start with the quoted value. */
static void report_error(struct binder *b, const struct field *field,
                         const struct document_node *node, const struct error *error)
{
    binder_report(b, node->position, "value", error->hint ? error->hint : example_of(b, field),
                  "%s %s", field->key, error->message);
}

/* libvirt takes 4 MiB of XML for a domain. */
static long long longest(const struct field *field)
{
    return field->max ? field->max : 64 << 10;
}

static void parse_string(struct binder *b, const struct field *field,
                         const struct document_node *node, const char *text, void *value)
{
    if (!(field->flags & FIELD_ANY) && !schema_is_clean(text, field->flags & FIELD_TEXT))
        binder_report(b, node->position, "text",
                      field->flags & FIELD_TEXT ? NULL : "write it in one line",
                      "%s has a control character in it", field->key);
    else if (!*text && !(field->flags & FIELD_TEXT))
        binder_report(b, node->position, "text", NULL, "%s is empty", field->key);
    else if (!(field->flags & FIELD_ANY) && (long long)strlen(text) > longest(field))
        binder_report(b, node->position, "text", NULL,
                      "%s has %zu characters, and %lld are the most", field->key, strlen(text),
                      longest(field));
    else
        *(const char **)value = text;
}

static void parse_name(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    bool is_plain = !strcmp(field->key, "name");
    const char *near;

    if (schema_is_name(text, NAME_LONGEST)) {
        *(const char **)value = text;
        return;
    }
    near = schema_nearest_name(b->arena, text, NAME_LONGEST);
    binder_report(b, node->position, "name",
                  near ? arena_printf(b->arena, "write %s", near)
                       : "a name has a-z, 0-9 and '-' in it, starts and ends with a letter or "
                         "digit, and has at most 63 characters",
                  "'%s' is not a valid %s%sname", text, is_plain ? "" : field->key,
                  is_plain ? "" : " ");
}

static void parse_path(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    auto_free char *path = NULL;

    if (!schema_is_clean(text, false) || !*text)
        parse_string(b, field, node, text, value);
    else if (path_resolve(binder_folder(b, &node->position), text, &path, &error) < 0)
        report_error(b, field, node, error);
    else
        *(const char **)value = arena_strdup(b->arena, path);
}

static void parse_bool(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    static const char *const yes[] = {"yes", "y", "on", "1", NULL};
    static const char *const no[] = {"no", "n", "off", "0", NULL};
    const char *hint = NULL;

    if (!strcasecmp(text, "true") || !strcasecmp(text, "false")) {
        *(bool *)value = tolower((unsigned char)*text) == 't';
        return;
    }
    for (size_t i = 0; yes[i]; i++) {
        if (!strcasecmp(text, yes[i]))
            hint = "write true";
    }
    for (size_t i = 0; no[i]; i++) {
        if (!strcasecmp(text, no[i]))
            hint = "write false";
    }
    binder_report(b, node->position, "type", hint ? hint : example_of(b, field),
                  "%s must be %s, not '%s'", field->key, schema_type_text(field, b->arena),
                  text);
}

static void parse_switch(struct binder *b, const struct field *field,
                         const struct document_node *node, const char *text, void *value)
{
    bool on = false;
    size_t before = b->diagnostics->errors;

    parse_bool(b, field, node, text, &on);
    if (b->diagnostics->errors == before)
        *(int *)value = on ? SWITCH_ON : SWITCH_OFF;
}

static void parse_cpuset(struct binder *b, const struct field *field,
                         const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    auto_free char *sorted = NULL;
    struct cpuset set;

    if (cpuset_parse(text, &set, &error) < 0) {
        report_error(b, field, node, error);
        return;
    }
    sorted = cpuset_format(&set);
    *(const char **)value = arena_strdup(b->arena, sorted);
}

static bool has_limits(const struct field *field)
{
    return field->min != 0 || field->max != 0;
}

static void parse_integer(struct binder *b, const struct field *field,
                          const struct document_node *node, const char *text, void *value)
{
    const char *digits = text + (*text == '-');
    long long number;
    char *end;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*digits) || *end) {
        binder_report(b, node->position, "type", field->type_text ? example_of(b, field) : NULL,
                      "%s must be %s, not '%s'", field->key, schema_type_text(field, b->arena),
                      text);
    } else if (errno || (has_limits(field) && (number < field->min || number > field->max))) {
        binder_report(b, node->position, "range", NULL, "%s must be %lld to %lld, not %s",
                      field->key, field->min, field->max, text);
    } else if (digits[0] == '0' && digits[1]) {
        binder_report(b, node->position, "value", arena_printf(b->arena, "write %lld", number),
                      "%s '%s' has a leading zero", field->key, text);
    } else {
        *(long long *)value = number;
    }
}

static void parse_size(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    char limit[SIZE_TEXT];
    uint64_t bytes;

    if (size_parse(text, &bytes, &error) < 0)
        report_error(b, field, node, error);
    else if (has_limits(field) && bytes < (uint64_t)field->min)
        binder_report(b, node->position, "range", NULL, "%s '%s' is less than %s", field->key,
                      text, size_format_exact((uint64_t)field->min, limit));
    else if (has_limits(field) && bytes > (uint64_t)field->max)
        binder_report(b, node->position, "range", NULL, "%s '%s' is more than %s", field->key,
                      text, size_format_exact((uint64_t)field->max, limit));
    else
        *(uint64_t *)value = bytes;
}

static void parse_duration(struct binder *b, const struct field *field,
                           const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    char first[SIZE_TEXT], last[SIZE_TEXT];
    uint64_t ms;

    if (duration_parse(text, &ms, &error) < 0)
        report_error(b, field, node, error);
    else if (has_limits(field) && (ms < (uint64_t)field->min || ms > (uint64_t)field->max))
        binder_report(b, node->position, "range", NULL, "%s must be %s to %s, not %s",
                      field->key, schema_duration_exact((uint64_t)field->min, first),
                      schema_duration_exact((uint64_t)field->max, last), text);
    else
        *(uint64_t *)value = ms;
}

static void parse_enum(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    const char *near;

    for (int i = 0; field->words[i]; i++) {
        if (!strcmp(field->words[i], text)) {
            *(int *)value = i;
            return;
        }
    }
    near = suggest_nearest(text, field->words);
    binder_report(b, node->position, "type",
                  near ? arena_printf(b->arena, "did you mean '%s'?", near) : NULL,
                  "%s must be %s, not '%s'", field->key, schema_type_text(field, b->arena),
                  text);
}

static void parse_ip4(struct binder *b, const struct field *field,
                      const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    uint32_t address;

    if (ip4_parse(text, &address, &error) < 0)
        report_error(b, field, node, error);
    else if (address == 0)
        binder_report(b, node->position, "value", NULL, "%s '%s' is no machine's address",
                      field->key, text);
    else
        *(uint32_t *)value = address;
}

static void parse_ip6(struct binder *b, const struct field *field,
                      const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    struct ip6 address;

    if (ip6_parse(text, &address, &error) < 0)
        report_error(b, field, node, error);
    else if (!ip6_is_set(address))
        binder_report(b, node->position, "value", NULL, "%s '%s' is no machine's address",
                      field->key, text);
    else
        *(struct ip6 *)value = address;
}

static void parse_cidr6(struct binder *b, const struct field *field,
                        const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    struct cidr6 cidr;

    if (cidr6_parse(text, &cidr, &error) < 0)
        report_error(b, field, node, error);
    else
        *(struct cidr6 *)value = cidr;
}

static void parse_cidr(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;

    if (cidr_parse(text, value, &error) < 0)
        report_error(b, field, node, error);
}

static void parse_mac(struct binder *b, const struct field *field,
                      const struct document_node *node, const char *text, void *value)
{
    auto_error struct error *error = NULL;
    const struct mac zero = {0};
    struct mac mac;

    if (mac_parse(text, &mac, &error) < 0)
        report_error(b, field, node, error);
    else if (!memcmp(&mac, &zero, sizeof mac))
        binder_report(b, node->position, "value", NULL, "%s '%s' is no machine's address",
                      field->key, text);
    else
        *(struct mac *)value = mac;
}

static void (*const parsers[])(struct binder *, const struct field *,
                               const struct document_node *, const char *, void *) = {
    [FIELD_STRING] = parse_string,     [FIELD_NAME] = parse_name,
    [FIELD_PATH] = parse_path,         [FIELD_BOOL] = parse_bool,
    [FIELD_INTEGER] = parse_integer,   [FIELD_SIZE] = parse_size,
    [FIELD_DURATION] = parse_duration, [FIELD_ENUM] = parse_enum,
    [FIELD_IP4] = parse_ip4,           [FIELD_CIDR] = parse_cidr,
    [FIELD_MAC] = parse_mac,           [FIELD_SWITCH] = parse_switch,
    [FIELD_CPUSET] = parse_cpuset,     [FIELD_IP6] = parse_ip6,
    [FIELD_CIDR6] = parse_cidr6,
};

bool schema_type_is_scalar(enum field_type type)
{
    return (size_t)type < ARRAY_SIZE(parsers) && parsers[type];
}

void schema_type_parse(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value)
{
    parsers[field->type](b, field, node, text, value);
}
