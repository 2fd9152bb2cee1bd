/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a text as YAML, in words for people. */
#ifndef CONFIG_SYNTAX_H
#define CONFIG_SYNTAX_H

#include <stdbool.h>

#include <yaml.h>

#include "config/document/mark.h"
#include "util/diagnostic.h"

/* What libyaml would not refuse, or not in bounded time. False after a finding. */
bool syntax_check(struct mark_cursor cursor, struct diagnostics *d);
/* Reports the failure of yaml_parser_parse. */
void syntax_report(const yaml_parser_t *yaml, struct mark_cursor cursor, struct diagnostics *d);

#endif
