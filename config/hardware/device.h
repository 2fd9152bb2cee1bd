/* SPDX-License-Identifier: Apache-2.0 */
/* Small devices of a node: `watchdog`, `rng`, `tpm`, `balloon`, `panic`, `vsock`, `iommu`. */
#ifndef CONFIG_DEVICE_H
#define CONFIG_DEVICE_H

#include <stdint.h>

#include "config/schema/schema.h"

enum watchdog_model { WATCHDOG_NONE, WATCHDOG_I6300ESB, WATCHDOG_IB700 };

struct watchdog_setting {
    int model;  /* enum watchdog_model */
    int action; /* index into watchdog_actions */
    const struct document_node *source;
};

struct rng_setting {
    const char *source_name; /* a device of the host, "builtin", "none"; NULL: /dev/urandom */
    uint64_t bytes;          /* at most so many in a period; 0: no limit */
    uint64_t period;         /* ms; 0: one second */
    const struct document_node *source;
};

enum tpm_version { TPM_NONE, TPM_2_0, TPM_1_2 };
enum tpm_type { TPM_EMULATOR, TPM_PASSTHROUGH };

struct tpm_setting {
    int version; /* enum tpm_version */
    int model;   /* index into tpm_models; 0: by version */
    int type;    /* enum tpm_type */
    const char *device;
    int persistent_state;
    const struct document_node *source;
};

enum balloon_model { BALLOON_VIRTIO, BALLOON_NONE };

struct balloon_setting {
    int model; /* index into balloon_models */
    int autodeflate, free_page_reporting;
    uint64_t stats; /* ms, whole seconds; 0: none */
    const struct document_node *source;
};

enum panic_model { PANIC_NONE, PANIC_ISA, PANIC_HYPERV };

struct vsock_setting {
    int enabled;   /* enum switch_state */
    long long cid; /* 0: the host's next free one */
    const struct document_node *source;
};

enum iommu_model { IOMMU_NONE, IOMMU_INTEL, IOMMU_VIRTIO };

struct iommu_setting {
    int model; /* enum iommu_model */
    int caching_mode, iotlb;
    long long aw_bits;
    const struct document_node *source;
};

/* libvirt's words, but for "none" where nothing is meant, and "default". */
extern const char *const watchdog_models[],
    *const watchdog_actions[], *const tpm_versions[], *const tpm_models[],
                                                          *const tpm_types[],
                                                              *const balloon_models[],
                                                                  *const panic_models[],
                                                                      *const iommu_models[];
extern const struct schema watchdog_schema, rng_schema, tpm_schema, balloon_schema,
    vsock_schema, iommu_schema;

#endif
