/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/cpu.h"

#include <stdio.h>
#include <string.h>

#include "config/cluster.h"

long long cpu_max(const struct cpu_setting *cpus)
{
    return cpus->max ? cpus->max : cpus->count;
}

int cpu_mode_of(const struct cpu_setting *cpus)
{
    return cpus->mode == CPU_MODE_AUTO && cpus->model ? CPU_MODE_CUSTOM : cpus->mode;
}

bool cpu_topology_of(const struct cpu_setting *cpus, struct cpu_topology *ret)
{
    const struct cpu_topology *given = &cpus->topology;
    long long inner;

    *ret = *given;
    ret->dies = given->dies ? given->dies : 1;
    ret->cores = given->cores ? given->cores : 1;
    ret->threads = given->threads ? given->threads : 1;
    inner = ret->dies * ret->cores * ret->threads;
    if (!given->sockets)
        ret->sockets = cpu_max(cpus) > inner ? cpu_max(cpus) / inner : 1;
    return given->sockets || given->dies || given->cores || given->threads;
}

const char *cpu_pin_of(const struct cpu_setting *cpus, long long iothread)
{
    const char *all = NULL;
    char name[32];

    snprintf(name, sizeof name, "iothread%lld", iothread);
    list_each(struct cpu_pin, cpus->pins, pin)
    {
        if (!strcmp(pin->name, iothread ? name : "emulator"))
            return pin->cpus;
        if (iothread && !strcmp(pin->name, "iothreads"))
            all = pin->cpus;
    }
    return all;
}
