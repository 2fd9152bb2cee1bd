/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between a network that runs and the one that is wanted, and how what runs is
 * made that. Shared by the files of the kind "network" only. */
#ifndef NETWORK_NETWORK_DIFF_H
#define NETWORK_NETWORK_DIFF_H

#include "engine/resource.h"
#include "host/identity.h"
#include "host/site.h"
#include "templates/network_xml.h"

/* What `diff` found for `update` to do. */
struct network_work {
    bool define;  /* the definition is another one */
    bool restart; /* and what runs, in a way that libvirt cannot change while it does */
    bool ranges;  /* the dynamic ranges */
    /* What somebody changed behind libvirt's back, found in the host's kernel. */
    bool parked;      /* the bridge has its other name: a run that restarted it was cut off */
    bool no_bridge;   /* the bridge is gone */
    bool host_side;   /* the bridge is down, or its addresses are others */
    bool loose_ports; /* guests' taps are not in the bridge */
    bool no_server;   /* dnsmasq does not run */
};

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
    char *before;             /* own_bridge/: how the uplink was, for the metadata; or NULL */
    bool yields;              /* goes, and another takes its place: successor.h */
    char mac[MAC_TEXT];       /* the bridge's */
    char parked[BRIDGE_TEXT]; /* the bridge's name while the network restarts: carry.h */
    struct network_work work;
};

/* True when a domain of the cluster's runs that is on it. */
bool network_has_guests(const struct network_object *o);

/* Starts it unless it runs, after removing a bridge that a crash of libvirtd left in its way.
 */
int network_start(const struct network_object *o, virNetworkPtr network,
                  struct error **err) MUST_CHECK;
/* Removes such a bridge, where the name is a derived one and the host is this machine. */
int network_clear_bridge(const struct network_object *o, struct error **err) MUST_CHECK;
int network_diff(void *context, struct resource *r, struct error **err);
int network_update(void *context, struct resource *r, struct task *task, struct error **err);

#endif
