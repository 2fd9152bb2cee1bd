/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where everything is in the SVG picture, in whole pixels:
 *
 *                [lan]      [san]        a header for each network, its rail below it
 *   .- host -.     |          |
 *   | [ db ]-|-----o          |          a line for each NIC, the address where it ends
 *   |        |-----|----------o
 *   '--------'     |
 *
 * A picture with many boxes has them on both sides of the rails. Lines of one side lie on a
 * grid; those of the other half a step lower, so that no two run over each other.
 */
#ifndef TEMPLATES_SVG_LAYOUT_H
#define TEMPLATES_SVG_LAYOUT_H

#include "templates/picture/picture.h"

struct svg_box {
    int x, y, width, height;
};

struct svg_rail {
    int x, top, bottom;
    struct svg_box header;
    char *lines[4]; /* name, mode, subnets; NULL: not there */
};

struct svg_node {
    struct svg_box box;
    bool right; /* of the rails */
    char *label, *detail;
    int *lines; /* y of each NIC's */
};

struct svg_frame {
    struct svg_box box;
    size_t host;
};

/* All of it is in the picture's arena. */
struct svg_layout {
    int width, height;
    int legend; /* y */
    struct svg_rail *rails;
    struct svg_node *nodes;
    struct svg_frame *frames;
    size_t frame_count;
};

void svg_layout(const struct picture *picture, struct svg_layout *ret);

/* Nobody measures fonts here: about how wide a text is at most. */
int svg_text_width(const char *text, int font_size);
int svg_bold_width(const char *text, int font_size);
int svg_mono_width(const char *text, int font_size);
/* Takes `text`; what of it is too wide ends with "…". In the arena. */
char *svg_fit_text(const struct picture *picture, char *text, int font_size, bool bold,
                   int width);

#define SVG_MARGIN 20
#define SVG_NAME_SIZE 13
#define SVG_SMALL_SIZE 11

#endif
