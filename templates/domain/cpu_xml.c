/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "templates/domain/domain_part.h"

void cpu_xml_write_count(struct xmlwriter *w, const struct domain_template *t)
{
    const struct cpu_setting *cpus = &t->node->cpus;

    xml_open(w, "vcpu");
    list_each(struct cpu_pin, cpus->pins, pin)
    {
        if (strcmp(pin->name, "all") == 0)
            xml_attribute(w, "cpuset", pin->cpus);
    }
    if (cpu_max(cpus) > cpus->count)
        xml_attributef(w, "current", "%lld", cpus->count);
    xml_textf(w, "%lld", cpu_max(cpus));
    xml_close(w);
    if (cpus->iothreads)
        xml_elementf(w, "iothreads", "%lld", cpus->iothreads);
}

static int mode_of(const struct domain_template *t)
{
    int mode = cpu_mode_of(&t->node->cpus);

    if (mode == CPU_MODE_AUTO)
        mode = domain_is_kvm(t) ? CPU_MODE_PASSTHROUGH : CPU_MODE_MAXIMUM;
    return mode;
}

/* libvirt's own defaults, said in full. */
static const char *check_of(const struct cpu_setting *cpus, int mode)
{
    int check = cpus->check;

    if (check == CPU_CHECK_DEFAULT)
        check = mode == CPU_MODE_CUSTOM || mode == CPU_MODE_HOST_MODEL ? CPU_CHECK_PARTIAL
                                                                       : CPU_CHECK_NONE;
    return cpu_checks[check];
}

static void write_model(struct xmlwriter *w, const struct cpu_setting *cpus, int mode)
{
    if (!cpus->model && !cpus->vendor_id)
        return;
    xml_open(w, "model");
    /* the model that was asked for, or none */
    if (mode == CPU_MODE_CUSTOM)
        xml_attribute(w, "fallback", "forbid");
    xml_attribute(w, "vendor_id", cpus->vendor_id);
    if (cpus->model)
        xml_text(w, cpus->model);
    xml_close(w);
}

static void write_topology(struct xmlwriter *w, const struct cpu_setting *cpus)
{
    struct cpu_topology topology;

    if (!cpu_topology_of(cpus, &topology))
        return;
    xml_open(w, "topology");
    xml_attributef(w, "sockets", "%lld", topology.sockets);
    xml_attributef(w, "dies", "%lld", topology.dies);
    xml_attributef(w, "cores", "%lld", topology.cores);
    xml_attributef(w, "threads", "%lld", topology.threads);
    xml_close(w);
}

static void write_cache(struct xmlwriter *w, const struct cpu_setting *cpus)
{
    if (cpus->cache == CPU_CACHE_DEFAULT)
        return;
    xml_open(w, "cache");
    if (cpus->cache == CPU_CACHE_EMULATE)
        xml_attribute(w, "level", "3"); /* the only one that QEMU emulates */
    xml_attribute(w, "mode", cpu_caches[cpus->cache]);
    xml_close(w);
}

static void write_feature(struct xmlwriter *w, const struct cpu_setting *cpus,
                          const char *policy, const char *name)
{
    list_each(struct cpu_feature, cpus->features, feature)
    {
        if (strcmp(feature->name, name) == 0)
            return; /* said by the file */
    }
    xml_empty(w, "feature", "policy", policy, "name", name, NULL);
}

/* QEMU's emulator has AMD's virtualisation, whatever the host has. */
static void write_nested(struct xmlwriter *w, const struct domain_template *t)
{
    const struct cpu_setting *cpus = &t->node->cpus;
    const char *host = t->virtualisation ? t->virtualisation : "vmx";

    if (cpus->nested == SWITCH_ON) {
        write_feature(w, cpus, "require", domain_is_kvm(t) ? host : "svm");
    } else if (cpus->nested == SWITCH_OFF) {
        write_feature(w, cpus, "disable", "svm");
        write_feature(w, cpus, "disable", "vmx");
    }
}

static void write_features(struct xmlwriter *w, const struct domain_template *t, int mode)
{
    const struct cpu_setting *cpus = &t->node->cpus;

    list_each(struct cpu_feature, cpus->features, feature) xml_empty(
        w, "feature", "policy", cpu_policies[feature->policy], "name", feature->name, NULL);
    if (!domain_is_x86(t))
        return;
    write_nested(w, t);
    /* QEMU's emulator has five-level paging, but many kernels crash on it; and it forgets all
     * address translations when protection keys are loaded, at each change of process */
    if (!domain_is_kvm(t) && mode == CPU_MODE_MAXIMUM) {
        write_feature(w, cpus, "disable", "la57");
        write_feature(w, cpus, "disable", "pku");
    }
}

void cpu_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct cpu_setting *cpus = &t->node->cpus;
    int mode = mode_of(t);

    xml_open(w, "cpu");
    xml_attribute(w, "mode", cpu_modes[mode]);
    if (mode == CPU_MODE_CUSTOM)
        xml_attribute(w, "match", "exact");
    xml_attribute(w, "check", check_of(cpus, mode));
    if (cpus->migratable)
        xml_attribute(w, "migratable", cpus->migratable == SWITCH_ON ? "on" : "off");
    write_model(w, cpus, mode);
    write_topology(w, cpus);
    write_cache(w, cpus);
    write_features(w, t, mode);
    numa_xml_write(w, t);
    xml_close(w);
}
