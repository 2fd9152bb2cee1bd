/* SPDX-License-Identifier: Apache-2.0 */
/* What the pictures write into a box. */
#include "templates/picture/picture.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/size.h"

char *picture_node_label(const struct picture_node *node)
{
    if (node->alike > 1)
        return xasprintf("%s ×%zu", node->group, node->alike);
    return xstrdup(node->name);
}

static void add_part(struct buffer *out, const char *text)
{
    if (text && *text)
        buffer_printf(out, "%s%s", out->length ? " · " : "", text);
}

char *picture_node_detail(const struct picture *picture, const struct picture_node *node)
{
    struct buffer out = {0};
    char text[SIZE_TEXT];

    if (picture->live && node->state != PICTURE_RUNNING)
        add_part(&out, picture_state_word(node->state));
    add_part(&out, node->fault);
    add_part(&out, node->image);
    if (node->cpus) {
        auto_free char *cpus = xasprintf("%lld vCPU", node->cpus);

        add_part(&out, cpus);
    }
    if (node->memory)
        add_part(&out, size_format(node->memory, text));
    return buffer_take(&out);
}

char *picture_network_detail(const struct picture *picture,
                             const struct picture_network *network)
{
    struct buffer out = {0};

    add_part(&out, network->mode);
    if (picture->live && network->state != PICTURE_RUNNING)
        add_part(&out, picture_state_word(network->state));
    add_part(&out, network->detail);
    return buffer_take(&out);
}
