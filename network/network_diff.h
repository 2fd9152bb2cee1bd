/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between a network that runs and the one that is wanted, and how libvirt is told
 * the live part of it. Shared by network.c and network_diff.c only. */
#ifndef NETWORK_NETWORK_DIFF_H
#define NETWORK_NETWORK_DIFF_H

#include "engine/resource.h"
#include "host/identity.h"
#include "host/site.h"
#include "templates/network_xml.h"

/* resource->data of the kind; resource->state is the survey's record. */
struct network_object {
    const struct site *site;
    struct site_host *host;
    const struct network *network; /* NULL: not wanted any more */
    char *name;
    char uuid[UUID_TEXT];
    char bridge[BRIDGE_TEXT];
    struct network_host *hosts; /* wanted reservations and names, by address */
    size_t host_count;
    char *before; /* own_bridge/: how the uplink was, for the metadata; or NULL */
    bool yields;  /* goes, and another takes its place: successor.h */
};

/* Starts it unless it runs, after removing a bridge that a crash of libvirtd left in its way.
 */
int network_start(const struct network_object *o, virNetworkPtr network,
                  struct error **err) MUST_CHECK;
/* Removes such a bridge, where the name is a derived one and the host is this machine. */
int network_clear_bridge(const struct network_object *o, struct error **err) MUST_CHECK;
int network_diff(void *context, struct resource *r, struct error **err);
int network_update(void *context, struct resource *r, struct task *task, struct error **err);

#endif
