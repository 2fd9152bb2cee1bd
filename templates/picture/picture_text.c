/* SPDX-License-Identifier: Apache-2.0 */
/* The picture as an indented tree. */
#include <stdlib.h>
#include <string.h>

#include "templates/picture/picture.h"
#include "util/buffer.h"

/* Characters, not bytes. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static size_t widest_label(const struct picture *picture)
{
    size_t widest = 0;

    for (size_t i = 0; i < picture->node_count; i++) {
        auto_free char *label = picture_node_label(&picture->nodes[i]);
        size_t width = width_of(label);

        widest = width > widest ? width : widest;
    }
    return widest;
}

static void put_label(struct buffer *out, const struct picture_node *node, size_t width)
{
    auto_free char *label = picture_node_label(node);

    buffer_printf(out, "    %s%*s", label, (int)(width - width_of(label)), "");
}

static void put_link(struct buffer *out, const struct picture_link *link)
{
    if (link->ip)
        buffer_printf(out, "  %s", link->ip);
    if (link->ip6)
        buffer_printf(out, "  %s", link->ip6);
    if (!link->ip && !link->ip6)
        buffer_puts(out, "  (no address known)");
    if (link->fault)
        buffer_printf(out, "  [%s]", link->fault);
    else if (link->down)
        buffer_puts(out, "  [link down]");
}

static void put_network(struct buffer *out, const struct picture *picture, size_t index,
                        size_t width)
{
    const struct picture_network *n = &picture->networks[index];
    auto_free char *detail = picture_network_detail(picture, n);

    buffer_printf(out, "  network %s: %s", n->name, detail);
    if (n->subnet)
        buffer_printf(out, ", %s", n->subnet);
    if (n->subnet6)
        buffer_printf(out, ", %s", n->subnet6);
    buffer_puts(out, "\n");
    for (size_t i = 0; i < picture->node_count; i++) {
        const struct picture_node *node = &picture->nodes[i];

        for (size_t l = 0; l < node->link_count; l++) {
            if (node->links[l].network != index)
                continue;
            put_label(out, node, width);
            put_link(out, &node->links[l]);
            buffer_puts(out, "\n");
        }
    }
}

static void put_host(struct buffer *out, const struct picture *picture, size_t index,
                     size_t width)
{
    buffer_printf(out, "  host %s\n", picture->hosts[index].name);
    for (size_t i = 0; i < picture->node_count; i++) {
        const struct picture_node *node = &picture->nodes[i];
        auto_free char *detail = picture_node_detail(picture, node);

        if (node->host != index)
            continue;
        put_label(out, node, width);
        buffer_printf(out, "  %s\n", detail);
    }
}

char *picture_text(const struct picture *picture)
{
    struct buffer out = {0};
    size_t width = widest_label(picture);

    buffer_printf(&out, "%s\n", picture->title);
    for (size_t i = 0; i < picture->network_count; i++)
        put_network(&out, picture, i, width);
    for (size_t i = 0; i < picture->host_count; i++)
        put_host(&out, picture, i, width);
    return buffer_take(&out);
}
