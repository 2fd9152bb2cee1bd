/* SPDX-License-Identifier: Apache-2.0 */
/* The picture in Graphviz's language: networks are rails in the middle, hosts are clusters. */
#include <stdlib.h>
#include <string.h>

#include "templates/picture/picture.h"
#include "util/buffer.h"

static const char *const state_colors[PICTURE_STATES] = {
    [PICTURE_PLANNED] = "#57606a", [PICTURE_RUNNING] = "#2da44e", [PICTURE_STOPPED] = "#8c959f",
    [PICTURE_PAUSED] = "#bf8700",  [PICTURE_CRASHED] = "#cf222e", [PICTURE_KILLED] = "#cf222e",
    [PICTURE_MISSING] = "#8c959f",
};

/* Inside of double quotes, `"` and `\` mean something; "\n" alone ends a line, made by callers.
 */
static void put_quoted(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_puts(out, "\\");
        buffer_append(out, text, 1);
    }
}

static void put_line(struct buffer *out, const char *text)
{
    if (!text || !*text)
        return;
    buffer_puts(out, "\\n");
    put_quoted(out, text);
}

static void put_node(struct buffer *out, const struct picture *picture, size_t index)
{
    const struct picture_node *node = &picture->nodes[index];
    auto_free char *label = picture_node_label(node);
    auto_free char *detail = picture_node_detail(picture, node);

    buffer_printf(out, "    node%zu [label=\"", index);
    put_quoted(out, label);
    put_line(out, detail);
    buffer_printf(out, "\", color=\"%s\"%s%s];\n", state_colors[node->state],
                  node->state == PICTURE_MISSING ? ", style=\"rounded,dashed\"" : "",
                  node->alike > 1 ? ", peripheries=2" : "");
}

static void put_host(struct buffer *out, const struct picture *picture, size_t index)
{
    buffer_printf(out, "  subgraph cluster%zu {\n    label=\"host ", index);
    put_quoted(out, picture->hosts[index].name);
    buffer_puts(out, "\";\n");
    for (size_t i = 0; i < picture->node_count; i++) {
        if (picture->nodes[i].host == index)
            put_node(out, picture, i);
    }
    buffer_puts(out, "  }\n");
}

static void put_network(struct buffer *out, const struct picture *picture, size_t index)
{
    const struct picture_network *n = &picture->networks[index];
    auto_free char *detail = picture_network_detail(picture, n);

    buffer_printf(out,
                  "  net%zu [shape=box, style=\"filled%s\", fillcolor=\"#ddf4ff\", label=\"",
                  index, n->foreign ? ",dashed" : "");
    put_quoted(out, n->name);
    put_line(out, detail);
    put_line(out, n->subnet);
    put_line(out, n->subnet6);
    buffer_puts(out, "\"];\n");
}

static void put_links(struct buffer *out, const struct picture *picture, size_t index)
{
    const struct picture_node *node = &picture->nodes[index];

    for (size_t i = 0; i < node->link_count; i++) {
        const struct picture_link *link = &node->links[i];

        buffer_printf(out, "  node%zu -- net%zu [label=\"", index, link->network);
        put_quoted(out, link->ip ? link->ip : "");
        put_line(out, link->ip6);
        put_line(out, link->fault);
        buffer_printf(out, "\"%s];\n",
                      link->down    ? ", color=\"#cf222e\", style=dashed"
                      : link->fault ? ", color=\"#bf8700\""
                                    : "");
    }
}

char *picture_dot(const struct picture *picture)
{
    struct buffer out = {0};

    buffer_puts(&out, "graph \"");
    put_quoted(&out, picture->title);
    buffer_puts(&out,
                "\" {\n"
                "  graph [rankdir=LR, ranksep=1.6, nodesep=0.15, fontname=\"sans-serif\","
                " fontsize=11, style=\"rounded,dashed\", color=\"#8c959f\"];\n"
                "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
                "  edge [fontname=\"monospace\", fontsize=9, color=\"#57606a\"];\n");
    for (size_t i = 0; i < picture->host_count; i++)
        put_host(&out, picture, i);
    for (size_t i = 0; i < picture->network_count; i++)
        put_network(&out, picture, i);
    for (size_t i = 0; i < picture->node_count; i++)
        put_links(&out, picture, i);
    buffer_puts(&out, "}\n");
    return buffer_take(&out);
}
