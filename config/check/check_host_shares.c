/* SPDX-License-Identifier: Apache-2.0 */
/* What nodes of one host cannot both have: ports, devices, addresses of sockets. */
#include <string.h>

#include "config/loader.h"

struct holder {
    const struct node *node;
    struct position at;
};

/* `what` is told of, and says which of them it is: "port 5901". */
static void claim(struct loader *l, struct names *names, const struct node *node,
                  struct position at, const char *what)
{
    struct holder *holder = arena_alloc(l->arena, sizeof *holder);
    const struct holder *before;

    *holder = (struct holder){node, at};
    before = names_add(names, arena_printf(l->arena, "%s %s", node->host, what), holder);
    if (before && before->node != node)
        finding_error(l->d, at, "host-shared", "take another one, or another host",
                      "%s of host '%s' is that of node '%s' already (%s)", what, node->host,
                      before->node->name, loader_line(l, at, before->at));
    else if (before)
        finding_error(l->d, at, "host-shared", "take another one", "%s is there already (%s)",
                      what, loader_line(l, at, before->at));
}

static void claim_port(struct loader *l, struct names *names, const struct node *node,
                       const struct document_node *source, const char *key, long long port)
{
    if (port)
        claim(l, names, node, loader_position(source, key),
              arena_printf(l->arena, "port %lld", port));
}

static void claim_lines(struct loader *l, struct names *names, const struct node *node,
                        const struct list *lines)
{
    list_each(struct chardev, *lines, c)
    {
        if (c->type == CHARDEV_TCP && chardev_modes[c->mode][0] == 'b')
            claim_port(l, names, node, c->source, "port", c->port);
    }
}

static void claim_devices(struct loader *l, struct names *names, const struct node *node)
{
    list_each(struct pci_device, node->devices.pci, pci)
    {
        if (pci->address)
            claim(l, names, node, loader_position(pci->source, "address"),
                  arena_printf(l->arena, "PCI device %s", pci->address));
    }
    list_each(struct usb_device, node->devices.usb, usb)
    {
        if (usb->address)
            claim(l, names, node, loader_position(usb->source, "id"),
                  arena_printf(l->arena, "USB device %s", usb->address));
    }
    list_each(struct mdev_device, node->devices.mdev, mdev)
    {
        if (mdev->uuid)
            claim(l, names, node, loader_position(mdev->source, "uuid"),
                  arena_printf(l->arena, "mediated device %s", mdev->uuid));
    }
    if (node->vsock.cid)
        claim(l, names, node, loader_position(node->vsock.source, "cid"),
              arena_printf(l->arena, "vsock cid %lld", node->vsock.cid));
}

void check_host_shares(struct loader *l)
{
    auto_names struct names names = {0};

    for (size_t i = 0; i < l->group_count; i++) {
        const struct node *node = &l->groups[i].base;

        /* several with one count have been told of */
        if (node->count > 1 || l->groups[i].size == 0)
            continue;
        node = l->groups[i].nodes;
        list_each(struct graphics, node->graphics, g)
        {
            claim_port(l, &names, node, g->source, "port", g->port);
            claim_port(l, &names, node, g->source, "tls_port", g->tls_port);
            claim_port(l, &names, node, g->source, "websocket", g->websocket);
        }
        claim_lines(l, &names, node, &node->serials);
        claim_lines(l, &names, node, &node->consoles);
        claim_lines(l, &names, node, &node->channels);
        claim_devices(l, &names, node);
    }
}
