/* SPDX-License-Identifier: Apache-2.0 */
/* The picture as a Mermaid flow chart, which many wikis draw. */
#include <stdlib.h>
#include <string.h>

#include "templates/picture/picture.h"
#include "util/buffer.h"

static const char *const state_strokes[PICTURE_STATES] = {
    [PICTURE_RUNNING] = "stroke:#2da44e,stroke-width:2px",
    [PICTURE_STOPPED] = "stroke:#8c959f,stroke-width:2px",
    [PICTURE_PAUSED] = "stroke:#bf8700,stroke-width:2px",
    [PICTURE_CRASHED] = "stroke:#cf222e,stroke-width:2px",
    [PICTURE_KILLED] = "stroke:#cf222e,stroke-width:2px",
    [PICTURE_MISSING] = "stroke:#8c959f,stroke-dasharray:4 3",
};

/* Mermaid takes Unicode and entities between quotes; what HTML or Mermaid itself would read as
 * its own becomes an entity by number. */
static void put_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\"<>&#;`\\", *text))
            buffer_printf(out, "#%d;", *text);
        else
            buffer_append(out, text, 1);
    }
}

static void put_line(struct buffer *out, const char *text)
{
    if (!text || !*text)
        return;
    buffer_puts(out, "<br>");
    put_text(out, text);
}

static void put_host(struct buffer *out, const struct picture *picture, size_t index)
{
    buffer_printf(out, "  subgraph host%zu[\"host ", index);
    put_text(out, picture->hosts[index].name);
    buffer_puts(out, "\"]\n");
    for (size_t i = 0; i < picture->node_count; i++) {
        const struct picture_node *node = &picture->nodes[i];
        auto_free char *label = picture_node_label(node);
        auto_free char *detail = picture_node_detail(picture, node);

        if (node->host != index)
            continue;
        buffer_printf(out, "    node%zu[\"", i);
        put_text(out, label);
        put_line(out, detail);
        buffer_puts(out, "\"]");
        if (node->state != PICTURE_PLANNED)
            buffer_printf(out, ":::%s", picture_state_word(node->state));
        buffer_puts(out, "\n");
    }
    buffer_puts(out, "  end\n");
}

static void put_network(struct buffer *out, const struct picture *picture, size_t index)
{
    const struct picture_network *n = &picture->networks[index];
    auto_free char *detail = picture_network_detail(picture, n);

    buffer_printf(out, "  net%zu([\"", index);
    put_text(out, n->name);
    put_line(out, detail);
    put_line(out, n->subnet);
    put_line(out, n->subnet6);
    buffer_puts(out, "\"])\n");
}

static void put_links(struct buffer *out, const struct picture *picture, size_t index)
{
    const struct picture_node *node = &picture->nodes[index];

    for (size_t i = 0; i < node->link_count; i++) {
        const struct picture_link *link = &node->links[i];
        const char *line = link->down || link->fault ? "-.-" : "---";

        if (!link->ip && !link->ip6 && !link->fault) {
            buffer_printf(out, "  node%zu %s net%zu\n", index, line, link->network);
            continue;
        }
        buffer_printf(out, "  node%zu %s|\"", index, line);
        put_text(out, link->ip ? link->ip : "");
        if (link->ip)
            put_line(out, link->ip6);
        else
            put_text(out, link->ip6 ? link->ip6 : "");
        put_line(out, link->fault);
        buffer_printf(out, "\"| net%zu\n", link->network);
    }
}

char *picture_mermaid(const struct picture *picture)
{
    struct buffer out = {0};

    buffer_puts(&out, "flowchart LR\n");
    for (size_t i = 0; i < picture->host_count; i++)
        put_host(&out, picture, i);
    for (size_t i = 0; i < picture->network_count; i++)
        put_network(&out, picture, i);
    for (size_t i = 0; i < picture->node_count; i++)
        put_links(&out, picture, i);
    for (size_t i = 0; picture->live && i < PICTURE_STATES; i++) {
        if (state_strokes[i])
            buffer_printf(&out, "  classDef %s %s\n", picture_state_word((enum picture_state)i),
                          state_strokes[i]);
    }
    return buffer_take(&out);
}
