/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Schema of single values. */
#include <string.h>

#include "config/describe/json_schema.h"
#include "config/schema/schema_types.h"

#define OCTET "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#define ADDRESS "(" OCTET "\\.){3}" OCTET
/* Of what it is made: the groups are counted when the file is read. */
#define ADDRESS6 "[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(" ADDRESS ")?"
#define NAME "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
#define NUMBER "(0|[1-9][0-9]*)(\\.[0-9]+)?"
#define RANGE "\\s*\\^?\\s*[0-9]+\\s*(-\\s*[0-9]+\\s*)?"
/* No text has them, in a character class. */
#define CONTROLS "\\u0000-\\u0008\\u007f"
#define EXPRESSION "\\$\\{[^}]*\\}"
/* What is put together when the file is read cannot be looked at before. */
#define OR_EXPRESSION "|" EXPRESSION

/* `types` as YAML sees what is not in quotes: 12 is a number, also where a text is wanted. */
static json_t *scalar(const char *types, const char *pattern)
{
    auto_free char *copy = xstrdup(types);
    char *rest = copy, *type;
    json_t *list = json_array();

    while ((type = strsep(&rest, " ")))
        json_array_append_new(list, json_string(type));
    if (json_array_size(list) == 1) {
        json_decref(list);
        list = json_string(types);
    }
    return json_pack("{s:o, s:s*}", "type", list, "pattern", pattern);
}

/* A word that an editor would see as true or 1 may stand there in quotes or without. */
static void add_word(json_t *choice, const char *word, const char *note)
{
    json_t *words = json_object_get(choice, "enum");
    json_t *notes = json_object_get(choice, "enumDescriptions");
    json_t *plain = json_schema_example(&(struct field){.key = "word"}, word);

    json_array_append_new(words, json_string(word));
    json_array_append_new(notes, json_string(note ? note : ""));
    if (!json_is_string(plain)) {
        json_array_append(words, plain);
        json_array_append_new(notes, json_string(note ? note : ""));
    }
    json_decref(plain);
}

static json_t *choice(const struct field *field)
{
    json_t *words = json_pack("{s:[], s:[]}", "enum", "enumDescriptions");

    for (size_t i = 0; field->words[i]; i++)
        add_word(words, field->words[i], field->notes ? field->notes[i] : NULL);
    return json_pack("{s:[o, {s:s}]}", "anyOf", words, "$ref", "#/$defs/value-expression");
}

static json_t *integer(const struct field *field)
{
    json_t *schema = scalar("integer string", "^-?(0|[1-9][0-9]*)$" OR_EXPRESSION);

    if (field->min != 0 || field->max != 0) {
        json_object_set_new(schema, "minimum", json_integer(field->min));
        json_object_set_new(schema, "maximum", json_integer(field->max));
    }
    return schema;
}

/* Where free text stands it may be `true`; elsewhere editors would offer that word. */
static json_t *text(const struct field *field)
{
    json_t *schema;

    if (field->flags & FIELD_ANY)
        schema = scalar("string number boolean", NULL);
    else if (field->flags & FIELD_TEXT)
        schema =
            scalar("string number boolean", "^[^" CONTROLS "\\u000b\\u000c\\u000e-\\u001f]*$");
    else
        schema = scalar("string number", "^[^" CONTROLS "\\u000a-\\u001f]+$");
    if (field->max && !(field->flags & FIELD_ANY))
        json_object_set_new(schema, "maxLength", json_integer(field->max));
    return schema;
}

static json_t *texts(const struct field *field)
{
    json_t *item = text(field);

    json_object_set_new(item, "minLength", json_integer(1));
    return json_pack("{s:s, s:o}", "type", "array", "items", item);
}

static json_t *labels(void)
{
    return json_pack("{s:s, s:i, s:{s:s}, s:{s:[s, s, s], s:i}}", "type", "object",
                     "maxProperties", 64, "propertyNames", "pattern", "^[A-Za-z0-9._/-]{1,63}$",
                     "additionalProperties", "type", "string", "number", "boolean", "maxLength",
                     1024);
}

static json_t *name(void)
{
    json_t *schema = scalar("string integer", NAME OR_EXPRESSION);

    json_object_set_new(schema, "minimum", json_integer(0));
    return schema;
}

static json_t *cpuset(void)
{
    json_t *schema = scalar("string integer", "^" RANGE "(," RANGE ")*$" OR_EXPRESSION);

    json_object_set_new(schema, "minimum", json_integer(0));
    json_object_set_new(schema, "maximum", json_integer(4095));
    return schema;
}

static json_t *by_type(const struct field *field)
{
    switch (field->type) {
    case FIELD_NAME:
        return name();
    case FIELD_BOOL:
    case FIELD_SWITCH:
        return scalar("boolean string",
                      "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$" OR_EXPRESSION);
    case FIELD_INTEGER:
        return integer(field);
    case FIELD_SIZE:
        return scalar("string", "^" NUMBER "([BKMGT]|[KMGT]iB)$" OR_EXPRESSION);
    case FIELD_DURATION:
        return scalar("string", "^" NUMBER "(ms|s|m|h)$" OR_EXPRESSION);
    case FIELD_ENUM:
        return choice(field);
    case FIELD_IP4:
        return scalar("string", "^" ADDRESS "$" OR_EXPRESSION);
    case FIELD_CIDR:
        return scalar("string", "^" ADDRESS "/(3[0-2]|[12]?[0-9])$" OR_EXPRESSION);
    case FIELD_IP6:
        return scalar("string", "^" ADDRESS6 "$" OR_EXPRESSION);
    case FIELD_CIDR6:
        return scalar("string",
                      "^" ADDRESS6 "/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$" OR_EXPRESSION);
    case FIELD_MAC:
        return scalar("string", "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$" OR_EXPRESSION);
    case FIELD_CPUSET:
        return cpuset();
    case FIELD_STRINGS:
        return texts(field);
    case FIELD_LABELS:
        return labels();
    case FIELD_TREE:
        return scalar("object", NULL);
    case FIELD_CUSTOM:
        return json_object();
    default:
        return text(field);
    }
}

/* Editors show this instead of the pattern. */
static void explain_errors(json_t *schema, const struct field *field)
{
    auto_arena struct arena *arena = arena_new();
    auto_free char *text = xasprintf("must be %s", field_value_text(field, arena));

    if (json_object_get(schema, "pattern"))
        json_object_set_new(schema, "errorMessage", json_string(text));
}

/* A pattern in a row is of what is no expression. */
json_t *json_schema_value(const struct field *field)
{
    json_t *schema = by_type(field), *more;
    const char *pattern;

    explain_errors(schema, field);
    if (!field->json_schema)
        return schema;
    more = json_schema_parse(field->json_schema);
    pattern = json_string_value(json_object_get(more, "pattern"));
    if (pattern && !strstr(pattern, OR_EXPRESSION)) {
        auto_free char *full = xasprintf("%s%s", pattern, OR_EXPRESSION);

        json_object_set_new(more, "pattern", json_string(full));
    }
    json_object_update(schema, more);
    json_decref(more);
    return schema;
}

json_t *json_schema_names(const struct field *key)
{
    json_t *schema = json_schema_value(key);

    json_object_del(schema, "type");
    json_object_del(schema, "minimum");
    if (key->type == FIELD_NAME)
        json_object_set_new(schema, "pattern", json_string(NAME));
    return schema;
}

void json_schema_add_values(json_t *definitions)
{
    static const struct {
        const char *name;
        enum field_type type;
    } values[] = {
        {"value-name", FIELD_NAME},     {"value-text", FIELD_STRING},
        {"value-boolean", FIELD_BOOL},  {"value-integer", FIELD_INTEGER},
        {"value-size", FIELD_SIZE},     {"value-duration", FIELD_DURATION},
        {"value-address", FIELD_IP4},   {"value-subnet", FIELD_CIDR},
        {"value-address6", FIELD_IP6},  {"value-subnet6", FIELD_CIDR6},
        {"value-mac", FIELD_MAC},       {"value-cpuset", FIELD_CPUSET},
        {"value-texts", FIELD_STRINGS},
    };

    json_object_set_new(definitions, "value-expression", scalar("string", EXPRESSION));
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        const struct field field = {.type = values[i].type};

        json_object_set_new(definitions, values[i].name, json_schema_value(&field));
    }
}

static bool has_null(const json_t *types)
{
    json_t *type;
    size_t i;

    json_array_foreach (types, i, type) {
        if (!strcmp(json_string_value(type), "null"))
            return true;
    }
    return false;
}

json_t *json_schema_nullable(json_t *schema)
{
    json_t *types = json_object_get(schema, "type"), *any = json_object_get(schema, "anyOf");

    if (has_null(types))
        return schema;
    if (json_is_array(types))
        json_array_append_new(types, json_string("null"));
    else if (types)
        json_object_set_new(schema, "type", json_pack("[O, s]", types, "null"));
    else if (any)
        json_array_append_new(any, scalar("null", NULL));
    else if (json_object_size(schema) > 0)
        return json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
    return schema;
}
