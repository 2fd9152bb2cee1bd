/* SPDX-License-Identifier: Apache-2.0 */
/* `cpus.pin`: what is pinned is there, and pinned once. */
#include <stdlib.h>
#include <string.h>

#include "config/loader.h"
#include "util/cpuset.h"
#include "util/suggest.h"

/* The number of "iothread3"; 0 for other names. */
static long long iothread_of(const char *name)
{
    const char *digits = name + strlen("iothread");

    if (strncmp(name, "iothread", strlen("iothread")) != 0 || !*digits || *digits == '0' ||
        strspn(digits, "0123456789") != strlen(digits) || strlen(digits) > 4)
        return 0;
    return strtoll(digits, NULL, 10);
}

static void check_iothread(struct loader *l, const struct cpu_setting *cpus,
                           const struct cpu_pin *pin, long long number)
{
    struct position at = pin->source->key_position;

    if (!cpus->iothreads)
        finding_error(l->d, at, "cpu-pin",
                      arena_printf(l->arena, "add 'iothreads: %lld' to cpus", number),
                      "'%s' is pinned, and the node has no I/O threads", pin->name);
    else if (number > cpus->iothreads)
        finding_error(l->d, at, "cpu-pin",
                      arena_printf(l->arena, "the last one is iothread%lld", cpus->iothreads),
                      "'%s' is pinned, and the node has %lld I/O thread%s", pin->name,
                      cpus->iothreads, cpus->iothreads == 1 ? "" : "s");
}

static void report_name(struct loader *l, const struct cpu_pin *pin)
{
    static const char *const words[] = {"all", "emulator", "iothreads", "iothread1", NULL};
    const char *near = suggest_nearest(pin->name, words);

    finding_error(l->d, pin->source->key_position, "cpu-pin",
                  near ? arena_printf(l->arena, "did you mean '%s'?", near)
                       : "write CPUs (0 or 0-3), all, emulator, iothreads or iothread1",
                  "'%s' is nothing that can be pinned", pin->name);
}

static void check_set(struct loader *l, const struct cpu_setting *cpus,
                      const struct cpu_pin *pin, const struct cpuset *set,
                      struct cpuset *pinned)
{
    struct cpuset all = {0};
    int beyond, twice = cpuset_common(set, pinned);

    for (long long i = 0; i < cpu_max(cpus); i++)
        cpuset_add(&all, (unsigned)i);
    beyond = cpuset_beyond(set, &all);
    if (beyond >= 0)
        finding_error(l->d, pin->source->key_position, "cpu-pin",
                      arena_printf(l->arena, "they are counted from 0: the last one is %lld",
                                   cpu_max(cpus) - 1),
                      "CPU %d is pinned, and the node has %lld", beyond, cpu_max(cpus));
    if (twice >= 0)
        finding_error(l->d, pin->source->key_position, "cpu-pin", "take it out of one of them",
                      "CPU %d is pinned twice", twice);
    for (unsigned i = 0; i < CPU_MOST; i++) {
        if (cpuset_has(set, i))
            cpuset_add(pinned, i);
    }
}

void check_pins(struct loader *l, const struct cpu_setting *cpus)
{
    struct cpuset pinned = {0};

    list_each(struct cpu_pin, cpus->pins, pin)
    {
        const char *name = pin->name ? pin->name : "";
        struct cpuset set;

        if (!strcmp(name, "all") || !strcmp(name, "emulator") || !*name)
            continue;
        if (!strcmp(name, "iothreads"))
            check_iothread(l, cpus, pin, 1);
        else if (iothread_of(name))
            check_iothread(l, cpus, pin, iothread_of(name));
        else if (cpuset_parse(name, &set, NULL) < 0)
            report_name(l, pin);
        else
            check_set(l, cpus, pin, &set, &pinned);
    }
}
