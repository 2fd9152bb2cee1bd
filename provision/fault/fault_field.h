/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults on purpose: what of a cluster's running nodes can be disturbed, what is, and how that
 * is changed. Everything is read from the survey; nodes are known by their tags, so that it
 * works without the file.
 *
 * A change is made on the model first (fault_change.h), then carried out (fault_field_commit):
 * the mark is written before the host is touched and taken away after it was put right, so that
 * a run that was cut off leaves nothing that is not known. Taps are always set as a whole.
 */
#ifndef PROVISION_FAULT_FIELD_H
#define PROVISION_FAULT_FIELD_H

#include "host/site.h"
#include "templates/fault/fault.h"

struct fault_nic {
    char *network;
    struct mac mac;
    char *tap;     /* of the running domain; NULL: it has none that frames pass on the host */
    bool down;     /* its link */
    bool stays_up; /* it is up in what is defined */
};

struct fault_node {
    const char *name; /* of the tag */
    char *group;
    struct site_host *host;
    const struct survey_domain *domain;
    bool runs;
    struct faults now; /* as found */
    struct faults then;
    bool touched; /* its taps are set, also where `then` is as `now` */
    bool undone;  /* the change failed: its links may be down that were not */
    struct fault_nic *nics;
    size_t nic_count;
};

struct fault_field {
    const struct site *site;
    struct fault_node *nodes; /* by name */
    size_t count;
};

void fault_field_open(const struct site *site, struct fault_field *ret);
void fault_field_close(struct fault_field *field);
#define auto_fault_field __attribute__((cleanup(fault_field_close)))

/* By its name; an error names the nearest. */
int fault_field_node(struct fault_field *field, const char *name, struct fault_node **ret,
                     struct error **err) MUST_CHECK;
/* One that runs and has a NIC on that network. */
int fault_field_on(struct fault_field *field, const char *name, const char *network,
                   struct fault_node **ret, struct error **err) MUST_CHECK;
/* All that a word stands for, a node or a group: marks them in `chosen` (by index). */
int fault_field_choose(const struct fault_field *field, const char *word, bool *chosen,
                       struct error **err) MUST_CHECK;

/* Carries out what differs. What of it cannot be done is undone. */
int fault_field_commit(struct fault_field *field, struct error **err) MUST_CHECK;

/* After the cluster's nodes have gone: removes what outlives them on its hosts. */
int fault_sweep(const struct site *site, struct error **err) MUST_CHECK;

/* Whether a fault holds the link of that node's NIC down: `up` leaves it so. */
bool fault_holds_link(const struct survey_domain *domain, const char *network);

#endif
