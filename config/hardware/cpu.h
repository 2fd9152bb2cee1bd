/* SPDX-License-Identifier: Apache-2.0 */
/* The key `cpus` of a node. The words are libvirt's own, in the order of the enums. */
#ifndef CONFIG_CPU_H
#define CONFIG_CPU_H

#include "config/hardware/numa.h"
#include "config/schema/schema.h"

#define CPU_MOST 512
#define IOTHREAD_MOST 64
#define VENDOR_ID_LENGTH 12

enum cpu_mode {
    CPU_MODE_AUTO, /* host-passthrough with KVM, else maximum */
    CPU_MODE_PASSTHROUGH,
    CPU_MODE_HOST_MODEL,
    CPU_MODE_CUSTOM,
    CPU_MODE_MAXIMUM
};
enum cpu_policy {
    CPU_POLICY_FORCE,
    CPU_POLICY_REQUIRE,
    CPU_POLICY_OPTIONAL,
    CPU_POLICY_DISABLE,
    CPU_POLICY_FORBID
};
enum cpu_check { CPU_CHECK_DEFAULT, CPU_CHECK_NONE, CPU_CHECK_PARTIAL, CPU_CHECK_FULL };
enum cpu_cache {
    CPU_CACHE_DEFAULT,
    CPU_CACHE_PASSTHROUGH,
    CPU_CACHE_EMULATE,
    CPU_CACHE_DISABLE
};

struct cpu_feature {
    const char *name; /* "vmx" */
    int policy;
    const struct document_node *source;
};

struct cpu_pin {
    const char *name; /* "0", "0-3", "all", "emulator", "iothreads" or "iothread1" */
    const char *cpus; /* of the host */
    const struct document_node *source;
};

struct cpu_topology {
    long long sockets, dies, cores, threads; /* 0: see cpu_topology_of */
    const struct document_node *source;
};

/* Microseconds in each period; 0: without a limit. */
struct cpu_quota {
    long long vcpu, emulator, iothread, global;
    long long period; /* 0: libvirt's, 100000 */
    const struct document_node *source;
};

struct cpu_setting {
    long long count; /* at the start; 1 by default */
    long long max;   /* 0: count; see cpu_max */
    int mode;        /* enum cpu_mode; see cpu_mode_of */
    const char *model;
    const char *vendor_id;
    struct list features; /* struct cpu_feature */
    struct cpu_topology topology;
    struct list pins;  /* struct cpu_pin */
    struct list cells; /* struct numa_cell */
    int nested;        /* enum switch_state */
    long long shares;
    struct cpu_quota quota;
    long long iothreads;
    int check, cache;
    int migratable; /* enum switch_state */
    const struct document_node *source;
};

extern const struct schema cpu_schema, cpu_feature_schema, cpu_pin_schema, cpu_topology_schema,
    cpu_quota_schema;
extern const char *const cpu_modes[], *const cpu_policies[], *const cpu_checks[],
                                                                 *const cpu_caches[];

/* CPUs that there may be, those that are not plugged in at the start too. */
long long cpu_max(const struct cpu_setting *cpus);
/* The mode that is meant: a model alone says custom. */
int cpu_mode_of(const struct cpu_setting *cpus);
/* Without the gaps: 1 for what is left out, sockets by cpu_max. False: nothing was said. */
bool cpu_topology_of(const struct cpu_setting *cpus, struct cpu_topology *ret);
/* The host's CPUs that an I/O thread (from 1) or, with 0, the emulator is pinned to; NULL. */
const char *cpu_pin_of(const struct cpu_setting *cpus, long long iothread);

#endif
