/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include <string.h>

static void write_source(struct xmlwriter *w, const struct chardev *c)
{
    bool connects = c->type == CHARDEV_UNIX || c->type == CHARDEV_TCP;

    if (c->type == CHARDEV_TCP) {
        xml_open(w, "source");
        xml_attribute(w, "mode", chardev_modes[c->mode]);
        xml_attribute(w, "host", c->host ? c->host : "127.0.0.1");
        xml_attributef(w, "service", "%lld", c->port);
        xml_close(w);
        xml_empty(w, "protocol", "type", chardev_protocols[c->protocol], NULL);
    } else if (c->path) {
        xml_open(w, "source");
        xml_attribute(w, "mode", connects ? chardev_modes[c->mode] : NULL);
        xml_attribute(w, "path", c->path);
        xml_close(w);
    }
}

static void write_log(struct xmlwriter *w, const char *log, const char *otherwise)
{
    const char *file = log ? log : otherwise;

    if (file && strcmp(file, "none") != 0)
        xml_empty(w, "log", "file", file, "append", "on", NULL);
}

/* The model's name stands twice in libvirt's XML. */
static void write_serial_target(struct xmlwriter *w, const struct chardev *c, size_t port)
{
    xml_open(w, "target");
    if (c->model)
        xml_attribute(w, "type", serial_models[c->model]);
    xml_attributef(w, "port", "%zu", port);
    if (c->model)
        xml_empty(w, "model", "name", serial_models[c->model], NULL);
    xml_close(w);
}

/* The first port is also the first console, with the same other end. */
static void write_serial(struct xmlwriter *w, const struct domain_template *t,
                         const struct chardev *c, size_t port, bool is_console)
{
    xml_open(w, is_console ? "console" : "serial");
    xml_attribute(w, "type", serial_types[c->type]);
    write_source(w, c);
    write_log(w, c->log, port == 0 ? t->console_log : NULL);
    if (is_console)
        xml_empty(w, "target", "type", "serial", "port", "0", NULL);
    else
        write_serial_target(w, c, port);
    if (!is_console && c->source)
        domain_write_alias_number(w, "ua-serial", port);
    xml_close(w);
}

static void write_serials(struct xmlwriter *w, const struct domain_template *t)
{
    static const struct chardev common = {.type = CHARDEV_PTY};
    const struct chardev *first =
        t->node->serials.count ? (const struct chardev *)t->node->serials.items : &common;
    size_t port = 0;

    if (first->type == CHARDEV_NONE)
        return;
    if (first == &common)
        write_serial(w, t, first, port, false);
    list_each(struct chardev, t->node->serials, c) write_serial(w, t, c, port++, false);
    write_serial(w, t, first, 0, true);
}

static void write_consoles(struct xmlwriter *w, const struct domain_template *t)
{
    const struct list *serials = &t->node->serials;
    bool after_serial =
        !serials->count || ((const struct chardev *)serials->items)->type != CHARDEV_NONE;
    size_t index = 0;

    list_each(struct chardev, t->node->consoles, c)
    {
        xml_open(w, "console");
        xml_attribute(w, "type", console_types[c->type]);
        write_source(w, c);
        write_log(w, c->log, NULL);
        xml_open(w, "target");
        xml_attribute(w, "type", "virtio");
        xml_attributef(w, "port", "%zu", index + after_serial);
        xml_close(w);
        domain_write_alias_number(w, "ua-console", index++);
        xml_close(w);
    }
}

static void write_channel(struct xmlwriter *w, const char *type, const char *name,
                          const char *alias)
{
    xml_open(w, "channel");
    xml_attribute(w, "type", type);
    xml_empty(w, "target", "type", "virtio", "name", name, NULL);
    domain_write_alias(w, alias);
    xml_close(w);
}

static void write_channels(struct xmlwriter *w, const struct domain_template *t)
{
    const struct graphics *spice = graphics_spice(&t->node->graphics);
    size_t index = 0;

    if (t->node->agent != SWITCH_OFF)
        write_channel(w, "unix", "org.qemu.guest_agent.0", NULL);
    if (spice && spice->agent != SWITCH_OFF)
        write_channel(w, "spicevmc", "com.redhat.spice.0", "ua-graphics-agent");
    list_each(struct chardev, t->node->channels, c)
    {
        xml_open(w, "channel");
        xml_attribute(w, "type", channel_types[c->type]);
        write_source(w, c);
        write_log(w, c->log, NULL);
        xml_empty(w, "target", "type", "virtio", "name", c->name, NULL);
        domain_write_alias_number(w, "ua-channels", index++);
        xml_close(w);
    }
}

void chardev_xml_write(struct xmlwriter *w, const struct domain_template *t)
{
    write_serials(w, t);
    write_consoles(w, t);
    write_channels(w, t);
}
