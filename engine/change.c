/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/resource.h"

void change_add(struct change_list *list, enum change_class class, const char *what,
                const char *from, const char *to, const char *note)
{
    struct change change = {
        .class = class,
        .what = xstrdup(what),
        .from = xstrdup_null(from),
        .to = xstrdup_null(to),
        .note = xstrdup_null(note),
    };

    vector_push(list->items, list->count, change);
}

void change_list_done(struct change_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].what);
        free(list->items[i].from);
        free(list->items[i].to);
        free(list->items[i].note);
    }
    free(list->items);
    *list = (struct change_list){0};
}
