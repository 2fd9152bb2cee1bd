/* SPDX-License-Identifier: Apache-2.0 */
/* What a node is as a guest of its host: emulated or not, of which architecture and machine
 * type. */
#ifndef PROVISION_GUEST_TYPE_H
#define PROVISION_GUEST_TYPE_H

#include "config/cluster.h"
#include "host/facts.h"

struct guest_type {
    const char *type;    /* "kvm", "qemu" */
    const char *arch;    /* "x86_64" */
    const char *machine; /* "q35" */
};

/* With virt: auto, KVM where it works. Texts are those of `node`, `facts` or static. */
void guest_type_choose(const struct node *node, const struct host_facts *facts,
                       struct guest_type *ret);
/* Whether the host's CPU can run guests of that architecture itself. */
bool guest_type_is_native(const struct host_facts *facts, const char *arch);

#endif
