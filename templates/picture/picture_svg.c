/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "templates/picture/picture.h"
#include "templates/picture/svg_layout.h"
#include "templates/xmlwriter.h"
#include "util/buffer.h"

/* Networks are told apart by these, on white and on black; more of them begin anew. */
static const char *const rail_colors[] = {"#2f81f7", "#db6d28", "#2da44e", "#a371f7",
                                          "#bf8700", "#1b9aaa", "#d4539a", "#7d8590"};

/* No variables: not every program that draws SVG knows them. */
static const char style[] =
    "\n"
    "text { font-family: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', "
    "sans-serif; fill: #1f2328; }\n"
    ".bg { fill: #ffffff; } .halo { stroke: #ffffff; stroke-width: 7; }\n"
    ".name { font-size: 13px; font-weight: 600; } .small { font-size: 11px; fill: #59636e; }\n"
    ".mono { font-size: 11px; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }\n"
    ".title { font-size: 17px; font-weight: 600; } .fault { font-size: 11px; fill: #cf222e; }\n"
    ".box { fill: #f6f8fa; stroke: #afb8c1; } .frame { fill: none; stroke: #afb8c1; "
    "stroke-dasharray: 5 4; }\n"
    ".header { fill: #ffffff; stroke-width: 1.5; } .dashed { stroke-dasharray: 6 4; }\n"
    ".running { fill: #2da44e; } .stopped, .planned { fill: #8c959f; } .paused { fill: "
    "#bf8700; "
    "}\n"
    ".crashed, .killed { fill: #cf222e; } .missing { fill: #ffffff; stroke: #8c959f; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "text { fill: #e6edf3; } .bg { fill: #0d1117; } .halo { stroke: #0d1117; }\n"
    ".small { fill: #9198a1; } .fault { fill: #ff7b72; } .box { fill: #161b22; stroke: "
    "#3d444d; "
    "}\n"
    ".frame { stroke: #3d444d; } .header, .missing { fill: #0d1117; }\n"
    "}\n";

struct painter {
    struct xmlwriter w;
    const struct picture *picture;
    struct svg_layout layout;
};

static void put_text(struct painter *p, const char *class, int x, int y, const char *anchor,
                     const char *text)
{
    if (!text || !*text)
        return;
    xml_open(&p->w, "text");
    xml_attribute(&p->w, "class", class);
    xml_attributef(&p->w, "x", "%d", x);
    xml_attributef(&p->w, "y", "%d", y);
    xml_attribute(&p->w, "text-anchor", anchor);
    xml_text(&p->w, text);
    xml_close(&p->w);
}

static void put_rect(struct painter *p, const char *class, struct svg_box box, int radius,
                     const char *stroke)
{
    xml_open(&p->w, "rect");
    xml_attribute(&p->w, "class", class);
    xml_attributef(&p->w, "x", "%d", box.x);
    xml_attributef(&p->w, "y", "%d", box.y);
    xml_attributef(&p->w, "width", "%d", box.width);
    xml_attributef(&p->w, "height", "%d", box.height);
    if (radius)
        xml_attributef(&p->w, "rx", "%d", radius);
    xml_attribute(&p->w, "stroke", stroke);
    xml_close(&p->w);
}

static void put_line(struct painter *p, const char *class, const int from[2], const int to[2],
                     const char *stroke, const char *width)
{
    xml_open(&p->w, "line");
    xml_attribute(&p->w, "class", class);
    xml_attributef(&p->w, "x1", "%d", from[0]);
    xml_attributef(&p->w, "y1", "%d", from[1]);
    xml_attributef(&p->w, "x2", "%d", to[0]);
    xml_attributef(&p->w, "y2", "%d", to[1]);
    xml_attribute(&p->w, "stroke", stroke);
    xml_attribute(&p->w, "stroke-width", width);
    xml_close(&p->w);
}

static void put_dot(struct painter *p, const char *class, int x, int y, int radius,
                    const char *color, bool hollow)
{
    xml_open(&p->w, "circle");
    xml_attribute(&p->w, "class", hollow ? "bg" : class);
    xml_attributef(&p->w, "cx", "%d", x);
    xml_attributef(&p->w, "cy", "%d", y);
    xml_attributef(&p->w, "r", "%d", radius);
    xml_attribute(&p->w, hollow ? "stroke" : "fill", color);
    if (hollow)
        xml_attribute(&p->w, "stroke-width", "2");
    xml_close(&p->w);
}

static const char *color_of(size_t network)
{
    return rail_colors[network % ARRAY_SIZE(rail_colors)];
}

static void paint_rail(struct painter *p, size_t index)
{
    const struct svg_rail *rail = &p->layout.rails[index];
    bool dashed = p->picture->networks[index].foreign;

    put_line(p, dashed ? "dashed" : NULL, (int[]){rail->x, rail->top},
             (int[]){rail->x, rail->bottom}, color_of(index), "4");
}

static void paint_header(struct painter *p, size_t index)
{
    static const char *const classes[] = {"name", "small", "mono", "mono"};
    const struct svg_rail *rail = &p->layout.rails[index];
    bool dashed = p->picture->networks[index].foreign;

    put_rect(p, dashed ? "header dashed" : "header", rail->header, 6, color_of(index));
    for (size_t i = 0; i < ARRAY_SIZE(rail->lines); i++)
        put_text(p, classes[i], rail->x, rail->header.y + 18 + (int)i * 15, "middle",
                 rail->lines[i]);
}

/* What of a NIC's line is painted: all grounds first, then all lines, then all texts. */
enum layer { LAYER_GROUND, LAYER_LINE, LAYER_TEXT, LAYERS };

static void paint_link(struct painter *p, enum layer layer, const struct svg_node *drawn,
                       const struct picture_link *link, int y)
{
    int rail = p->layout.rails[link->network].x;
    int edge = drawn->right ? drawn->box.x : drawn->box.x + drawn->box.width;
    int away = drawn->right ? 1 : -1;
    const char *anchor = drawn->right ? "start" : "end";

    if (layer == LAYER_GROUND) {
        put_line(p, "halo", (int[]){edge - away * 16, y}, (int[]){rail + away * 10, y}, NULL,
                 NULL);
    } else if (layer == LAYER_LINE) {
        put_line(p, link->down ? "dashed" : NULL, (int[]){edge + away * 10, y},
                 (int[]){rail, y}, color_of(link->network), "1.5");
        put_dot(p, NULL, rail, y, 5, color_of(link->network), link->down);
    } else {
        put_text(p, "mono", rail + away * 11, y - 4, anchor, link->ip);
        put_text(p, "mono", rail + away * 11, y + 12, anchor, link->ip6);
        put_text(p, "fault", edge - away * 8, y - 4, drawn->right ? "end" : "start",
                 link->fault);
    }
}

static void paint_links(struct painter *p)
{
    for (enum layer layer = 0; layer < LAYERS; layer++) {
        for (size_t i = 0; i < p->picture->node_count; i++) {
            const struct picture_node *node = &p->picture->nodes[i];
            const struct svg_node *drawn = &p->layout.nodes[i];

            for (size_t n = 0; n < node->link_count; n++)
                paint_link(p, layer, drawn, &node->links[n], drawn->lines[n]);
        }
    }
}

/* Behind a box that stands for several: two more edges. */
static void paint_stack(struct painter *p, struct svg_box box)
{
    for (int i = 2; i > 0; i--)
        put_rect(p, "box",
                 (struct svg_box){box.x + 3 * i, box.y + 3 * i, box.width, box.height}, 6,
                 NULL);
}

static void paint_node(struct painter *p, size_t index)
{
    const struct picture_node *node = &p->picture->nodes[index];
    const struct svg_node *drawn = &p->layout.nodes[index];
    struct svg_box box = drawn->box;
    int text = box.x + 14, middle = box.y + box.height / 2;

    xml_open(&p->w, "g");
    xml_element(&p->w, "title", node->name);
    if (node->alike > 1) {
        box.width -= 6;
        box.height -= 6;
        paint_stack(p, box);
    }
    put_rect(p, node->state == PICTURE_MISSING ? "box dashed" : "box", box, 6, NULL);
    if (p->picture->live) {
        put_dot(p, picture_state_word(node->state), text + 4, middle - 8, 4, NULL, false);
        text += 14;
    }
    put_text(p, "name", text, middle - 3, NULL, drawn->label);
    put_text(p, node->fault ? "fault" : "small", box.x + 14, middle + 13, NULL, drawn->detail);
    xml_close(&p->w);
}

static char *subtitle(const struct picture *picture)
{
    return xasprintf("%zu node%s · %zu network%s · %s", picture_size(picture),
                     picture_size(picture) == 1 ? "" : "s", picture->network_count,
                     picture->network_count == 1 ? "" : "s",
                     picture->live ? "as it runs" : "as the file says");
}

static bool has_state(const struct picture *picture, enum picture_state state)
{
    for (size_t i = 0; i < picture->node_count; i++) {
        if (picture->nodes[i].state == state)
            return true;
    }
    return false;
}

static void paint_legend(struct painter *p)
{
    int x = SVG_MARGIN + 6, y = p->layout.legend;
    bool foreign = false, folded = false;

    for (size_t i = 0; p->picture->live && i < PICTURE_STATES; i++) {
        const char *word = picture_state_word((enum picture_state)i);

        if (!*word || !has_state(p->picture, (enum picture_state)i))
            continue;
        put_dot(p, word, x, y - 4, 4, NULL, false);
        put_text(p, "small", x + 10, y, NULL, word);
        x += svg_text_width(word, SVG_SMALL_SIZE) + 28;
    }
    for (size_t i = 0; i < p->picture->network_count; i++)
        foreign |= p->picture->networks[i].foreign;
    for (size_t i = 0; i < p->picture->node_count; i++)
        folded |= p->picture->nodes[i].alike > 1;
    if (foreign) {
        put_line(p, "dashed", (int[]){x - 4, y - 4}, (int[]){x + 18, y - 4}, "#7d8590", "4");
        put_text(p, "small", x + 26, y, NULL, "not made by this cluster");
        x += 26 + svg_text_width("not made by this cluster", SVG_SMALL_SIZE) + 18;
    }
    if (folded)
        put_text(p, "small", x - 4, y, NULL, "×N: N nodes alike");
}

static void paint_all(struct painter *p)
{
    const struct picture *picture = p->picture;
    auto_free char *below = subtitle(picture);

    put_rect(p, "bg", (struct svg_box){0, 0, p->layout.width, p->layout.height}, 0, NULL);
    put_text(p, "title", SVG_MARGIN, SVG_MARGIN + 12, NULL, picture->title);
    put_text(p, "small", SVG_MARGIN, SVG_MARGIN + 30, NULL, below);
    for (size_t i = 0; i < p->layout.frame_count; i++) {
        const struct svg_frame *frame = &p->layout.frames[i];
        auto_free char *label = xasprintf("host %s", picture->hosts[frame->host].name);

        put_rect(p, "frame", frame->box, 8, NULL);
        put_text(p, "small", frame->box.x + 12, frame->box.y + 16, NULL, label);
    }
    for (size_t i = 0; i < picture->network_count; i++)
        paint_rail(p, i);
    paint_links(p);
    for (size_t i = 0; i < picture->network_count; i++)
        paint_header(p, i);
    for (size_t i = 0; i < picture->node_count; i++)
        paint_node(p, i);
    paint_legend(p);
}

int picture_svg(const struct picture *picture, char **ret, struct error **err)
{
    struct painter p = {.picture = picture};
    auto_free char *label = xasprintf("Topology of cluster %s", picture->title);

    svg_layout(picture, &p.layout);
    xml_start(&p.w);
    xml_open(&p.w, "svg");
    xml_attribute(&p.w, "xmlns", "http://www.w3.org/2000/svg");
    xml_attributef(&p.w, "width", "%d", p.layout.width);
    xml_attributef(&p.w, "height", "%d", p.layout.height);
    xml_attributef(&p.w, "viewBox", "0 0 %d %d", p.layout.width, p.layout.height);
    xml_attribute(&p.w, "role", "img");
    xml_attribute(&p.w, "aria-label", label);
    xml_open(&p.w, "style");
    xml_text(&p.w, style);
    xml_close(&p.w);
    paint_all(&p);
    xml_close(&p.w);
    return xml_finish(&p.w, ret, err);
}
