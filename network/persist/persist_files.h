/* SPDX-License-Identifier: Apache-2.0 */
/* From a network of ours, with its record, to the files for its host's manager. */
#ifndef NETWORK_PERSIST_FILES_H
#define NETWORK_PERSIST_FILES_H

#include "engine/resource.h"
#include "host/site.h"
#include "templates/persist/script.h"

/* resource->data of the kind "persist". */
struct persist_object {
    const char *cluster;
    struct site_host *host;
    struct resource *network;
    const struct network *wanted; /* NULL: not wanted any more */
    enum persist_manager manager; /* of what is wanted */
    struct persist_view view;     /* likewise */
};

/* What the host has; `uplink` may be NULL. */
int persist_look_at(struct site_host *host, const char *cluster, const char *uplink,
                    struct persist_view *ret, struct error **err) MUST_CHECK;
/* The record in the network's metadata as it is now. The caller frees it. */
int persist_read_record(const struct persist_object *o, char **ret,
                        struct error **err) MUST_CHECK;
/* `before` may be NULL: nothing is known of an uplink. */
int persist_files_of(const struct persist_object *o, const char *before,
                     struct persist_files *ret, struct error **err) MUST_CHECK;
/* Says which files of the host's own would give the uplink addresses at boot. */
void persist_note_conflicts(const struct persist_object *o, struct task *task);

#endif
