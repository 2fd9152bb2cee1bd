/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in the file's form as a person would write it. */
#ifndef CONFIG_SCHEMA_TIDY_H
#define CONFIG_SCHEMA_TIDY_H

#include "config/schema/schema.h"

/* The same with keys in the table's order, what is the default anyway left out, and short forms
 * where they say all. Keys that the table does not have stay, behind the others. Takes the
 * reference and gives a new one. */
json_t *schema_tidy(const struct schema *schema, json_t *value);

#endif
