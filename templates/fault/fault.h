/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done to a node on purpose (`virtopo fault`), as its running domain's metadata keeps
 * it:
 *
 *   <virtopo-fault:faults xmlns:virtopo-fault="https://virtopo.dev/xmlns/fault/1">
 *     <link-down network="lan" since="2026-01-31T12:00:00Z"/>
 *     <netem network="san" direction="both" delay="50" jitter="5" loss="50000" rate="0"
 * since="…"/> <partition side="1" since="…"/>
 *   </virtopo-fault:faults>
 *
 * It goes when the domain stops. The definition has the same element, empty: something may be
 * left on the host; with <killed/> in it, the node was stopped on purpose.
 */
#ifndef TEMPLATES_FAULT_H
#define TEMPLATES_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <libxml/tree.h>

#include "util/address.h"
#include "util/error.h"

#define FAULT_URI "https://virtopo.dev/xmlns/fault/1"
#define FAULT_PREFIX "virtopo-fault"

enum fault_kind { FAULT_LINK_DOWN, FAULT_NETEM, FAULT_PARTITION, FAULT_KILLED };

/* As the node sees it: `in` is what it receives. The words end with NULL. */
enum fault_direction { FAULT_BOTH, FAULT_IN, FAULT_OUT };
extern const char *const fault_directions[];

struct netem {
    int direction;
    uint64_t delay, jitter; /* ms */
    uint32_t loss;          /* of a million packets */
    uint64_t rate;          /* bytes a second; 0: as fast as it goes */
};

struct fault {
    enum fault_kind kind;
    char *network; /* link-down, netem; else NULL */
    struct netem netem;
    long long side; /* partition: those of another side are not heard */
    char *since;    /* "2026-01-31T12:00:00Z", or NULL */
};

struct faults {
    struct fault *items;
    size_t count;
    bool marked; /* the element is there, though it may be empty */
};

/* Of a <domain>. What this version does not know is left out. */
void faults_read(xmlNodePtr domain, struct faults *ret);
void faults_copy(const struct faults *from, struct faults *ret);
void faults_done(struct faults *faults);
#define auto_faults __attribute__((cleanup(faults_done)))

/* NULL: there is none. `network` NULL: of any. */
const struct fault *faults_find(const struct faults *faults, enum fault_kind kind,
                                const char *network);
/* Copies it in the place of one of that kind and network. */
void faults_set(struct faults *faults, const struct fault *fault);
void faults_remove(struct faults *faults, enum fault_kind kind, const char *network);
bool faults_equal(const struct faults *a, const struct faults *b);

/* The element as virDomainSetMetadata takes it. */
int faults_element(const struct faults *faults, char **ret, struct error **err) MUST_CHECK;
/* "delay 50 ms ± 5 ms, loss 5 %, rate 1 MiB/s, in". The caller frees. */
char *netem_text(const struct netem *netem);
/* "link down", the netem's text; without the network. The caller frees. */
char *fault_text(const struct fault *fault);
/* "link down on lan". The caller frees. */
char *fault_line(const struct fault *fault);
/* {kind, network?, …}. New reference. */
json_t *fault_json(const struct fault *fault);

/* The <interface> of a domain's XML that has this MAC, with its link up or down: as
 * virDomainUpdateDeviceFlags takes it. Fails when there is none. */
int fault_link_xml(const char *domain_xml, struct mac mac, bool up, char **ret,
                   struct error **err) MUST_CHECK;

#endif
