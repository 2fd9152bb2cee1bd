/* SPDX-License-Identifier: Apache-2.0 */
/* The names of all elements in libvirt's schemas. */
#ifndef PROVISION_SCHEMA_NAMES_H
#define PROVISION_SCHEMA_NAMES_H

#include <stdbool.h>

struct schema_names;

/* From the folder's *.rng; what cannot be read there is left out. */
struct schema_names *schema_names_read(const char *folder);
/* Where the name is not one of them, `ret_near` is the nearest, for the caller to free, or
 * NULL. */
bool schema_names_has(const struct schema_names *names, const char *name, char **ret_near);
void schema_names_free(struct schema_names *names); /* NULL is fine */

#endif
