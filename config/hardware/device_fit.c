/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks of devices have in common. */
#include <string.h>

#include "config/loader.h"

void check_unfit(struct loader *l, const struct schema *schema,
                 const struct document_node *source, const char *keys, bool fits)
{
    size_t length;

    for (const char *at = keys; !fits && *at; at += length + (at[length] == ' ')) {
        const struct document_node *value;
        const char *key;

        length = strcspn(at, " ");
        key = arena_strndup(l->arena, at, length);
        value = document_get(source, key);
        if (value)
            finding_error(l->d, value->key_position, "key-unfit", "remove it",
                          "%s works only %s", key, schema_field(schema, key)->only);
    }
}

bool check_absolute(struct loader *l, const struct document_node *source, const char *key,
                    const char *path)
{
    if (!path || *path == '/')
        return true;
    finding_error(l->d, loader_position(source, key), "host-path",
                  "write the whole path on the host, from the first slash on",
                  "'%s' does not say where it is on the host", path);
    return false;
}

void check_single(struct loader *l, const struct node *node, struct position at,
                  const char *what)
{
    if (node->count > 1)
        finding_error(l->d, at, "count-shared",
                      "give those that have it names of their own, without count",
                      "%lld nodes cannot share %s", node->count, what);
}
