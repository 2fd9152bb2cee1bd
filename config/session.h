/* SPDX-License-Identifier: Apache-2.0 */
/* Whose libvirt a URI reaches: the system's, or a user's own (qemu:///session), which has that
 * user's rights and no more. */
#ifndef CONFIG_SESSION_H
#define CONFIG_SESSION_H

#include <stdbool.h>

bool session_is(const char *uri);
/* Whether it is a libvirt on this machine. */
bool session_is_here(const char *uri);
/* Where the store of such a host is by default: /var/lib/virtopo; for a user's own libvirt on
 * this machine beside that user's data; NULL for one on another machine, whose users' folders
 * are not known here. The caller frees it. */
char *session_store(const char *uri);

#endif
