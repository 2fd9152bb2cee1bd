/* SPDX-License-Identifier: Apache-2.0 */
/* libosinfo's names of operating systems: short ids ("debian12") and whole ones
 * ("http://debian.org/debian/12"). */
#ifndef CONFIG_OSINFO_H
#define CONFIG_OSINFO_H

#include <stdbool.h>

#include "util/memory.h"

enum osinfo_answer {
    OSINFO_KNOWN,     /* the whole id is in *ret */
    OSINFO_UNKNOWN,   /* not in the database; the nearest short id is in *ret, or NULL */
    OSINFO_UNCHECKED, /* there is no database here, and the word is of no well-known family */
};

/* Looks a short id up in the database of this machine (package osinfo-db, or the folder that
 * OSINFO_SYSTEM_DIR names). Where that has it not, or is not there, ids of well-known families
 * are told from their names. */
enum osinfo_answer osinfo_find(struct arena *arena, const char *short_id, const char **ret);

#endif
