/* SPDX-License-Identifier: Apache-2.0 */
/* Everything `up` would hand to libvirt for a new cluster, as files: XML, seeds, and the virsh
 * commands that would do the same by hand. Offline, the same bytes for the same input. */
#ifndef PROVISION_RENDER_H
#define PROVISION_RENDER_H

#include "provision/provision.h"

struct render_sink {
    /* `path` is relative: "nodes/web-1/domain.xml". */
    int (*emit)(void *user, const char *path, const void *data, size_t length,
                struct error **err);
    void *user;
};

/* For what was asked of `p` (provision_offline, then provision_want). */
int render_all(struct provision *p, const struct render_sink *sink,
               struct error **err) MUST_CHECK;

#endif
