/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, parsed by the tables. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "cmd/context.h"

/* Fills in globals, command (NULL when none is named), options, args and rest. Values point
 * into argv. Short options may be joined (-vy, -fFILE), long ones take "--name VALUE" and
 * "--name=VALUE"; "--" ends them. */
int options_parse(char **argv, struct context *context, struct error **err) MUST_CHECK;
/* Stores an option's value in the struct that its offset is in; `text` is NULL for a flag. */
int option_set(const struct command_option *option, void *options, const char *text,
               struct error **err) MUST_CHECK;
/* Frees what parsing allocated. */
void options_done(struct context *context);

#endif
