/* SPDX-License-Identifier: Apache-2.0 */
/* The sort of guest: KVM, architecture, machine type. */
#include <string.h>

#include "provision/check/question.h"
#include "util/suggest.h"

bool platform_concerns(const struct node *node)
{
    return node->virt == VIRT_KVM;
}

static void check_kvm(struct question *q)
{
    const struct document_node *at = question_source(q, "virt", NULL);
    const char *why = "libvirt offers no KVM there";
    const char *hint =
        "write virt: auto (emulated where KVM is missing, and slow), or give the "
        "host /dev/kvm: virtualisation on in its firmware, module kvm_intel or "
        "kvm_amd loaded";

    if (q->node->virt != VIRT_KVM || q->facts->kvm)
        return;
    if (q->facts->kvm_offered)
        why = "its CPU has neither vmx nor svm";
    q->refused = true;
    question_report(q, at, "host-kvm", hint,
                    "node '%s' wants virt: kvm, which host '%s' cannot do: %s", q->node->group,
                    question_host(q), why);
}

int platform_check(struct question *q, struct error **err)
{
    (void)err;
    check_kvm(q);
    return 0;
}
