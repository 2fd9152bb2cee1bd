/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `serial`, `console` and `channels`. */
#include <string.h>

#include "config/loader.h"

#define ISA_PORTS 4

static void check_source(struct loader *l, const struct node *node, const struct schema *schema,
                         const struct chardev *c, bool needs_path)
{
    bool tcp = c->type == CHARDEV_TCP, named = c->type == CHARDEV_UNIX;
    bool has_path = named || c->type == CHARDEV_FILE || c->type == CHARDEV_DEV;
    struct position type = loader_position(c->source, "type");

    check_unfit(l, schema, c->source, "path", has_path);
    check_unfit(l, schema, c->source, "host port protocol", tcp);
    check_unfit(l, schema, c->source, "mode", tcp || named);
    check_absolute(l, c->source, "path", c->path);
    if (has_path && !c->path && (needs_path || !named))
        finding_error(l->d, type, "line-path", "add 'path: /run/web.sock'",
                      "type %s needs a path on the host", channel_types[c->type]);
    if (tcp && !c->port && !document_get(c->source, "port"))
        finding_error(l->d, type, "line-port", "add 'port: 4555'", "type tcp needs a port");
    if (has_path && c->path && c->type != CHARDEV_DEV)
        check_single(l, node, loader_position(c->source, "path"), "one path");
    if (tcp && c->port && chardev_modes[c->mode][0] == 'b')
        check_single(l, node, loader_position(c->source, "port"), "one port");
    if (c->log && strcmp(c->log, "none") != 0 && check_absolute(l, c->source, "log", c->log))
        check_single(l, node, loader_position(c->source, "log"), "one log");
}

static void check_serials(struct loader *l, const struct node *node)
{
    size_t isa = 0;

    list_each(struct chardev, node->serials, c)
    {
        if (c->type == CHARDEV_NONE && node->serials.count > 1)
            finding_error(l->d, loader_position(c->source, "type"), "serial-none",
                          "write 'serial: none', or remove it",
                          "none stands for no serial port, and there are others");
        isa += c->model == SERIAL_DEFAULT || c->model == SERIAL_ISA;
        if (isa == ISA_PORTS + 1)
            finding_error(l->d, loader_position(c->source, "model"), "serial-many",
                          "take model pci-serial or usb-serial for the others",
                          "a machine has at most %d serial ports of its own", ISA_PORTS);
        if (c->model == SERIAL_USB && node->usb.model == USB_NONE)
            finding_error(l->d, loader_position(c->source, "model"), "usb-none",
                          "remove 'usb: none', or take model pci-serial",
                          "model usb-serial needs a controller, and usb is none");
        check_source(l, node, &serial_schema, c, true);
    }
}

static void check_name(struct loader *l, const struct node *node, const struct chardev *c)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const struct graphics *spice = graphics_spice(&node->graphics);
    struct position at = loader_position(c->source, "name");

    if (strspn(c->name, allowed) != strlen(c->name))
        finding_error(l->d, at, "channel-name", "use letters, digits and . _ -",
                      "'%s' cannot be the name of a channel", c->name);
    if (strcmp(c->name, "org.qemu.guest_agent.0") == 0 && node->agent != SWITCH_OFF)
        finding_error(l->d, at, "channel-twice", "remove it, or add 'agent: false'",
                      "every node has the guest agent's channel already");
    if (strcmp(c->name, "com.redhat.spice.0") == 0 && spice && spice->agent != SWITCH_OFF)
        finding_error(l->d, at, "channel-twice",
                      "remove it, or add 'agent: false' to the graphics",
                      "SPICE comes with the channel of its agent");
    if (c->type == CHARDEV_SPICEVMC && !spice)
        finding_error(l->d, loader_position(c->source, "type"), "channel-spice",
                      "add 'graphics: spice'",
                      "type spicevmc ends in a SPICE viewer, and the node has none");
}

void check_chardevs(struct loader *l, const struct node *node)
{
    auto_names struct names names = {0};

    check_serials(l, node);
    list_each(struct chardev, node->consoles, c)
        check_source(l, node, &console_schema, c, true);
    list_each(struct chardev, node->channels, c)
    {
        if (!c->name)
            continue;
        check_name(l, node, c);
        check_source(l, node, &channel_schema, c, false);
        if (names_add(&names, c->name, (void *)c))
            finding_error(l->d, loader_position(c->source, "name"), "channel-twice",
                          "rename one of them", "channel '%s' is there already", c->name);
    }
}
