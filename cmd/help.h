/* SPDX-License-Identifier: Apache-2.0 */
/* The help, the man page and the reference, written from the tables of commands and keys. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdio.h>

#include "cmd/command.h"

/* All commands and options, or those of one. Returns 0. */
int help_print(FILE *f, const struct command *command);
/* The commands that begin with `family`. Returns 0. */
int help_print_family(FILE *f, const char *family);
/* virtopo.1, in roff. */
void help_print_man(FILE *f);
/* docs/reference.md: commands, and every key that a file may have. */
void help_print_reference(FILE *f);

#endif
