/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/guest_type.h"

void guest_type_choose(const struct node *node, const struct host_facts *facts,
                       struct guest_type *ret)
{
    bool kvm = node->virt == VIRT_KVM || (node->virt == VIRT_AUTO && facts->kvm);

    *ret = (struct guest_type){kvm ? "kvm" : "qemu", facts->arch, facts->machine};
}
