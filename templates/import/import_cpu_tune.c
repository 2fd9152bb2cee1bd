/* SPDX-License-Identifier: Apache-2.0 */
/* <cputune>: the host's CPUs that a domain gets, and how much of them. */
#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/cpuset.h"
#include "util/buffer.h"
#include "util/memory.h"

/* All virtual CPUs with the same pin, as one set: "0-3,8". */
static char *same_pins(xmlNodePtr tune, const char *cpus, bool *ret_first, xmlNodePtr self)
{
    auto_buffer struct buffer numbers = {0};
    struct cpuset set;
    bool seen = false;

    *ret_first = false;
    import_each(tune, "vcpupin", n)
    {
        auto_free char *vcpu = xmlreader_attribute(n, "vcpu");

        if (!vcpu || !xmlreader_is(n, "cpuset", cpus))
            continue;
        if (!seen)
            *ret_first = n == self;
        seen = true;
        buffer_printf(&numbers, "%s%s", numbers.length ? "," : "", vcpu);
    }
    if (!numbers.data || cpuset_parse(numbers.data, &set, NULL) < 0)
        return xstrdup("");
    return cpuset_format(&set);
}

static void import_pins(json_t *pins, xmlNodePtr tune)
{
    import_each(tune, "vcpupin", n)
    {
        auto_free char *cpus = xmlreader_attribute(n, "cpuset");
        bool first = false;
        auto_free char *name = cpus ? same_pins(tune, cpus, &first, n) : NULL;

        if (first && *name)
            json_object_set_new(pins, name, json_string(cpus));
    }
}

static void import_thread_pins(json_t *pins, xmlNodePtr tune)
{
    auto_free char *emulator = import_text(tune, "emulatorpin@cpuset");

    import_set_text(pins, "emulator", emulator);
    import_each(tune, "iothreadpin", n)
    {
        auto_free char *number = xmlreader_attribute(n, "iothread");
        auto_free char *cpus = xmlreader_attribute(n, "cpuset");
        auto_free char *name = number ? xasprintf("iothread%s", number) : NULL;

        if (name && cpus)
            json_object_set_new(pins, name, json_string(cpus));
    }
}

/* One period is all that the file has. */
static void import_period(json_t *cpus, xmlNodePtr tune)
{
    static const char *const elements[] = {"period", "global_period", "emulator_period",
                                           "iothread_period"};

    for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
        auto_free char *period = import_text(tune, elements[i]);

        if (period && json_object_get(cpus, "quota"))
            import_set(cpus, "quota.period", json_integer(xmlreader_number(period, 0)));
    }
}

void import_cpu_tune(json_t *cpus, xmlNodePtr domain)
{
    static const struct import_row rows[] = {
        {"shares", "shares", IMPORT_NUMBER},
        {"quota.vcpu", "quota", IMPORT_NUMBER},
        {"quota.emulator", "emulator_quota", IMPORT_NUMBER},
        {"quota.iothread", "iothread_quota", IMPORT_NUMBER},
        {"quota.global", "global_quota", IMPORT_NUMBER},
        {0},
    };
    xmlNodePtr tune = xmlreader_child(domain, "cputune");
    auto_free char *iothreads = import_text(domain, "iothreads");
    auto_free char *all = import_text(domain, "vcpu@cpuset");
    json_t *pins = json_object();

    import_set_text(pins, "all", all);
    import_pins(pins, tune);
    import_thread_pins(pins, tune);
    import_set(cpus, "pin", pins);
    import_rows(cpus, tune, rows);
    import_period(cpus, tune);
    if (xmlreader_number(iothreads, 0) > 0)
        import_set(cpus, "iothreads", json_integer(xmlreader_number(iothreads, 0)));
}
