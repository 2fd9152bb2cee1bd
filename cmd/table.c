/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/table.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void table_add(struct table *t, const char *cell)
{
    vector_push(t->cells, t->count, xstrdup(cell && *cell ? cell : "-"));
}

static int width_of(const struct table *t, size_t column)
{
    size_t width = 0;

    for (size_t i = column; i < t->count; i += t->columns) {
        size_t length = strlen(t->cells[i]);

        width = length > width ? length : width;
    }
    return (int)width;
}

void table_print(const struct table *t, FILE *f)
{
    for (size_t i = 0; i < t->count; i++) {
        size_t column = i % t->columns;

        if (column + 1 == t->columns)
            fprintf(f, "%s\n", t->cells[i]);
        else
            fprintf(f, "%-*s  ", width_of(t, column), t->cells[i]);
    }
}

void table_done(struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->cells[i]);
    free(t->cells);
    *t = (struct table){0};
}
