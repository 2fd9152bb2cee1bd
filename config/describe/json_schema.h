/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file as JSON Schema (draft 2020-12), for editors. It takes every file that virtopo takes,
 * and refuses what can be seen without knowing the rest of the file: unknown keys, wrong types,
 * words, units, addresses, limits of numbers. Texts and numbers are as YAML's core schema has
 * them; where a scalar may stand, so may one with ${a variable} in it.
 *
 * Only words that older drafts have too are used: editors know those. A `$ref` has no
 * assertions beside it, as these ignored them.
 *
 * Below "$defs" there is one definition a table, called as `schema.name` with '-' for blanks,
 * and value-name, value-address, value-size… for the `json_schema` and `short_form_schema`
 * texts of the tables. A table with a short form has its keys in NAME-keys.
 */
#ifndef CONFIG_JSON_SCHEMA_H
#define CONFIG_JSON_SCHEMA_H

#include "config/describe/place.h"

/* The whole schema; `is_part`: of a file that others include, which must have nothing. New
 * reference. */
json_t *json_schema(bool is_part);

/* Of a value without a table of its own, by its type and its row. New reference. */
json_t *json_schema_value(const struct field *field);
/* The same for a mapping's keys, as "propertyNames". New reference. */
json_t *json_schema_names(const struct field *key);
/* Adds value-name and its like. */
void json_schema_add_values(json_t *definitions);
/* The JSON Schema that a table has as YAML. New reference. */
json_t *json_schema_parse(const char *yaml);
/* Takes null too. Takes the reference; returns one. */
json_t *json_schema_nullable(json_t *schema);
/* The text of a row's example or default as JSON, typed as in the file. New reference. */
json_t *json_schema_example(const struct field *field, const char *text);
/* Adds what an editor shows for the key: description, default, example. Takes the reference;
 * returns one. */
json_t *json_schema_describe(const struct place *place, json_t *schema);

#endif
