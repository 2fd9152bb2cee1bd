/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hardware of a node, three ways, for all keys alike: what the file changed (its spec
 * against the tag's), what somebody else changed (the domain as virtopo would write it against
 * its definition), and what waits for a restart (against the domain that runs).
 */
#ifndef PROVISION_HARDWARE_DIFF_H
#define PROVISION_HARDWARE_DIFF_H

#include "provision/node/machine.h"

struct hardware_diff {
    struct resource *r;
    const struct machine *m;
    json_t *spec; /* as the file has it */
    char **areas; /* whose difference the file itself explains: "cpus", "disk data" */
    size_t area_count;
    bool file_changed; /* some hardware is other in the file than when last applied */
};

void hardware_diff_start(struct hardware_diff *d, struct resource *r, const struct machine *m);
/* The keys that the file changed, but for those that others know better how to compare: the
 * numbers of CPUs and bytes of memory, disks and NICs that come and go, addresses. */
void hardware_diff_spec(struct hardware_diff *d);
/* What differs without the file's doing. Last, as it leaves out what has been told. */
int hardware_diff_found(struct hardware_diff *d, struct error **err) MUST_CHECK;
/* True when the file itself changed something of that area. */
bool hardware_diff_has(const struct hardware_diff *d, const char *area);
void hardware_diff_done(struct hardware_diff *d);
#define auto_hardware_diff __attribute__((cleanup(hardware_diff_done)))

#endif
