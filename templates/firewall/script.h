/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scripts that read and change a host's firewall, for /bin/sh.
 *
 * Where a rule goes: iptables where libvirt uses it, as only there an accept comes before its
 * rejects; else nft, with the accept at the top of libvirt's own chain. What iptables drops by
 * its policy (Docker sets that) is accepted there too.
 */
#ifndef TEMPLATES_FIREWALL_SCRIPT_H
#define TEMPLATES_FIREWALL_SCRIPT_H

#include "templates/firewall/rule.h"

/* Who does what on a host, for one family. */
struct firewall_use {
    bool iptables_nat, iptables_filter;
    bool nft_nat, nft_libvirt;
};

/* Prints what firewall_parse() reads. Changes nothing, makes no tables, loads no modules. */
extern const char firewall_look[];

struct firewall_socket {
    bool udp;
    char address[RULE_ADDRESS]; /* "" for all */
    unsigned port;
    char *who; /* "nginx (pid 123)", or NULL */
};

/* A jump of iptables to a chain of ours. */
struct firewall_jump {
    enum rule_family family;
    char from[RULE_CHAIN], chain[RULE_CHAIN + 4]; /* "FORWARD", "VIRTOPO-1a2b3c4d-FWD" */
    bool late; /* it stands behind libvirt's, which rejects what it should accept */
};

/* What is on a host. */
struct firewall_view {
    bool unprivileged; /* whoever looked may not see or change rules */
    bool has_iptables[RULE_FAMILIES], has_nft;
    bool libvirt_nft[RULE_FAMILIES];      /* libvirt's own table is there */
    bool libvirt_iptables[RULE_FAMILIES]; /* libvirt's chains are there */
    bool forward_drops[RULE_FAMILIES];    /* the policy of iptables' FORWARD */
    struct rule_list iptables, nft;       /* all rules of ours, of every cluster */
    struct firewall_jump *jumps;
    size_t jump_count;
    struct firewall_socket *sockets;
    size_t socket_count;
    bool forwarding[RULE_FAMILIES];
    char **local_routes; /* devices with route_localnet */
    size_t local_route_count;
    bool firewalld;        /* runs */
    bool firewalld_strict; /* refuses what others publish */
};

void firewall_parse(const char *text, struct firewall_view *ret);
void firewall_view_done(struct firewall_view *view);
struct firewall_use firewall_use(const struct firewall_view *view, enum rule_family family);
/* Whether iptables comes to the cluster's chains, where it is used, in time. */
bool firewall_is_linked(const struct firewall_view *view, enum rule_family family,
                        const char *cluster);
/* Whether rules are where they belong. */
bool firewall_has(const struct firewall_view *view, const struct rule *rule);

/* The script that puts a node's rules in the place of those that it has; none: takes them
 * away, and with the last ones of the cluster its chains. The caller frees it. */
char *firewall_script(const char *cluster, const char *node, const struct rule_list *rules,
                      const struct firewall_use use[RULE_FAMILIES]);

#endif
