/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture of a cluster: its hosts, networks and nodes, and which node is where on which
 * network. The model is made of specs, as the file gives them and as the tags keep them, so
 * that what is planned and what runs are drawn by the same code. The renderers are pure: the
 * same model gives the same bytes. All of it lives in its arena.
 */
#ifndef TEMPLATES_GRAPH_H
#define TEMPLATES_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "util/error.h"
#include "util/memory.h"

/* PICTURE_PLANNED: nobody looked. */
enum picture_state {
    PICTURE_PLANNED,
    PICTURE_RUNNING,
    PICTURE_STOPPED,
    PICTURE_PAUSED,
    PICTURE_CRASHED,
    PICTURE_KILLED,
    PICTURE_MISSING,
};
#define PICTURE_STATES (PICTURE_MISSING + 1)

struct picture_link {
    size_t network;    /* index */
    const char *ip;    /* "10.20.0.11", "DHCP", of a folded node "10.20.0.11–50"; or NULL */
    const char *ip6;   /* likewise */
    const char *mac;   /* or NULL */
    const char *fault; /* what is done to it on purpose: "link down"; or NULL */
    bool down;         /* it carries nothing */
};

struct picture_node {
    const char *name;
    const char *group; /* the key in the file; equals name without count */
    size_t host;       /* index */
    const char *image; /* or NULL */
    long long cpus;
    uint64_t memory; /* bytes */
    enum picture_state state;
    const char *fault; /* or NULL */
    struct picture_link *links;
    size_t link_count;
    size_t alike; /* how many nodes it stands for; 1 unless folded */
};

struct picture_network {
    const char *name;
    const char *mode;                       /* "nat"; "foreign" when nobody knows */
    const char *subnet, *subnet6, *gateway; /* or NULL */
    const char *detail;                     /* "br-prod, uplink eth1, VLAN 30"; or NULL */
    bool foreign;                           /* somebody else's: used as it is */
    enum picture_state state;
};

struct picture_host {
    const char *name;
};

struct picture {
    struct arena *arena;
    const char *title; /* the cluster's name */
    bool live;         /* what runs, not what the file says */
    struct picture_host *hosts;
    size_t host_count;
    struct picture_network *networks;
    size_t network_count;
    struct picture_node *nodes;
    size_t node_count;
};

void picture_init(struct picture *picture, const char *title);
void picture_done(struct picture *picture);
#define auto_picture __attribute__((cleanup(picture_done)))

/* The index of the host of that name, added when it is new. */
size_t picture_host(struct picture *picture, const char *name);
/* Likewise; one that was only named gets its keys when `spec` comes. A network without a spec
 * (NULL) is somebody else's. The entry moves with the next one that is added. */
struct picture_network *picture_network(struct picture *picture, const char *name,
                                        const json_t *spec);
/* One more node, of its spec. `group` NULL: by its name, "web" of "web-2". The entry moves with
 * the next one. */
struct picture_node *picture_node(struct picture *picture, const char *name, const char *group,
                                  const char *host, const json_t *spec);
/* Puts the nodes of a host together, hosts in the order in which they were added. */
void picture_sort(struct picture *picture);
/* In one of more than PICTURE_FOLD_NODES nodes, PICTURE_FOLD_ALIKE and more nodes of a
 * group that differ in nothing but their addresses become one. */
#define PICTURE_FOLD_NODES 24
#define PICTURE_FOLD_ALIKE 4
void picture_fold(struct picture *picture);
/* Nodes, those that folded ones stand for counted. */
size_t picture_size(const struct picture *picture);

const char *picture_state_word(enum picture_state state); /* "running"; "" for planned */
/* "web ×40", "db". */
char *picture_node_label(const struct picture_node *node);
/* "debian12 · 2 vCPU · 4 GiB", what it is in the state of a live one first. */
char *picture_node_detail(const struct picture *picture, const struct picture_node *node);
/* "nat", "bridge · br0 · VLAN 30". */
char *picture_network_detail(const struct picture *picture,
                             const struct picture_network *network);

/* The renderers. The caller frees. */
char *picture_text(const struct picture *picture);
char *picture_dot(const struct picture *picture);
char *picture_mermaid(const struct picture *picture);
json_t *picture_json(const struct picture *picture);
int picture_svg(const struct picture *picture, char **ret, struct error **err) MUST_CHECK;

#endif
