/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that publish a node's ports on its host, apart from the words of iptables and nft:
 * what there must be, and what was read, are compared in this form.
 *
 * Each rule has the mark "virtopo:<cluster>/<node>" as its comment; the chains and tables that
 * they are in are the cluster's own, and go with its last rule.
 */
#ifndef TEMPLATES_FIREWALL_RULE_H
#define TEMPLATES_FIREWALL_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buffer.h"

#define RULE_ADDRESS 64 /* an IPv6 subnet, and to spare */
#define RULE_DEVICE 16
#define RULE_MARK 112 /* nft takes 127 bytes */
#define RULE_CHAIN 28

enum rule_family { RULE_IP4, RULE_IP6, RULE_FAMILIES };

enum rule_place {
    RULE_DNAT,   /* to the host's port: goes to the node */
    RULE_SNAT,   /* so rewritten, from where the answer would not come back through the host */
    RULE_ACCEPT, /* so rewritten: is forwarded, whatever else refuses new connections */
    RULE_GUARD,  /* from a guest to the host's 127.0.0.0/8, which must stay the host's own */
};

/* Texts may be empty: any. */
struct rule {
    enum rule_family family;
    enum rule_place place;
    char source[RULE_ADDRESS]; /* an address or subnet */
    char target[RULE_ADDRESS];
    char in[RULE_DEVICE], out[RULE_DEVICE];
    bool udp;
    unsigned port; /* 0: any protocol and port */
    char to[RULE_ADDRESS];
    unsigned to_port;
    char mark[RULE_MARK];
};

struct rule_list {
    struct rule *items;
    size_t count;
};

void rule_add(struct rule_list *list, const struct rule *rule);
void rule_list_done(struct rule_list *list);
#define auto_rules __attribute__((cleanup(rule_list_done)))
bool rule_equal(const struct rule *a, const struct rule *b);
bool rule_list_has(const struct rule_list *list, const struct rule *rule);
/* True for a rule of that cluster; `node` is set to what stands behind it. */
bool rule_is_of(const struct rule *rule, const char *cluster, const char **node);
/* "virtopo:lab/web", or of all of a cluster without a node: "virtopo:lab". */
const char *rule_mark(const char *cluster, const char *node, char out[RULE_MARK]);

/* What the cluster's chains for iptables begin with: "VIRTOPO-1a2b3c4d". */
const char *rule_chains(const char *cluster, char out[RULE_CHAIN]);
/* Its table for nft: "virtopo_lab". */
const char *rule_table(const char *cluster, char out[64]);

/* One rule as iptables-restore takes it, with the table before it: "nat -A VIRTOPO-…-IN …". */
void iptables_rule(const struct rule *rule, const char *chains, struct buffer *out);
/* A line of iptables-save; false when it is none of ours. */
bool iptables_parse(const char *line, enum rule_family family, struct rule *ret);
/* The same for nft: "publish tcp dport 8080 …", the chain before it. */
void nft_rule(const struct rule *rule, struct buffer *out);
bool nft_parse(const char *line, enum rule_family family, struct rule *ret);

#endif
