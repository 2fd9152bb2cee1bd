/* SPDX-License-Identifier: Apache-2.0 */
/* What an installer says on its serial console: its last line for who waits, its end for
 * errors, and what its kernel says last. It is not to be trusted, nor is it plain text. */
#ifndef PROVISION_INSTALL_CONSOLE_H
#define PROVISION_INSTALL_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct install_console {
    /* Told each line that says something once it is whole, terminal-safe. May be NULL. */
    void (*line)(void *context, const char *text);
    void *context;
    struct buffer text; /* plain lines, the end of them */
    size_t lines;       /* that were whole so far */
    int escape;         /* where in an escape sequence it is */
    char *panic;        /* Linux's own words for its end, or NULL */
    bool halted;        /* Linux stopped without switching the machine off */
};

void install_console_feed(struct install_console *c, const char *data, size_t length);
/* The last line that says something, whole or not yet; NULL when there is none. The caller
 * frees it. */
char *install_console_line(const struct install_console *c);
/* Whether a line has begun that is not whole yet. */
bool install_console_grows(const struct install_console *c);
/* The last `lines` lines, terminal-safe; the caller frees it. */
char *install_console_tail(const struct install_console *c, size_t lines);
void install_console_done(struct install_console *c);

#endif
