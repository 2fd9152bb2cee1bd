/* SPDX-License-Identifier: Apache-2.0 */
/* <serial>, <console>, <channel>. */
#include "config/hardware/chardev.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

static json_t *import_line(xmlNodePtr line, const char *const *types)
{
    const struct import_row rows[] = {
        {"type", "@type", IMPORT_WORD, types},
        {"mode", "source@mode", IMPORT_WORD, chardev_modes},
        {"host", "source@host", IMPORT_TEXT},
        {"port", "source@service", IMPORT_NUMBER},
        {"protocol", "protocol@type", IMPORT_WORD, chardev_protocols},
        {"log", "log@file", IMPORT_TEXT},
        {0},
    };
    static const struct import_row path[] = {{"path", "source@path", IMPORT_TEXT}, {0}};
    auto_free char *host = import_text(line, "source@host");
    json_t *object = json_object();

    import_rows(object, line, rows);
    if (host && strcmp(host, "127.0.0.1") == 0)
        json_object_del(object, "host");
    /* the terminal that libvirt took */
    if (!xmlreader_is(line, "type", "pty"))
        import_rows(object, line, path);
    return object;
}

/* The first port of a node has a log unless it is told not to. */
static void import_serials(json_t *node, xmlNodePtr devices)
{
    static const struct import_row rows[] = {
        {"model", "target@type", IMPORT_WORD, serial_models},
        {0},
    };
    json_t *serials = json_array();

    import_each(devices, "serial", n)
    {
        json_t *serial = import_line(n, serial_types);

        if (!json_object_get(serial, "type")) {
            json_decref(serial);
            continue;
        }
        import_rows(serial, n, rows);
        if (xmlreader_is(xmlreader_child(n, "target"), "type", "isa-serial"))
            json_object_del(serial, "model");
        if (!xmlreader_child(n, "log") && json_array_size(serials) == 0)
            import_set_text(serial, "log", "none");
        json_array_append_new(serials, serial);
    }
    if (json_array_size(serials) == 0)
        json_array_append_new(serials, json_pack("{s:s}", "type", "none"));
    import_set(node, "serial", serials);
}

/* The first serial port is a console as well. */
static void import_consoles(json_t *node, xmlNodePtr devices)
{
    json_t *consoles = json_array();

    import_each(devices, "console", n)
    {
        if (xmlreader_is(xmlreader_child(n, "target"), "type", "virtio"))
            json_array_append_new(consoles, import_line(n, console_types));
    }
    import_set(node, "console", consoles);
}

/* Where libvirt put a channel's socket; in a folder of the domain's own. */
static bool is_made_up(const char *path)
{
    return strstr(path, "/libvirt/qemu/") != NULL;
}

static void import_channel(json_t *channels, xmlNodePtr channel, const char *name)
{
    json_t *object = import_line(channel, channel_types);
    const char *path = json_string_value(json_object_get(object, "path"));

    if (path && is_made_up(path))
        json_object_del(object, "path");
    if (!json_object_get(object, "path") && xmlreader_is(channel, "type", "unix"))
        json_object_del(object, "mode");
    import_set_text(object, "name", name);
    json_array_append_new(channels, object);
}

static bool has_spice(xmlNodePtr devices)
{
    import_each(devices, "graphics", n)
    {
        if (xmlreader_is(n, "type", "spice"))
            return true;
    }
    return false;
}

/* The agents' channels come with keys of their own. */
static void import_channels(json_t *node, xmlNodePtr devices)
{
    json_t *channels = json_array();
    bool has_agent = false;

    import_each(devices, "channel", n)
    {
        auto_free char *name = import_text(n, "target@name");
        bool is_agent = name && strcmp(name, "org.qemu.guest_agent.0") == 0;

        if (!xmlreader_is(xmlreader_child(n, "target"), "type", "virtio"))
            continue;
        has_agent = has_agent || is_agent;
        if (is_agent || (has_spice(devices) && xmlreader_is(n, "type", "spicevmc")))
            continue;
        import_channel(channels, n, name);
    }
    if (!has_agent)
        import_set(node, "agent", json_false());
    import_set(node, "channels", channels);
}

void import_lines(json_t *node, xmlNodePtr domain)
{
    xmlNodePtr devices = xmlreader_child(domain, "devices");

    import_serials(node, devices);
    import_consoles(node, devices);
    import_channels(node, devices);
}
