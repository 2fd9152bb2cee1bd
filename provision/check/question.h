/* SPDX-License-Identifier: Apache-2.0 */
/* One node's demands on its host, as the checks of this folder see them. */
#ifndef PROVISION_CHECK_QUESTION_H
#define PROVISION_CHECK_QUESTION_H

#include "config/finding.h"
#include "provision/node/machine.h"

struct question {
    struct provision *p;
    const struct machine *machine;
    const struct node *node;
    struct site_host *host;
    /* This run starts it: what the host has free just now matters too. */
    bool starts;
    /* What it will be; NULL until question_open(). */
    const struct host_facts *facts;
    const char *type, *arch, *machine_type; /* "kvm", "x86_64", "q35" */
    bool refused; /* the host has no such guests at all: asking on would only add noise */
};

struct questions {
    struct question *items;
    size_t count;
};

/* Reads the host's facts, once a host. */
int question_open(struct question *q, struct error **err) MUST_CHECK;
/* What the host offers to such a guest; NULL for one that it does not know. */
int question_caps(struct question *q, const struct domcaps **ret,
                  struct error **err) MUST_CHECK;
const char *question_host(const struct question *q);
/* Where the value of `key` stands, or of `inner` in it (may be NULL): else what it is in. */
const struct document_node *question_source(const struct question *q, const char *key,
                                            const char *inner);
/* A finding at `source`; `hint` may be NULL. Equal ones of a group's nodes are shown once, so
 * messages name the group. */
void question_report(const struct question *q, const struct document_node *source,
                     const char *check, const char *hint, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/* Checks of one node, each of an area; `concerns` says which nodes have keys of it. */
bool platform_concerns(const struct node *node);
int platform_check(struct question *q, struct error **err) MUST_CHECK;
bool cpu_concerns(const struct node *node);
int cpu_check(struct question *q, struct error **err) MUST_CHECK;
bool offer_concerns(const struct node *node);
int offer_check(struct question *q, struct error **err) MUST_CHECK;
/* A part of platform_check(). */
void hyperv_check(const struct question *q, const struct domcaps *caps);

/* Checks of what all nodes of a host want together. */
int memory_check_all(struct provision *p, struct questions *all, struct error **err) MUST_CHECK;
int pages_check_all(struct provision *p, struct questions *all, struct error **err) MUST_CHECK;
int device_check_all(struct provision *p, struct questions *all, struct error **err) MUST_CHECK;

#endif
