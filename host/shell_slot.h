/* SPDX-License-Identifier: Apache-2.0 */
/* What a host keeps for host/shell.h. */
#ifndef HOST_SHELL_SLOT_H
#define HOST_SHELL_SLOT_H

struct shell;

struct shell *shell_new(void);
void shell_free(struct shell *shell);

#endif
