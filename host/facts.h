/* SPDX-License-Identifier: Apache-2.0 */
/* What a host can do, from libvirt's capabilities. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include <stdint.h>

#include "host/hardware/answer.h"
#include "host/hardware/guests.h"
#include "host/hardware/topology.h"
#include "host/host.h"

struct host_facts {
    char *arch; /* of the host: "x86_64" */
    /* vmx or svm, on x86: the CPU can have virtual machines. */
    const char *virtualisation; /* static; NULL: neither */
    enum host_answer iommu;     /* in use: devices can be given to guests */
    struct host_topology topology;
    struct host_guests guests;
    /* KVM that works: libvirt offers it and the CPU has vmx or svm (on x86; libvirt 9.0 offers
     * it wherever /dev/kvm exists, also where it cannot work). */
    bool kvm;
    bool kvm_offered; /* what libvirt says alone */
};

int host_facts_read(struct host *host, struct host_facts *ret, struct error **err) MUST_CHECK;
/* The same from a capabilities document. */
int host_facts_parse(const char *xml, struct host_facts *ret, struct error **err) MUST_CHECK;
void host_facts_done(struct host_facts *facts);

#endif
