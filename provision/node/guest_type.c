/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/guest_type.h"

#include <string.h>

bool guest_type_is_native(const struct host_facts *facts, const char *arch)
{
    return strcmp(facts->arch, arch) == 0 ||
           (strcmp(facts->arch, "x86_64") == 0 && strcmp(arch, "i686") == 0);
}

void guest_type_choose(const struct node *node, const struct host_facts *facts,
                       struct guest_type *ret)
{
    const char *arch = platform_arch(node, facts->arch);
    bool kvm = node->virt == VIRT_KVM ||
               (node->virt == VIRT_AUTO && facts->kvm && guest_type_is_native(facts, arch));

    *ret = (struct guest_type){kvm ? "kvm" : "qemu", arch, platform_machine(node, arch)};
}
