/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_area.h"

#include <string.h>
#include <strings.h>

#include "templates/xmlreader.h"
#include "util/memory.h"

/* Elements whose keys have other names. */
static const struct {
    const char *element, *area;
} areas[] = {
    {"cpu", "cpus"},
    {"cputune", "cpus"},
    {"iothreads", "cpus"},
    {"iothreadids", "cpus"},
    {"numatune", "cpus"},
    {"memoryBacking", "memory"},
    {"memtune", "memory"},
    {"maxMemory", "memory max"},
    {"os/loader", "firmware"},
    {"os/nvram", "firmware"},
    {"os/firmware", "firmware"},
    {"os", "firmware"}, /* its attribute */
    {"os/type", "machine"},
    {"os/boot", "boot"},
    {"os/bootmenu", "boot"},
    {"os/bios", "boot"},
    {"os/kernel", "kernel"},
    {"os/initrd", "initrd"},
    {"os/cmdline", "cmdline"},
    {"os/smbios", "smbios"},
    {"sysinfo", "smbios"},
    {"memballoon", "balloon"},
    {"filesystem", "share"},
    {"hostdev", "devices"},
};

static bool is_element(xmlNodePtr node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static const char *area_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(areas); i++) {
        if (strcmp(areas[i].element, name) == 0)
            return areas[i].area;
    }
    return NULL;
}

char *domain_area(xmlNodePtr element, size_t number)
{
    const char *name = (const char *)element->name;
    auto_free char *alias = xmlreader_child_attribute(element, "alias", "name");
    auto_free char *path = is_element(element->parent, "os") ? xasprintf("os/%s", name) : NULL;
    const char *known = area_named(path ? path : name);

    if (is_element(element, "interface"))
        return xasprintf("network %zu", number);
    if (is_element(element, "sysinfo") && xmlreader_is(element, "type", "fwcfg"))
        return xstrdup("fw_cfg");
    if (alias && strncmp(alias, "ua-", 3) == 0) {
        bool is_root = strcmp(alias, "ua-root") == 0;
        char *area = is_root ? xstrdup("disk root") : xstrdup(alias + 3);

        if (!is_root && strchr(area, '-'))
            *strchr(area, '-') = ' ';
        return area;
    }
    return xstrdup(known ? known : name);
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

char *domain_area_words(const char *outer, xmlNodePtr element)
{
    static const char *const silent[] = {"driver", "target", "source", "alias", NULL};
    static const char *const names[] = {"name", "id", "vcpu", "iothread", NULL};
    const char *name = (const char *)element->name;

    if (is_one_of(name, silent))
        return xstrdup(outer);
    for (size_t i = 0; names[i]; i++) {
        auto_free char *which = xmlreader_attribute(element, names[i]);

        if (which)
            return xasprintf("%s %s %s", outer, name, which);
    }
    return xasprintf("%s %s", outer, name);
}

char *domain_area_attribute(const char *words, const char *attribute)
{
    static const char *const plain[] = {"value", "size", "type", "state", "name", NULL};
    size_t length = strlen(words), tail = strlen(attribute);
    bool is_last = length >= tail && strcmp(words + length - tail, attribute) == 0;

    return is_last || is_one_of(attribute, plain) ? xstrdup(words)
                                                  : xasprintf("%s %s", words, attribute);
}

/* In a running domain the CPU and the firmware are what libvirt made of the wish. */
static bool is_skipped_live(xmlNodePtr element)
{
    static const char *const names[] = {"cputune", "graphics", "maxMemory", NULL};

    if (is_element(element, "firmware") && is_element(element->parent, "os"))
        return true;
    if (is_element(element->parent, "cpu"))
        return !is_element(element, "topology") && !is_element(element, "numa");
    for (size_t i = 0; names[i]; i++) {
        if (is_element(element, names[i]))
            return true;
    }
    return false;
}

bool domain_area_is_skipped(xmlNodePtr element, bool live)
{
    static const char *const names[] = {
        "name",  "uuid",  "metadata",      "description", "title",   "memory",  "vcpu",
        "vcpus", "alias", "currentMemory", "resource",    "console", "backing", NULL};
    auto_free char *alias = xmlreader_child_attribute(element, "alias", "name");

    if (element->_private || (live && is_skipped_live(element)))
        return true;
    if (is_element(element, "memory") && is_element(element->parent, "cell"))
        return false;
    for (size_t i = 0; names[i]; i++) {
        if (is_element(element, names[i]))
            return true;
    }
    /* how a NIC of type user gets its forwards: forward_diff.h compares those */
    if (is_element(element, "commandline") || is_element(element, "override"))
        return true;
    if (is_element(element, "controller"))
        return !alias;
    return alias && strcmp(alias, "ua-seed") == 0;
}

bool domain_area_is_strict(xmlNodePtr element, const char *attribute)
{
    static const struct {
        const char *parent, *element, *attribute;
    } rows[] = {
        {"disk", "readonly", NULL},
        {"disk", "shareable", NULL},
        {"disk", "serial", NULL},
        {"disk", "iotune", NULL},
        {"disk", "boot", NULL},
        {"disk", "driver", "cache"},
        {"disk", "driver", "io"},
        {"disk", "driver", "discard"},
        {"disk", "driver", "iothread"},
        {"disk", "driver", "detect_zeroes"},
        {"interface", "mtu", NULL},
        {"interface", "link", NULL},
        {"interface", "bandwidth", NULL},
        {"interface", "boot", NULL},
        {"interface", "driver", "queues"},
        {"interface", "vlan", NULL},
        {"interface", "vlan", "trunk"},
        {"vlan", "tag", NULL},
        {"vlan", "tag", "nativeMode"},
        {"domain", "memoryBacking", NULL},
        {"domain", "cputune", NULL},
        {"domain", "numatune", NULL},
        {"cpu", "topology", NULL},
        {"cpu", "numa", NULL},
        {"cpu", "feature", NULL},
        {"os", "kernel", NULL},
        {"os", "initrd", NULL},
        {"os", "cmdline", NULL},
        {"os", "bootmenu", NULL},
        {"features", "hyperv", NULL},
        {"devices", "hostdev", NULL},
        {"devices", "filesystem", NULL},
        {"devices", "graphics", NULL},
        {"devices", "sound", NULL},
        {"devices", "tpm", NULL},
        {"devices", "shmem", NULL},
        {"devices", "vsock", NULL},
        {"devices", "redirdev", NULL},
        {"devices", "smartcard", NULL},
    };

    /* what it is without a word too */
    if (is_element(element, "link") && xmlreader_is(element, "state", "up"))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        bool same_attribute = attribute && rows[i].attribute
                                  ? strcmp(attribute, rows[i].attribute) == 0
                                  : attribute == rows[i].attribute;

        if (same_attribute && is_element(element, rows[i].element) &&
            is_element(element->parent, rows[i].parent))
            return true;
    }
    return false;
}

/* "q35" names the newest of its versions: pc-q35-7.2; libvirt keeps what it was then. */
static bool is_version_of(const char *machine, const char *version)
{
    auto_free char *inner = xasprintf("-%s-", machine);
    auto_free char *start = xasprintf("%s-", machine);

    if (strcmp(machine, "pc") == 0)
        return strncmp(version, "pc-i440fx-", 10) == 0;
    return strstr(version, inner) || strncmp(version, start, strlen(start)) == 0;
}

bool domain_area_is_same(xmlNodePtr want, xmlNodePtr have, const char *attribute,
                         const char *ours, const char *theirs, bool live)
{
    if (strcmp(ours, theirs) == 0 && attribute)
        return true;
    if (xmlreader_has(want, "unit") && (!attribute || strcmp(attribute, "unit") == 0))
        return xmlreader_bytes(want, "KiB") == xmlreader_bytes(have, "KiB");
    if (strcmp(ours, theirs) == 0)
        return true;
    if (is_element(want, "type") && attribute && strcmp(attribute, "machine") == 0)
        return is_version_of(ours, theirs);
    if (is_element(want, "mac") || is_element(want, "uuid"))
        return strcasecmp(ours, theirs) == 0;
    /* libvirt shows what a network with <forward mode='bridge'/> makes of a NIC that runs */
    if (live && is_element(want, "interface") && attribute && strcmp(attribute, "type") == 0)
        return strcmp(ours, "network") == 0 &&
               xmlreader_has(xmlreader_child(have, "source"), "network");
    /* a port that was left to libvirt */
    if (live && attribute && strcmp(attribute, "port") == 0)
        return strcmp(ours, "-1") == 0;
    return false;
}
