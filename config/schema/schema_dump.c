/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "config/schema/schema_types.h"
#include "util/ip6.h"
#include "util/size.h"

static json_t *dump_text(const char *text)
{
    return text ? json_string(text) : NULL;
}

const char *schema_duration_exact(uint64_t ms, char out[SIZE_TEXT])
{
    static const struct {
        uint64_t factor;
        const char *name;
    } units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    size_t i = 0;

    while (ms == 0 ? units[i].factor != 1000 : ms % units[i].factor != 0)
        i++;
    snprintf(out, SIZE_TEXT, "%" PRIu64 "%s", ms / units[i].factor, units[i].name);
    return out;
}

static json_t *dump_mac(const struct mac *mac)
{
    const struct mac zero = {0};
    char text[MAC_TEXT];

    return memcmp(mac, &zero, sizeof zero) ? json_string(mac_format(*mac, text)) : NULL;
}

static json_t *dump_ip6(enum field_type type, const void *value)
{
    const struct ip6 *address = value; /* what a struct cidr6 begins with */
    char text[CIDR6_TEXT];

    if (!ip6_is_set(*address))
        return NULL;
    return json_string(type == FIELD_IP6 ? ip6_format(*address, text)
                                         : cidr6_format(*(const struct cidr6 *)value, text));
}

static bool has_default(const struct field *field)
{
    return field->default_text && !(field->flags & FIELD_NOTE);
}

/* Numbers that were not given are 0 and have no default. */
static json_t *dump_number(const struct field *field, const void *value)
{
    char text[SIZE_TEXT];
    uint64_t size;

    if (field->type == FIELD_INTEGER) {
        long long number = *(const long long *)value;

        return number || has_default(field) ? json_integer(number) : NULL;
    }
    size = *(const uint64_t *)value;
    if (!size && !has_default(field))
        return NULL;
    return field->type == FIELD_SIZE ? json_string(size_format_exact(size, text))
                                     : json_string(schema_duration_exact(size, text));
}

json_t *schema_type_dump(const struct field *field, const void *value)
{
    char text[CIDR_TEXT];

    switch (field->type) {
    case FIELD_STRING:
    case FIELD_NAME:
    case FIELD_PATH:
        return dump_text(*(const char *const *)value);
    case FIELD_CPUSET:
        return dump_text(*(const char *const *)value);
    case FIELD_BOOL:
        return *(const bool *)value || has_default(field) ? json_boolean(*(const bool *)value)
                                                          : NULL;
    case FIELD_SWITCH:
        return *(const int *)value ? json_boolean(*(const int *)value == SWITCH_ON) : NULL;
    case FIELD_ENUM:
        return *(const int *)value || has_default(field)
                   ? json_string(field->words[*(const int *)value])
                   : NULL;
    case FIELD_IP4:
        return *(const uint32_t *)value
                   ? json_string(ip4_format(*(const uint32_t *)value, text))
                   : NULL;
    case FIELD_CIDR:
        return ((const struct cidr *)value)->prefix
                   ? json_string(cidr_format(*(const struct cidr *)value, text))
                   : NULL;
    case FIELD_IP6:
    case FIELD_CIDR6:
        return dump_ip6(field->type, value);
    case FIELD_MAC:
        return dump_mac(value);
    default:
        return dump_number(field, value);
    }
}

static json_t *dump_strings(const struct string_list *list)
{
    json_t *array;

    if (list->count == 0)
        return NULL;
    array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static json_t *dump_labels(const struct label_list *list)
{
    json_t *object;

    if (list->count == 0)
        return NULL;
    object = json_object();
    for (size_t i = 0; i < list->count; i++)
        json_object_set_new(object, list->items[i].name, json_string(list->items[i].value));
    return object;
}

static const char *key_of(const struct schema *schema, const void *item)
{
    schema_each (schema, field) {
        if (field->flags & FIELD_KEY)
            return *(const char *const *)((const char *)item + field->offset);
    }
    return NULL;
}

/* Short where that says all. */
static json_t *dump_item(const struct schema *schema, const void *value)
{
    json_t *object = schema_dump(schema, value);
    json_t *scalar = schema->scalar_key ? json_object_get(object, schema->scalar_key) : NULL;

    if (!scalar || json_object_size(object) > 1)
        return object;
    json_incref(scalar);
    json_decref(object);
    return scalar;
}

static json_t *dump_struct(const struct field *field, const void *value)
{
    json_t *result = dump_item(field->schema, value);

    if (!json_is_object(result) || json_object_size(result) > 0)
        return result;
    json_decref(result);
    return NULL;
}

static json_t *dump_list(const struct field *field, const struct list *list)
{
    json_t *result;

    if (list->count == 0)
        return NULL;
    result = field->type == FIELD_MAP ? json_object() : json_array();
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * field->schema->size;
        const char *key = key_of(field->schema, item);

        if (field->type == FIELD_LIST)
            json_array_append_new(result, dump_item(field->schema, item));
        else if (key)
            json_object_set_new(result, key, dump_item(field->schema, item));
    }
    return result;
}

static json_t *dump_field(const struct field *field, const void *value)
{
    switch (field->type) {
    case FIELD_STRINGS:
        return dump_strings(value);
    case FIELD_LABELS:
        return dump_labels(value);
    case FIELD_STRUCT:
        return dump_struct(field, value);
    case FIELD_LIST:
    case FIELD_MAP:
        return dump_list(field, value);
    case FIELD_TREE:
        return *(json_t *const *)value ? json_incref(*(json_t *const *)value) : NULL;
    case FIELD_CUSTOM:
        return field->dump ? field->dump(value) : NULL;
    default:
        return schema_type_dump(field, value);
    }
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp((*(const struct field *const *)a)->key,
                  (*(const struct field *const *)b)->key);
}

json_t *schema_dump(const struct schema *schema, const void *target)
{
    auto_free const struct field **fields = NULL;
    json_t *object = json_object();
    size_t count = 0;

    schema_each (schema, field)
        vector_push(fields, count, field);
    qsort(fields, count, sizeof *fields, compare_keys);
    for (size_t i = 0; i < count; i++) {
        json_t *value;

        if (fields[i]->flags & (FIELD_NO_SPEC | FIELD_KEY | FIELD_DEFERRED))
            continue;
        value = dump_field(fields[i], (const char *)target + fields[i]->offset);
        if (value)
            json_object_set_new(object, fields[i]->key, value);
    }
    return object;
}
