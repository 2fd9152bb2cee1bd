/* SPDX-License-Identifier: Apache-2.0 */
/* How a text refers to a variable: ${name} or ${name:-default}. "$${" is a "${" that does not.
 */
#ifndef CONFIG_REFERENCE_H
#define CONFIG_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#define REFERENCE_LONGEST 1024

struct reference {
    const char *name;
    size_t name_length;
    const char *fallback; /* may have references in it; NULL: none */
    size_t fallback_length;
    size_t length; /* of all of it, from "${" to "}" */
};

/* Reads the one that `text` starts with ("${"). False when it is none; *ret_wrong says why. */
bool reference_read(const char *text, size_t length, struct reference *ret,
                    const char **ret_wrong);
/* The length of the name that `text` starts with: a letter or '_', then digits too. */
size_t reference_name(const char *text, size_t length);

#endif
