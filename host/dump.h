/* SPDX-License-Identifier: Apache-2.0 */
/* Domains of a host as libvirt has them, whoever made them. Only reads. */
#ifndef HOST_DUMP_H
#define HOST_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct dump {
    struct dump_domain {
        char *name, *xml;
        bool autostart;
        char *base; /* what its root disk is an overlay of, where virtopo made it; or NULL */
    } * items;
    size_t count;
};

/* Those named (by name, UUID or the number of a running one), or all of them when none is.
 * Their definitions, with `live` what runs of those that run. With their passwords, where the
 * caller may see them. */
int dump_domains(const char *uri, const char *const *names, size_t count, bool live,
                 struct dump *ret, struct error **err) MUST_CHECK;
/* The networks of the host that virtopo made, added to what there is. */
int dump_networks(const char *uri, struct dump *ret, struct error **err) MUST_CHECK;
void dump_done(struct dump *dump);
#define auto_dump __attribute__((cleanup(dump_done)))

#endif
