/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/import/normal_rule.h"

#include <stdlib.h>
#include <string.h>

#include "templates/import/import_row.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static bool is_named(xmlNodePtr node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

/* What names the domain, what libvirt keeps for itself, and where it put devices. */
static bool drops_by_name(xmlNodePtr element)
{
    static const struct {
        const char *parent, *element;
    } rows[] = {{"domain", "name"},       {"domain", "uuid"},      {"domain", "genid"},
                {"domain", "metadata"},   {"domain", "vcpus"},     {"domain", "iothreadids"},
                {"disk", "backingStore"}, {"disk", "alias"},       {"disk", "address"},
                {"disk", "mirror"},       {"os", "nvram"},         {NULL, "alias"},
                {"devices", "audio"},     {"interface", "target"}, {"interface", "address"},
                {"source", "privateData"}};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (is_named(element, rows[i].element) &&
            (!rows[i].parent || is_named(element->parent, rows[i].parent)))
            return true;
    }
    return is_named(element, "address") && is_named(element->parent->parent, "devices");
}

/* All controllers but those that are a choice: SCSI's by model, USB's by model. */
static bool drops_controller(xmlNodePtr element)
{
    auto_free char *model = xmlreader_attribute(element, "model");

    if (xmlreader_is(element, "type", "usb"))
        return !model || strcmp(model, "none") == 0 || strncmp(model, "ich9-uhci", 9) == 0;
    return !xmlreader_is(element, "type", "scsi");
}

/* The console that is the first serial port. */
static bool drops_console(xmlNodePtr element)
{
    xmlNodePtr target = xmlreader_child(element, "target");

    return !target || !xmlreader_has(target, "type") || xmlreader_is(target, "type", "serial");
}

/* What QEMU does anyway where a timer is not named, or is named without saying anything. */
static bool drops_timer(xmlNodePtr element)
{
    if (xmlreader_has(element, "track") || xmlreader_has(element, "frequency"))
        return false;
    if (xmlreader_is(element, "name", "rtc") || xmlreader_is(element, "name", "pit"))
        return !xmlreader_is(element, "present", "no") &&
               (!xmlreader_has(element, "tickpolicy") ||
                xmlreader_is(element, "tickpolicy", "delay"));
    return xmlreader_is(element, "name", "hpet") && !xmlreader_is(element, "present", "no");
}

static bool drops_current_memory(xmlNodePtr element)
{
    return xmlreader_bytes(element, "KiB") ==
           xmlreader_bytes(xmlreader_child(element->parent, "memory"), "KiB");
}

static bool drops_emulator(xmlNodePtr element)
{
    auto_free char *path = xmlreader_text(element);

    return path &&
           (strncmp(path, "/usr/bin/qemu-system-", 21) == 0 ||
            strcmp(path, "/usr/libexec/qemu-kvm") == 0 || strcmp(path, "/usr/bin/kvm") == 0 ||
            strcmp(path, "/usr/bin/qemu-kvm") == 0);
}

/* A boot ROM that is never run. */
static bool drops_rom(xmlNodePtr element)
{
    return xmlreader_is(element, "enabled", "no") && is_named(element->parent, "interface") &&
           !xmlreader_child(element->parent, "boot");
}

/* libvirt's own choice of firmware: what it is made of. */
static bool drops_firmware(xmlNodePtr element)
{
    xmlNodePtr os = element->parent;
    bool is_chosen = xmlreader_is(os, "firmware", "efi");

    if (is_named(element, "loader"))
        return is_chosen;
    return is_named(element, "feature") && is_named(os, "firmware") &&
           !xmlreader_is(element, "enabled", "yes");
}

static bool drops_listen(xmlNodePtr element)
{
    auto_free char *address = xmlreader_attribute(element, "address");

    return xmlreader_is(element, "type", "address") &&
           (!address || strcmp(address, "127.0.0.1") == 0);
}

static bool drops_input(xmlNodePtr element)
{
    return xmlreader_is(element, "bus", "ps2");
}

static bool drops_seclabel(xmlNodePtr element)
{
    return !xmlreader_is(element, "type", "static");
}

static bool drops_resource(xmlNodePtr element)
{
    auto_free char *partition = xmlreader_child_text(element, "partition");

    return partition && strcmp(partition, "/machine") == 0;
}

static bool drops_link(xmlNodePtr element)
{
    return xmlreader_is(element, "state", "up");
}

static bool drops_sleep(xmlNodePtr element)
{
    return xmlreader_is(element, "enabled", "yes");
}

/* The card that libvirt adds to a screen is what virtopo's would be. */
static bool drops_video(xmlNodePtr element)
{
    return xmlreader_is(xmlreader_child(element, "model"), "type", "none") &&
           !xmlreader_child(element->parent, "graphics");
}

/* The period that quotas have when none is said. */
static bool drops_period(xmlNodePtr element)
{
    auto_free char *text = xmlreader_text(element);

    return text && strcmp(text, "100000") == 0;
}

/* The domain's own, by another name. */
static bool drops_entry(xmlNodePtr element)
{
    return xmlreader_is(element, "name", "uuid");
}

static bool drops_watchdog(xmlNodePtr element)
{
    return xmlreader_is(element, "model", "itco");
}

bool normal_drops_element(xmlNodePtr element)
{
    static const struct {
        const char *parent, *element;
        bool (*drops)(xmlNodePtr element);
    } rows[] = {
        {"devices", "controller", drops_controller},
        {"devices", "console", drops_console},
        {"clock", "timer", drops_timer},
        {"domain", "currentMemory", drops_current_memory},
        {"devices", "emulator", drops_emulator},
        {"interface", "rom", drops_rom},
        {"os", "loader", drops_firmware},
        {"firmware", "feature", drops_firmware},
        {"graphics", "listen", drops_listen},
        {"devices", "input", drops_input},
        {"domain", "seclabel", drops_seclabel},
        {"domain", "resource", drops_resource},
        {"interface", "link", drops_link},
        {"pm", "suspend-to-mem", drops_sleep},
        {"pm", "suspend-to-disk", drops_sleep},
        {"devices", "video", drops_video},
        {"devices", "watchdog", drops_watchdog},
        {"system", "entry", drops_entry},
        {"cputune", "period", drops_period},
        {"cputune", "global_period", drops_period},
        {"cputune", "emulator_period", drops_period},
        {"cputune", "iothread_period", drops_period},
    };

    if (drops_by_name(element))
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (is_named(element, rows[i].element) && is_named(element->parent, rows[i].parent))
            return rows[i].drops(element);
    }
    return false;
}

bool normal_drops_empty(xmlNodePtr element)
{
    static const char *const names[] = {
        "pm",     "clock",  "firmware", "os",     "cpu",     "driver",     "target",
        "source", "listen", "features", "stats",  "model",   "rom",        "log",
        "gl",     "title",  "kernel",   "initrd", "cmdline", "parameters", NULL};

    return import_has_word(names, (const char *)element->name);
}
