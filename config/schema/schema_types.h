/* SPDX-License-Identifier: Apache-2.0 */
/* The types of schema tables: text or tree in, C value out, and back. */
#ifndef CONFIG_SCHEMA_TYPES_H
#define CONFIG_SCHEMA_TYPES_H

#include "config/schema/schema.h"
#include "util/size.h"

/* True for types whose value is one scalar. */
bool schema_type_is_scalar(enum field_type type);
/* Parses `text` into the field at `value`; findings go to where `node` stands. */
void schema_type_parse(struct binder *b, const struct field *field,
                       const struct document_node *node, const char *text, void *value);
/* The types whose value is a list or a mapping, but for STRUCT and CUSTOM. */
void schema_bind_compound(struct binder *b, const struct field *field,
                          const struct document_node *node, void *value);
/* The value has the wrong shape for its row. */
void schema_report_type(struct binder *b, const struct field *field,
                        const struct document_node *node);
/* The value as JSON (new reference), or NULL when it is not given. */
json_t *schema_type_dump(const struct field *field, const void *value);
/* [a-z0-9]([a-z0-9-]*[a-z0-9])? of at most `longest` characters. */
bool schema_is_name(const char *text, size_t longest);
/* What of `text` cannot stand in a name, replaced. NULL when nothing good comes out. */
const char *schema_nearest_name(struct arena *arena, const char *text, size_t longest);
/* As the file has it: "90s", "2m". duration_parse gives the same value back. */
const char *schema_duration_exact(uint64_t ms, char out[SIZE_TEXT]);
/* True when no control character is in it, but for tabs and (`lines`) line ends. */
bool schema_is_clean(const char *text, bool lines);

#endif
