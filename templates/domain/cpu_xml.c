/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

void cpu_xml_write_count(struct xmlwriter *w, const struct domain_template *t)
{
    xml_elementf(w, "vcpu", "%lld", t->node->cpus.count);
}

void cpu_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    bool kvm = domain_is_kvm(t);

    xml_open(w, "cpu");
    xml_attribute(w, "mode", kvm ? "host-passthrough" : "maximum");
    xml_attribute(w, "check", "none");
    /* QEMU's emulator has five-level paging, but many kernels crash on it; and it forgets all
     * address translations when protection keys are loaded, at each change of process */
    if (!kvm && domain_is_x86(t)) {
        xml_empty(w, "feature", "policy", "disable", "name", "la57", NULL);
        xml_empty(w, "feature", "policy", "disable", "name", "pku", NULL);
    }
    xml_close(w);
}
