/* SPDX-License-Identifier: Apache-2.0 */
/* Plain columns for people: "NAME   STATE   …", as wide as their longest cell. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct table {
    size_t columns;
    char **cells; /* row by row; the first row is the headings */
    size_t count;
};

/* Copies each cell; NULL is "-". */
void table_add(struct table *t, const char *cell);
void table_print(const struct table *t, FILE *f);
void table_done(struct table *t);
#define auto_table __attribute__((cleanup(table_done)))

#endif
