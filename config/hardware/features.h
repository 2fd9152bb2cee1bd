/* SPDX-License-Identifier: Apache-2.0 */
/* The key `features` of a node. All of it: 0 or NULL is "nothing said". */
#ifndef CONFIG_FEATURES_H
#define CONFIG_FEATURES_H

#include <stdint.h>

#include "config/schema/schema.h"

struct hyperv_setting {
    int mode; /* index into hyperv_modes */
    /* enum switch_state, each the element of that name */
    int relaxed, vapic, vpindex, runtime, synic, reset, frequencies, reenlightenment, tlbflush,
        ipi, evmcs, avic;
    long long spinlocks; /* retries */
    struct stimer_setting {
        int enabled, direct; /* enum switch_state */
        const struct document_node *source;
    } stimer;
    const char *vendor_id;
    const struct document_node *source;
};

struct kvm_setting {
    int hidden, hint_dedicated, poll_control, pv_ipi; /* enum switch_state */
    long long dirty_ring;
    const struct document_node *source;
};

struct features_setting {
    int acpi, apic, pae; /* enum switch_state: the element is there or not */
    int pmu, pvspinlock, vmcoreinfo, vmport; /* enum switch_state: state='on' or 'off' */
    struct smm_setting {
        int enabled; /* enum switch_state */
        uint64_t tseg;
        const struct document_node *source;
    } smm;
    int ioapic, gic, msrs; /* indices into the words below */
    uint64_t tb_cache;
    struct hyperv_setting hyperv;
    struct kvm_setting kvm;
    const struct document_node *source;
};

extern const struct schema features_schema, hyperv_schema, stimer_schema, kvm_schema,
    smm_schema;
/* libvirt's words; the first one is "default", which is not written. */
extern const char *const hyperv_modes[], *const ioapic_drivers[], *const gic_versions[],
                                                                      *const msrs_policies[];

#endif
