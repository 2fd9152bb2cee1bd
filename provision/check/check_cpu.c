/* SPDX-License-Identifier: Apache-2.0 */
/* The CPU of a node against the host's and what its hypervisor knows. */
#include <stdlib.h>
#include <string.h>

#include "host/hardware/cpu_compare.h"
#include "host/hardware/cpu_feature.h"
#include "provision/check/question.h"
#include "util/suggest.h"

/* Below it, every machine type takes as many as the tables allow. */
#define FEW_CPUS 240

bool cpu_concerns(const struct node *node)
{
    const struct cpu_setting *c = &node->cpus;

    return c->mode || c->model || c->features.count || c->pins.count || c->cells.count ||
           c->nested || node->memory.nodes || cpu_max(c) > FEW_CPUS;
}

static void check_mode(const struct question *q, const struct domcaps *caps)
{
    const char *mode = cpu_modes[cpu_mode_of(&q->node->cpus)];
    bool emulated = strcmp(q->type, "kvm") != 0;

    if (q->node->cpus.mode == CPU_MODE_AUTO || domcaps_has_mode(caps, mode) != HOST_NO)
        return;
    question_report(q, question_source(q, "cpus", "mode"), "host-cpu-mode",
                    emulated ? "write mode: maximum, which is all that can be emulated, or "
                               "leave it out"
                             : "leave it out: what suits the host is taken",
                    "node '%s' wants CPU mode '%s', which host '%s' cannot do%s",
                    q->node->group, mode, question_host(q),
                    emulated ? ": without KVM the CPU is emulated" : "");
}

static bool is_taken_away(const struct cpu_setting *cpus, const char *feature)
{
    list_each(struct cpu_feature, cpus->features, f)
    {
        if (strcmp(f->name, feature) == 0 && f->policy != CPU_POLICY_REQUIRE)
            return true;
    }
    return false;
}

/* Blockers that the file says nothing about: "hle, rtm". */
static char *remaining_blockers(const struct cpu_setting *cpus, const char *blockers)
{
    auto_free char *copy = xstrdup(blockers);
    struct buffer text = {0};
    char *rest = NULL;

    for (char *f = strtok_r(copy, ", ", &rest); f; f = strtok_r(NULL, ", ", &rest)) {
        if (!is_taken_away(cpus, f))
            buffer_printf(&text, "%s%s", text.length ? ", " : "", f);
    }
    return buffer_take(&text);
}

static void report_missing(const struct question *q, const char *missing)
{
    auto_free char *hint =
        xasprintf("take what is missing away (features: { %.*s: disable }), or take a model "
                  "that the host has: `virsh -c %s domcapabilities` lists the usable ones",
                  (int)strcspn(missing, ","), missing, host_uri(q->host->host));

    question_report(q, question_source(q, "cpus", "model"), "host-cpu-model", hint,
                    "node '%s' wants CPU model '%s', and %s on host '%s' lacks %s",
                    q->node->group, q->node->cpus.model,
                    strcmp(q->type, "kvm") == 0 ? "the CPU" : "the emulated CPU",
                    question_host(q), missing);
}

/* libvirt compares when it starts the guest. Where it does not tell before, the list of models
 * may: but without what is missing, a file that changes features may know better. */
static int check_usable(const struct question *q, const struct domcaps *caps,
                        const struct domcaps_model *model, struct error **err)
{
    const struct cpu_setting *cpus = &q->node->cpus;
    auto_free char *missing = NULL;
    enum host_answer usable;

    if (!q->starts || cpus->check == CPU_CHECK_NONE)
        return 0;
    if (cpu_compare(q->host->host, caps, cpus, &usable, &missing, err) < 0)
        return -1;
    if (usable == HOST_UNKNOWN && model->usable == HOST_NO && model->blockers)
        missing = remaining_blockers(cpus, model->blockers);
    if (missing && *missing)
        report_missing(q, missing);
    return 0;
}

static void report_model(const struct question *q, const struct domcaps *caps)
{
    const char *name = q->node->cpus.model;
    struct suggest near = suggest_start(name);
    auto_free char *hint = NULL;

    for (size_t i = 0; i < caps->model_count; i++)
        suggest_offer(&near, caps->models[i].name);
    hint = suggest_result(&near)
               ? xasprintf("did you mean '%s'?", suggest_result(&near))
               : xasprintf("`virsh -c %s domcapabilities` lists those that it knows",
                           host_uri(q->host->host));
    question_report(q, question_source(q, "cpus", "model"), "host-cpu-model", hint,
                    "node '%s' wants CPU model '%s', which host '%s' does not know",
                    q->node->group, name, question_host(q));
}

static int check_model(const struct question *q, const struct domcaps *caps, struct error **err)
{
    const char *name = q->node->cpus.model;
    const struct domcaps_model *model = name ? domcaps_model(caps, name) : NULL;

    if (!name || !caps->model_count)
        return 0;
    if (model)
        return check_usable(q, caps, model, err);
    report_model(q, caps);
    return 0;
}

static void report_feature(const struct question *q, const char *name)
{
    auto_free char *near = cpu_feature_nearest(name);
    auto_free char *hint = near ? xasprintf("did you mean '%s'?", near) : NULL;

    list_each(struct cpu_feature, q->node->cpus.features, f)
    {
        if (strcmp(f->name, name) == 0)
            question_report(q, f->source, "host-cpu-feature", hint,
                            "node '%s' names CPU feature '%s', which libvirt on host '%s' "
                            "does not know",
                            q->node->group, name, question_host(q));
    }
}

static int check_feature_names(const struct question *q, struct error **err)
{
    auto_free const char **names = NULL;
    const char *unknown = NULL;
    size_t count = 0;

    list_each(struct cpu_feature, q->node->cpus.features, f) vector_push(names, count, f->name);
    vector_push(names, count, NULL);
    if (cpu_feature_check(q->host->host, q->arch, names, &unknown, err) < 0)
        return -1;
    if (unknown)
        report_feature(q, unknown);
    return 0;
}

/* Emulated guests have what QEMU emulates. */
static void check_nested(const struct question *q, const struct domcaps *caps)
{
    const char *feature = q->facts->virtualisation;
    auto_free char *hint = NULL;

    if (!q->starts || q->node->cpus.nested != SWITCH_ON || strcmp(q->type, "kvm") != 0 ||
        !feature || !domcaps_lacks_feature(caps, feature))
        return;
    hint = xasprintf("on the host: echo 'options kvm_%s nested=1' "
                     ">/etc/modprobe.d/kvm-nested.conf, and load the module anew",
                     strcmp(feature, "vmx") == 0 ? "intel" : "amd");
    question_report(q, question_source(q, "cpus", "nested"), "host-nested", hint,
                    "node '%s' wants nested: true, and KVM on host '%s' has nesting switched "
                    "off",
                    q->node->group, question_host(q));
}

static void check_count(const struct question *q)
{
    const struct host_guest *guest = guests_arch(&q->facts->guests, q->arch);
    const struct host_machine *machine = guest ? guests_machine(guest, q->machine_type) : NULL;
    long long count = cpu_max(&q->node->cpus);

    if (!machine || !machine->max_cpus || count <= machine->max_cpus)
        return;
    question_report(q, question_source(q, "cpus", q->node->cpus.max ? "max" : "count"),
                    "host-cpus", "give it fewer CPUs, or another machine type",
                    "node '%s' wants %lld CPUs, and machine '%s' of host '%s' has %lld at most",
                    q->node->group, count, q->machine_type, question_host(q),
                    machine->max_cpus);
}

/* A set of the file has been checked for its form. */
static void check_set(const struct question *q, const char *text, const struct cpuset *have,
                      const struct document_node *at, const char *what)
{
    auto_free char *there = cpuset_format(have);
    auto_free char *hint = NULL;
    struct cpuset want;
    int beyond;

    if (!text || cpuset_parse(text, &want, NULL) < 0)
        return;
    beyond = cpuset_beyond(&want, have);
    if (beyond < 0)
        return;
    hint = xasprintf("it has %s", there);
    question_report(q, at, "host-pin", hint,
                    "node '%s' is pinned to %s %d, which host '%s' "
                    "does not have",
                    q->node->group, what, beyond, question_host(q));
}

static void check_pins(const struct question *q)
{
    const struct host_topology *host = &q->facts->topology;

    if (!q->starts || !host->cell_count)
        return;
    list_each(struct cpu_pin, q->node->cpus.pins, pin)
        check_set(q, pin->cpus, &host->cpus, pin->source, "CPU");
    list_each(struct numa_cell, q->node->cpus.cells, cell)
        check_set(q, cell->nodes, &host->nodes, cell->source, "NUMA node");
    check_set(q, q->node->memory.nodes, &host->nodes, question_source(q, "memory", "nodes"),
              "NUMA node");
}

int cpu_check(struct question *q, struct error **err)
{
    const struct domcaps *caps;

    check_count(q);
    check_pins(q);
    if (check_feature_names(q, err) < 0 || question_caps(q, &caps, err) < 0)
        return -1;
    if (!caps)
        return 0;
    check_mode(q, caps);
    check_nested(q, caps);
    return check_model(q, caps, err);
}
