/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a guest's console log, which lies as a file in a pool of its host. */
#ifndef HOST_CONSOLE_H
#define HOST_CONSOLE_H

#include "host/host.h"

/* The last `lines` whole lines of volume `volume_name` of the pool named `pool` (a folder),
 * safe to print on a terminal; "" when nothing was written. ERROR_NOT_FOUND when there is no
 * such file. The caller frees it. */
int console_tail(struct host *host, const char *pool, const char *volume_name, size_t lines,
                 char **ret, struct error **err) MUST_CHECK;
/* The last `lines` lines of what a console said, terminal-safe. The caller frees it. */
char *console_last_lines(const char *text, size_t length, size_t lines);

#endif
