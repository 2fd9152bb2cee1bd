/* SPDX-License-Identifier: Apache-2.0 */
/* What there is of clusters on the hosts, for status, list and ssh. */
#ifndef PROVISION_STATUS_H
#define PROVISION_STATUS_H

#include "host/site.h"

enum node_state {
    NODE_MISSING, /* in the file, not on the host */
    NODE_RUNNING,
    NODE_PAUSED,
    NODE_STOPPED,
    NODE_CRASHED,
    NODE_KILLED, /* on purpose: `virtopo fault kill` */
};

struct node_status {
    char *cluster, *name, *host;
    enum node_state state;
    bool unwanted;  /* on the host, not in the file any more */
    char *clone_of; /* not in the file, but kept: a clone of that node; or NULL */
    bool has_ready; /* the file or its tag asks for readiness */
    char *ready;    /* since when ("2026-01-31T12:00:00Z"), or NULL */
    struct node_address {
        char *network;
        char ip[IP4_TEXT];  /* "" while unknown */
        char ip6[IP6_TEXT]; /* "" also without IPv6 */
        uint16_t port;      /* 0; else `ip` is the host's, and that port its SSH server's */
        bool is_user;       /* on a network of mode user: nothing but ports leads there */
        char mac[MAC_TEXT];
        bool apart; /* a macvtap on a device of this machine, which does not reach it */
    } * addresses;
    size_t address_count;
    long long cpus;
    uint64_t memory; /* bytes */
    char *image;     /* its name, or NULL */
    char *user;      /* login, or NULL */
    char *host_key;  /* public, or NULL */
    char *owner;
    bool drifted; /* what runs and what is defined differ */
    struct faults faults;
};

struct network_status {
    char *cluster, *name, *host;
    bool active;
    char *bridge;
    char subnet[CIDR_TEXT];
};

struct status {
    struct node_status *nodes; /* by cluster, then in the file's order, then by name */
    size_t node_count;
    struct network_status *networks;
    size_t network_count;
};

/* From what site_open saw. Asks DHCP servers for the addresses of nodes without fixed ones. */
void status_read(const struct site *site, struct status *ret);
void status_done(struct status *status);
#define auto_status __attribute__((cleanup(status_done)))

const char *node_state_name(enum node_state state); /* "running" */
json_t *status_node_json(const struct node_status *node);
json_t *status_network_json(const struct network_status *network);

#endif
