/* SPDX-License-Identifier: Apache-2.0 */
/* Shell text for the guest's init to source: calls of its functions, every argument quoted. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdio.h>

/* The folder for all files; the string stays the caller's. */
void script_into(const char *dir);

/* Opens a file to append to; exits when that fails, as half a result must not pass for a seed.
 */
FILE *script_open(const char *name);

void script_quote(FILE *f, const char *s);

/* A function's name and its arguments, NULL ending the list. */
void script_call(FILE *f, const char *function, ...);

#endif
