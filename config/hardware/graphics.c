/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

void graphics_parse_password(struct binder *b, const struct document_node *node, void *target)
{
    const struct field text = {
        .key = "password", .type = FIELD_STRING, .max = GRAPHICS_PASSWORD_LONGEST};

    schema_bind_field(b, &text, node, &((struct graphics *)target)->password);
}

/* A spec is in the tag, which every local user of the host may read. */
json_t *graphics_dump_password(const void *target)
{
    const struct graphics *graphics = target;

    return graphics->password_digest ? json_string(graphics->password_digest) : NULL;
}

const struct graphics *graphics_spice(const struct list *graphics)
{
    list_each(struct graphics, *graphics, g)
    {
        if (g->type == GRAPHICS_SPICE)
            return g;
    }
    return NULL;
}

bool graphics_any(const struct list *graphics)
{
    list_each(struct graphics, *graphics, g)
    {
        if (g->type != GRAPHICS_NONE)
            return true;
    }
    return false;
}
