/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `cpus`. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"
#include "util/cpuset.h"

static void check_max(struct loader *l, const struct cpu_setting *cpus)
{
    if (cpus->max && cpus->max < cpus->count)
        finding_error(l->d, loader_position(cpus->source, "max"), "cpu-max",
                      arena_printf(l->arena, "write max: %lld or more", cpus->count),
                      "max %lld is less than the %lld CPUs at the start", cpus->max,
                      cpus->count);
}

static void check_mode(struct loader *l, const struct node *node)
{
    const struct cpu_setting *cpus = &node->cpus;
    struct position at = loader_position(cpus->source, "mode");
    bool is_custom = cpus->mode == CPU_MODE_AUTO || cpus->mode == CPU_MODE_CUSTOM;

    if (cpus->model && !is_custom)
        finding_error(l->d, loader_position(cpus->source, "model"), "cpu-model",
                      "leave the model out, or write mode: custom",
                      "mode %s takes no model, and '%s' is given", cpu_modes[cpus->mode],
                      cpus->model);
    else if (!cpus->model && cpus->mode == CPU_MODE_CUSTOM &&
             !document_get(cpus->source, "model"))
        finding_error(l->d, at, "cpu-model",
                      "add a model such as Haswell (virsh cpu-models x86_64 lists them)",
                      "mode custom needs a model");
    if (cpus->mode == CPU_MODE_PASSTHROUGH && node->virt == VIRT_QEMU)
        finding_error(l->d, at, "cpu-mode", "write mode: maximum, or leave it out",
                      "mode host-passthrough needs KVM, and the node has virt: qemu");
}

static bool is_word(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789._-") == strlen(text);
}

/* Keys that mean nothing in the mode that is given. */
static void check_of_mode(struct loader *l, const struct cpu_setting *cpus)
{
    int mode = cpu_mode_of(cpus);
    bool is_host = mode != CPU_MODE_CUSTOM && mode != CPU_MODE_HOST_MODEL;

    if (cpus->model && !is_word(cpus->model))
        finding_error(l->d, loader_position(cpus->source, "model"), "cpu-model",
                      "virsh cpu-models x86_64 lists them", "'%s' cannot be a CPU model",
                      cpus->model);
    if (cpus->vendor_id && is_host)
        finding_error(l->d, loader_position(cpus->source, "vendor_id"), "cpu-vendor",
                      "give a model too, or write mode: host-model",
                      "vendor_id needs mode custom or host-model");
    if (cpus->migratable && !is_host)
        finding_error(l->d, loader_position(cpus->source, "migratable"), "cpu-migratable",
                      "leave it out: such a CPU can always migrate",
                      "migratable needs mode host-passthrough or maximum");
    if (cpus->cache == CPU_CACHE_PASSTHROUGH && !is_host)
        finding_error(l->d, loader_position(cpus->source, "cache"), "cpu-cache",
                      "write cache: emulate",
                      "cache passthrough needs mode host-passthrough or maximum");
}

static void check_vendor(struct loader *l, const struct cpu_setting *cpus)
{
    const char *vendor = cpus->vendor_id;

    if (!vendor)
        return;
    if (strlen(vendor) != VENDOR_ID_LENGTH)
        finding_error(l->d, loader_position(cpus->source, "vendor_id"), "cpu-vendor",
                      "for example GenuineIntel, AuthenticAMD or KVMKVMKVM123",
                      "vendor_id '%s' has %zu characters, and a CPU has %d", vendor,
                      strlen(vendor), VENDOR_ID_LENGTH);
    else if (strchr(vendor, ','))
        finding_error(l->d, loader_position(cpus->source, "vendor_id"), "cpu-vendor",
                      "leave the comma out", "vendor_id '%s' has a comma in it", vendor);
}

static void check_nested(struct loader *l, const struct cpu_setting *cpus,
                         const struct cpu_feature *feature)
{
    bool is_off = feature->policy == CPU_POLICY_DISABLE || feature->policy == CPU_POLICY_FORBID;

    if (strcmp(feature->name, "vmx") != 0 && strcmp(feature->name, "svm") != 0)
        return;
    if ((cpus->nested == SWITCH_ON && is_off) || (cpus->nested == SWITCH_OFF && !is_off))
        finding_error(l->d, feature->source->key_position, "cpu-nested",
                      "leave one of them out", "feature %s %s contradicts nested: %s",
                      feature->name, cpu_policies[feature->policy],
                      cpus->nested == SWITCH_ON ? "true" : "false");
}

static void check_nested_arch(struct loader *l, const struct node *node)
{
    const char *arch = platform_arch(node, "x86_64");

    if (node->cpus.nested && strcmp(arch, "x86_64") != 0 && strcmp(arch, "i686") != 0)
        finding_error(l->d, loader_position(node->cpus.source, "nested"), "cpu-nested",
                      "leave it out", "nested is for x86, and the node is %s", arch);
}

static void check_features(struct loader *l, const struct cpu_setting *cpus)
{
    list_each(struct cpu_feature, cpus->features, feature)
    {
        const char *name = feature->name ? feature->name : "";
        char first = name[0];

        if ((first == '+' || first == '-') && is_word(name + 1))
            finding_error(l->d, feature->source->key_position, "cpu-feature",
                          arena_printf(l->arena, "write %s: %s", name + 1,
                                       first == '+' ? "require" : "disable"),
                          "'%s' cannot be a CPU feature", name);
        else if (is_word(name))
            check_nested(l, cpus, feature);
        else if (*name)
            finding_error(l->d, feature->source->key_position, "cpu-feature",
                          "use names such as aes, avx512f or sse4.2",
                          "'%s' cannot be a CPU feature", name);
    }
}

static void check_topology(struct loader *l, const struct cpu_setting *cpus)
{
    struct cpu_topology topology;
    bool has_max = document_get(cpus->source, "max") != NULL;
    long long product, max = cpu_max(cpus);

    if (!cpu_topology_of(cpus, &topology))
        return;
    product = topology.sockets * topology.dies * topology.cores * topology.threads;
    if (product == max)
        return;
    finding_error(l->d, cpus->topology.source->position, "cpu-topology",
                  product > CPU_MOST ? "sockets * dies * cores * threads is the number of CPUs"
                                     : arena_printf(l->arena,
                                                    "write %s: %lld, or change the "
                                                    "topology",
                                                    has_max ? "max" : "count", product),
                  "the topology has %lld CPUs (%lld * %lld * %lld * %lld), and %s is %lld",
                  product, topology.sockets, topology.dies, topology.cores, topology.threads,
                  has_max ? "max" : "count", max);
}

static void check_quota(struct loader *l, const struct cpu_setting *cpus)
{
    const struct cpu_quota *quota = &cpus->quota;

    if (quota->period && !quota->vcpu && !quota->emulator && !quota->iothread && !quota->global)
        finding_error(l->d, loader_position(quota->source, "period"), "cpu-quota",
                      "add vcpu: 50000, or leave the period out",
                      "a period without a quota limits nothing");
    if (quota->iothread && !cpus->iothreads)
        finding_error(l->d, loader_position(quota->source, "iothread"), "cpu-quota",
                      "add iothreads: 1, or leave it out",
                      "a quota for I/O threads, and the node has none");
}

void check_cpus(struct loader *l, const struct node *node)
{
    const struct cpu_setting *cpus = &node->cpus;

    if (!cpus->source)
        return;
    check_max(l, cpus);
    check_mode(l, node);
    check_of_mode(l, cpus);
    check_vendor(l, cpus);
    check_nested_arch(l, node);
    check_features(l, cpus);
    check_topology(l, cpus);
    check_quota(l, cpus);
    check_pins(l, cpus);
}
