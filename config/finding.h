/* SPDX-License-Identifier: Apache-2.0 */
/* A finding with its hint in one call. A hostile file cannot make more than FINDINGS_MAX errors
 * and as many warnings: the rest are dropped. */
#ifndef CONFIG_FINDING_H
#define CONFIG_FINDING_H

#include "util/diagnostic.h"

#define FINDINGS_MAX 500

/* True when further errors are dropped, so that their hints need not be worked out. */
bool finding_is_full(const struct diagnostics *d);
/* `hint` may be NULL. */
void finding_error(struct diagnostics *d, struct position at, const char *check,
                   const char *hint, const char *fmt, ...) PRINTF_LIKE(5, 6);
void finding_warning(struct diagnostics *d, struct position at, const char *check,
                     const char *hint, const char *fmt, ...) PRINTF_LIKE(5, 6);

#endif
