/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the host's CPUs a domain gets, and how much of them. */
#include <stdlib.h>

#include "templates/domain/domain_part.h"
#include "util/cpuset.h"

static void write_number(struct xmlwriter *w, const char *element, long long number)
{
    if (number)
        xml_elementf(w, element, "%lld", number);
}

/* A period matters to the quota beside it alone. */
static void write_quota(struct xmlwriter *w, const char *period_element,
                        const char *quota_element, const struct cpu_quota *quota,
                        long long number)
{
    if (number)
        write_number(w, period_element, quota->period);
    write_number(w, quota_element, number);
}

static void write_limits(struct xmlwriter *w, const struct cpu_setting *cpus)
{
    const struct cpu_quota *quota = &cpus->quota;

    write_number(w, "shares", cpus->shares);
    write_quota(w, "period", "quota", quota, quota->vcpu);
    write_quota(w, "global_period", "global_quota", quota, quota->global);
    write_quota(w, "emulator_period", "emulator_quota", quota, quota->emulator);
    write_quota(w, "iothread_period", "iothread_quota", quota, quota->iothread);
}

static bool covers(const struct cpu_pin *pin, unsigned cpu)
{
    struct cpuset set;

    /* what is no set of numbers is a word such as "emulator" */
    return cpuset_parse(pin->name, &set, NULL) == 0 && cpuset_has(&set, cpu);
}

static void write_cpu_pins(struct xmlwriter *w, const struct cpu_setting *cpus)
{
    for (long long i = 0; i < cpu_max(cpus); i++) {
        list_each(struct cpu_pin, cpus->pins, pin)
        {
            if (!covers(pin, (unsigned)i))
                continue;
            xml_open(w, "vcpupin");
            xml_attributef(w, "vcpu", "%lld", i);
            xml_attribute(w, "cpuset", pin->cpus);
            xml_close(w);
        }
    }
}

static void write_thread_pins(struct xmlwriter *w, const struct cpu_setting *cpus)
{
    if (cpu_pin_of(cpus, 0))
        xml_empty(w, "emulatorpin", "cpuset", cpu_pin_of(cpus, 0), NULL);
    for (long long i = 1; i <= cpus->iothreads; i++) {
        if (!cpu_pin_of(cpus, i))
            continue;
        xml_open(w, "iothreadpin");
        xml_attributef(w, "iothread", "%lld", i);
        xml_attribute(w, "cpuset", cpu_pin_of(cpus, i));
        xml_close(w);
    }
}

static bool says_anything(const struct cpu_setting *cpus)
{
    const struct cpu_quota *quota = &cpus->quota;

    return cpus->pins.count || cpus->shares || quota->vcpu || quota->global ||
           quota->emulator || quota->iothread;
}

void cputune_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    const struct cpu_setting *cpus = &t->node->cpus;

    if (!says_anything(cpus))
        return;
    xml_open(w, "cputune");
    write_limits(w, cpus);
    write_cpu_pins(w, cpus);
    write_thread_pins(w, cpus);
    xml_close(w);
}
