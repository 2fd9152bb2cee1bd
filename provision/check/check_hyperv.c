/* SPDX-License-Identifier: Apache-2.0 */
/* Hyper-V's features: with KVM, what the host does not have keeps the node from starting. An
 * emulated one does without. */
#include <string.h>

#include "provision/check/question.h"

static const struct {
    const char *name; /* the file's and libvirt's */
    size_t offset;    /* of an enum switch_state */
} switches[] = {
    {"relaxed", offsetof(struct hyperv_setting, relaxed)},
    {"vapic", offsetof(struct hyperv_setting, vapic)},
    {"vpindex", offsetof(struct hyperv_setting, vpindex)},
    {"runtime", offsetof(struct hyperv_setting, runtime)},
    {"synic", offsetof(struct hyperv_setting, synic)},
    {"stimer", offsetof(struct hyperv_setting, stimer.enabled)},
    {"reset", offsetof(struct hyperv_setting, reset)},
    {"frequencies", offsetof(struct hyperv_setting, frequencies)},
    {"reenlightenment", offsetof(struct hyperv_setting, reenlightenment)},
    {"tlbflush", offsetof(struct hyperv_setting, tlbflush)},
    {"ipi", offsetof(struct hyperv_setting, ipi)},
    {"evmcs", offsetof(struct hyperv_setting, evmcs)},
    {"avic", offsetof(struct hyperv_setting, avic)},
};

void hyperv_check(const struct question *q, const struct domcaps *caps)
{
    const struct hyperv_setting *hyperv = &q->node->platform.features.hyperv;
    const struct document_node *whole =
        hyperv->source ? hyperv->source : question_source(q, "features", "hyperv");
    auto_free char *words = domcaps_text(caps, DOMCAPS_HYPERV);
    auto_free char *hint = xasprintf("it has %s", *words ? words : "none");

    if (!q->starts || strcmp(q->type, "kvm") != 0)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
        const int *state = (const int *)((const char *)hyperv + switches[i].offset);
        const struct document_node *value = document_get(whole, switches[i].name);

        if (*state != SWITCH_ON ||
            domcaps_has(caps, DOMCAPS_HYPERV, switches[i].name) != HOST_NO)
            continue;
        question_report(q, value ? value : whole, "host-hyperv", hint,
                        "node '%s' wants Hyper-V's '%s', which host '%s' cannot do",
                        q->node->group, switches[i].name, question_host(q));
    }
}
