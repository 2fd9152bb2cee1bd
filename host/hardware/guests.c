/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/guests.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "util/memory.h"

/* Those of one kind of domain stand below it, where they differ from the others. */
static void read_machines(xmlNodePtr parent, struct host_guest *ret)
{
    for (xmlNodePtr m = xmlreader_child(parent, "machine"); m; m = xmlreader_next(m)) {
        auto_free char *cpus = xmlreader_attribute(m, "maxCpus");
        struct host_machine machine = {.name = xmlreader_text(m),
                                       .canonical = xmlreader_attribute(m, "canonical"),
                                       .deprecated = xmlreader_is(m, "deprecated", "yes"),
                                       .max_cpus = xmlreader_number(cpus, 0)};

        if (guests_machine(ret, machine.name)) {
            free(machine.name);
            free(machine.canonical);
            continue;
        }
        vector_push(ret->machines, ret->machine_count, machine);
    }
}

static void read_guest(xmlNodePtr node, struct host_guests *ret)
{
    xmlNodePtr arch = xmlreader_child(node, "arch");
    auto_free char *os = xmlreader_child_text(node, "os_type");
    struct host_guest guest = {0};

    if (!arch || !os || strcmp(os, "hvm") != 0)
        return;
    guest.arch = xmlreader_attribute(arch, "name");
    if (!guest.arch)
        return;
    read_machines(arch, &guest);
    for (xmlNodePtr d = xmlreader_child(arch, "domain"); d; d = xmlreader_next(d)) {
        guest.kvm = guest.kvm || xmlreader_is(d, "type", "kvm");
        read_machines(d, &guest);
    }
    vector_push(ret->items, ret->count, guest);
}

void guests_parse(xmlNodePtr capabilities, struct host_guests *ret)
{
    *ret = (struct host_guests){0};
    for (xmlNodePtr g = xmlreader_child(capabilities, "guest"); g; g = xmlreader_next(g))
        read_guest(g, ret);
}

void guests_done(struct host_guests *guests)
{
    for (size_t i = 0; i < guests->count; i++) {
        struct host_guest *guest = &guests->items[i];

        for (size_t m = 0; m < guest->machine_count; m++) {
            free(guest->machines[m].name);
            free(guest->machines[m].canonical);
        }
        free(guest->machines);
        free(guest->arch);
    }
    free(guests->items);
    *guests = (struct host_guests){0};
}

const struct host_guest *guests_arch(const struct host_guests *guests, const char *arch)
{
    for (size_t i = 0; i < guests->count; i++) {
        if (strcmp(guests->items[i].arch, arch) == 0)
            return &guests->items[i];
    }
    return NULL;
}

const struct host_machine *guests_machine(const struct host_guest *guest, const char *name)
{
    for (size_t i = 0; i < guest->machine_count; i++) {
        if (strcmp(guest->machines[i].name, name) == 0)
            return &guest->machines[i];
    }
    return NULL;
}
