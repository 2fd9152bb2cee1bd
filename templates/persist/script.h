/* SPDX-License-Identifier: Apache-2.0 */
/* The scripts that look for, write and remove the files for a host's network manager. */
#ifndef TEMPLATES_PERSIST_SCRIPT_H
#define TEMPLATES_PERSIST_SCRIPT_H

#include "templates/persist/persist.h"

/* $1: the cluster, $2: an uplink or "". Prints what persist_view_parse() reads. */
extern const char persist_look[];

/* A file of ours on the host. */
struct persist_found {
    char *path;
    char *network;
    char digest[65]; /* of what it has */
    bool edited;     /* that is not what was written */
};

struct persist_view {
    bool runs[PERSIST_MANAGERS]; /* it is there, and is what brings devices up at boot */
    bool reads_folder;           /* ifupdown: interfaces.d is read */
    /* Files of the host's own that give the uplink addresses at boot, which nothing of ours
     * takes back; parted by blanks. */
    char *in_the_way;
    char *uplink_file; /* systemd-networkd: the host's own for it, or NULL */
    struct persist_found *files;
    size_t file_count;
};

void persist_view_parse(const char *text, struct persist_view *ret);
void persist_view_done(struct persist_view *view);
#define auto_persist_view __attribute__((cleanup(persist_view_done)))
/* The one that manages the host; PERSIST_MANAGERS: none is known. */
enum persist_manager persist_manager_of(const struct persist_view *view);
/* Whether all of `files` are there as they are, and no other of that network. */
bool persist_is_there(const struct persist_view *view, const char *network,
                      const struct persist_files *files);

/* Puts `files` in the place of all that the network has; none: takes them away. Never writes
 * over a file that is not ours, never removes one that was edited. The caller frees it. */
char *persist_script(const char *cluster, const char *network,
                     const struct persist_files *files);

#endif
