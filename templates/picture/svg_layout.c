/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/picture/svg_layout.h"

#include <stdlib.h>
#include <string.h>

#define BOX_HEIGHT 42
#define BOX_GAP 8
#define BOX_NARROWEST 120
#define BOX_WIDEST 320
#define TITLE_HEIGHT 44
#define HEADER_LINE 15
#define FRAME_PAD 12
#define FRAME_LABEL 20
#define LEGEND_HEIGHT 34
#define LABEL_SPACE 20 /* beside an address */
/* More boxes than this go to both sides. */
#define ONE_SIDE 16

struct builder {
    const struct picture *picture;
    struct svg_layout *l;
    bool two_sided;
    int step; /* from one NIC's line to the next */
    int header_height;
    int box_width[2]; /* left, right */
    int bottom;
};

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int address_width(const struct picture_link *link)
{
    int width = link->ip ? svg_mono_width(link->ip, SVG_SMALL_SIZE) : 0;

    return larger(width, link->ip6 ? svg_mono_width(link->ip6, SVG_SMALL_SIZE) : 0);
}

static bool has_second_line(const struct picture *picture)
{
    for (size_t i = 0; i < picture->node_count; i++) {
        for (size_t n = 0; n < picture->nodes[i].link_count; n++) {
            if (picture->nodes[i].links[n].ip6)
                return true;
        }
    }
    return false;
}

static char *kept(const struct picture *picture, char *text)
{
    char *copy = arena_strdup(picture->arena, text);

    free(text);
    return copy;
}

static void make_rails(struct builder *b)
{
    const struct picture *picture = b->picture;

    b->l->rails =
        arena_alloc(picture->arena, (picture->network_count + 1) * sizeof *b->l->rails);
    for (size_t i = 0; i < picture->network_count; i++) {
        const struct picture_network *n = &picture->networks[i];
        struct svg_rail *rail = &b->l->rails[i];
        size_t lines = 2;

        rail->lines[0] = arena_strdup(picture->arena, n->name);
        rail->lines[1] = kept(picture, picture_network_detail(picture, n));
        if (n->subnet)
            rail->lines[lines++] = arena_strdup(picture->arena, n->subnet);
        if (n->subnet6)
            rail->lines[lines++] = arena_strdup(picture->arena, n->subnet6);
        rail->header.width = svg_bold_width(rail->lines[0], SVG_NAME_SIZE + 1);
        for (size_t line = 1; line < lines; line++)
            rail->header.width =
                larger(rail->header.width,
                       line == 1 ? svg_text_width(rail->lines[line], SVG_SMALL_SIZE)
                                 : svg_mono_width(rail->lines[line], SVG_SMALL_SIZE));
        rail->header.width = larger(rail->header.width + 20, 64);
        rail->header.height = (int)lines * HEADER_LINE + 12;
        b->header_height = larger(b->header_height, rail->header.height);
    }
}

/* Which nodes are on the right: the later half of the rows, whole hosts where there are
 * several. */
static void choose_sides(struct builder *b, const int *rows)
{
    const struct picture *picture = b->picture;
    int total = 0, before = 0;

    for (size_t i = 0; i < picture->node_count; i++)
        total += rows[i];
    b->two_sided = picture->node_count > ONE_SIDE && picture->network_count > 0;
    for (size_t i = 0; i < picture->node_count; i++) {
        bool same_host = i > 0 && picture->nodes[i].host == picture->nodes[i - 1].host;
        bool right = b->two_sided && 2 * before >= total;

        if (same_host && picture->host_count > 1)
            right = b->l->nodes[i - 1].right;
        b->l->nodes[i].right = right;
        before += rows[i];
    }
}

static int height_of(const struct builder *b, const struct picture_node *node)
{
    int rows = larger((int)node->link_count, 1);

    /* On the grid, a box begins and ends between two lines. */
    while (rows * b->step < BOX_HEIGHT + BOX_GAP && (b->two_sided || node->link_count > 1))
        rows++;
    return larger(rows * b->step - BOX_GAP, BOX_HEIGHT);
}

static void make_nodes(struct builder *b)
{
    const struct picture *picture = b->picture;
    auto_free int *rows = xcalloc(picture->node_count + 1, sizeof *rows);

    b->l->nodes = arena_alloc(picture->arena, (picture->node_count + 1) * sizeof *b->l->nodes);
    for (size_t i = 0; i < picture->node_count; i++)
        rows[i] = larger((int)picture->nodes[i].link_count, 2);
    choose_sides(b, rows);
    b->step = has_second_line(picture) ? (b->two_sided ? 60 : 34) : (b->two_sided ? 28 : 20);
    for (size_t i = 0; i < picture->node_count; i++) {
        const struct picture_node *node = &picture->nodes[i];
        struct svg_node *drawn = &b->l->nodes[i];
        int *width = &b->box_width[drawn->right], room = BOX_WIDEST - 28;
        int extra = (picture->live ? 14 : 0) + (node->alike > 1 ? 6 : 0);

        drawn->label =
            svg_fit_text(picture, picture_node_label(node), SVG_NAME_SIZE, true, room);
        drawn->detail = svg_fit_text(picture, picture_node_detail(picture, node),
                                     SVG_SMALL_SIZE, false, room);
        drawn->lines = arena_alloc(picture->arena, (node->link_count + 1) * sizeof(int));
        *width = larger(*width, svg_bold_width(drawn->label, SVG_NAME_SIZE) + 28 + extra);
        *width = larger(*width, svg_text_width(drawn->detail, SVG_SMALL_SIZE) + 28);
        *width = larger(*width, BOX_NARROWEST);
        drawn->box.height = height_of(b, node);
    }
}

/* NICs' lines: on the grid where two sides must not meet, else in the middle of the box. */
static void place_lines(const struct builder *b, const struct picture_node *node,
                        struct svg_node *drawn)
{
    int count = (int)node->link_count;
    int first = drawn->box.y + b->step / 2;

    if (!b->two_sided || b->step > BOX_HEIGHT)
        first = drawn->box.y + (drawn->box.height - (count - 1) * b->step) / 2;
    else
        first = drawn->box.y - BOX_GAP / 2 + b->step / 2;
    for (int i = 0; i < count; i++)
        drawn->lines[i] = first + i * b->step;
}

static void close_frame(struct svg_layout *l, int y)
{
    struct svg_box *box = &l->frames[l->frame_count - 1].box;

    box->height = y - BOX_GAP + FRAME_PAD - box->y;
}

/* One column of boxes; returns where it ends. */
static int place_column(struct builder *b, bool right, int x, int y)
{
    const struct picture *picture = b->picture;
    struct svg_layout *l = b->l;
    size_t host = SIZE_MAX;

    for (size_t i = 0; i < picture->node_count; i++) {
        struct svg_node *drawn = &l->nodes[i];

        if (drawn->right != right)
            continue;
        if (picture->nodes[i].host != host) {
            struct svg_frame frame = {.host = picture->nodes[i].host};

            if (host != SIZE_MAX) {
                close_frame(l, y);
                y += FRAME_PAD * 2 + FRAME_LABEL;
                y += (b->step - (FRAME_PAD * 2 + FRAME_LABEL) % b->step) % b->step;
            }
            host = frame.host;
            frame.box = (struct svg_box){x - FRAME_PAD, y - FRAME_LABEL - 4,
                                         b->box_width[right] + 2 * FRAME_PAD, 0};
            arena_push(picture->arena, l->frames, l->frame_count, frame);
        }
        drawn->box.x = x;
        drawn->box.y = y;
        drawn->box.width = b->box_width[right];
        place_lines(b, &picture->nodes[i], drawn);
        y += drawn->box.height + BOX_GAP;
    }
    if (host != SIZE_MAX)
        close_frame(l, y);
    return y + FRAME_PAD;
}

/* The widest thing that stands beside a rail on one side: the addresses there. */
static int beside(const struct builder *b, size_t rail, bool right)
{
    int width = 0;

    for (size_t i = 0; i < b->picture->node_count; i++) {
        const struct picture_node *node = &b->picture->nodes[i];

        for (size_t n = 0; n < node->link_count && b->l->nodes[i].right == right; n++) {
            if (node->links[n].network == rail)
                width = larger(width, address_width(&node->links[n]) + LABEL_SPACE);
        }
    }
    return width;
}

/* Beside the boxes of a side: what is done to their NICs. */
static int fault_width(const struct builder *b, bool right)
{
    int width = 0;

    for (size_t i = 0; i < b->picture->node_count; i++) {
        const struct picture_node *node = &b->picture->nodes[i];

        for (size_t n = 0; n < node->link_count && b->l->nodes[i].right == right; n++) {
            if (node->links[n].fault)
                width =
                    larger(width, svg_text_width(node->links[n].fault, SVG_SMALL_SIZE) + 16);
        }
    }
    return width;
}

/* Returns where the right boxes begin. */
static int place_rails(struct builder *b, int x)
{
    struct svg_rail *rails = b->l->rails;
    size_t count = b->picture->network_count;
    int previous = 0; /* what the rail before needs on its right */

    x += fault_width(b, false);
    for (size_t i = 0; i < count; i++) {
        struct svg_rail *rail = &rails[i];
        int half = (rail->header.width + 1) / 2;

        x += larger(
            larger(half + (i ? rails[i - 1].header.width / 2 + 14 : 0), beside(b, i, false)),
            previous);
        rail->x = x;
        rail->header.x = x - half;
        rail->header.y = TITLE_HEIGHT + SVG_MARGIN + b->header_height - rail->header.height;
        rail->top = rail->header.y + rail->header.height;
        previous = beside(b, i, true);
    }
    if (count)
        x += larger(rails[count - 1].header.width / 2 + SVG_MARGIN, previous);
    return x + fault_width(b, true);
}

/* A rail ends where its last line does. */
static void end_rails(struct builder *b)
{
    for (size_t i = 0; i < b->picture->network_count; i++)
        b->l->rails[i].bottom = TITLE_HEIGHT + SVG_MARGIN + b->header_height + BOX_HEIGHT;
    for (size_t i = 0; i < b->picture->node_count; i++) {
        const struct picture_node *node = &b->picture->nodes[i];

        for (size_t n = 0; n < node->link_count; n++) {
            struct svg_rail *rail = &b->l->rails[node->links[n].network];

            rail->bottom = larger(rail->bottom, b->l->nodes[i].lines[n] + 14);
        }
    }
}

void svg_layout(const struct picture *picture, struct svg_layout *ret)
{
    struct builder b = {.picture = picture, .l = ret};
    int top, x = SVG_MARGIN + FRAME_PAD;

    *ret = (struct svg_layout){0};
    make_rails(&b);
    make_nodes(&b);
    top = TITLE_HEIGHT + SVG_MARGIN + b.header_height + (b.header_height ? 44 : FRAME_LABEL);
    b.bottom = place_column(&b, false, x, top);
    x = place_rails(&b, x + b.box_width[0] + FRAME_PAD + 16);
    if (b.two_sided) {
        x += FRAME_PAD + 16;
        b.bottom = larger(b.bottom, place_column(&b, true, x, top + b.step / 2));
        x += b.box_width[1] + FRAME_PAD;
    }
    end_rails(&b);
    for (size_t i = 0; i < picture->network_count; i++)
        b.bottom = larger(b.bottom, ret->rails[i].bottom + FRAME_PAD);
    ret->legend = b.bottom + LEGEND_HEIGHT / 2;
    ret->height = b.bottom + LEGEND_HEIGHT;
    ret->width = larger(x + SVG_MARGIN, 360);
}
