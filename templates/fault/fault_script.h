/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host's shell does to a node's tap, by tc alone, so that it goes with the tap, and
 * works on any bridge:
 *
 *   to the node     a root queue with a handle of ours (netem; tbf where there is only a rate)
 *   from the node   the same on an ifb device that frames are turned to, known by its alias
 *   loss            a filter that drops at random
 *   a partition     a filter that drops frames of the MAC addresses of other sides
 *
 * Filters are classic BPF programs that decide by themselves: that needs no action module.
 */
#ifndef TEMPLATES_FAULT_SCRIPT_H
#define TEMPLATES_FAULT_SCRIPT_H

#include "templates/fault/fault.h"
#include "util/buffer.h"

#define FAULT_IFB_TEXT 16

/* The script's exit codes with a meaning. */
enum fault_exit {
    FAULT_EXIT_NO_TC = 11,    /* the host has no tc */
    FAULT_EXIT_NO_NETEM = 12, /* its kernel has no netem */
    FAULT_EXIT_NO_IFB = 13,   /* no ifb, or nothing that turns frames to it */
    FAULT_EXIT_BUSY = 14,     /* the tap has queues of somebody else: a `bandwidth` */
    FAULT_EXIT_NO_BPF = 15,   /* no filters by BPF */
};

struct fault_tap {
    const char *tap;
    const char *alias;         /* of its ifb device: fault_alias() */
    struct mac mac;            /* of the NIC */
    const struct netem *netem; /* or NULL */
    const struct mac *cut;     /* the addresses that it shall not hear */
    size_t cut_count;
};

/* "virtopo-fault:lab/web-1"; with node NULL what all of the cluster begin with. The caller
 * frees. */
char *fault_alias(const char *cluster, const char *node);
/* Its name, by the NIC's address: "vf-a4e07351e0". */
void fault_ifb_name(struct mac mac, char out[FAULT_IFB_TEXT]);

/* What all that follows needs, at the script's start. */
void fault_script_start(struct buffer *out);
/* The tap as it shall be, whatever it is like now; with nothing wanted, as it was before. */
void fault_script_tap(struct buffer *out, const struct fault_tap *tap);
/* Removes ifb devices whose aliases begin with `alias`. */
void fault_script_sweep(struct buffer *out, const char *alias);
/* Prints the names of those. */
void fault_script_list(struct buffer *out, const char *alias);

#endif
