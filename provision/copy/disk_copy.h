/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks of a node copied on its host, all as they were at one moment, by QEMU itself: it copies
 * and follows what is written meanwhile, until the guest is held for an instant and the copies
 * are let go. The guest runs on, nothing of it stays on its disks; the file systems are
 * frozen by the agent where there is one, else the copies are as after a power cut.
 *
 * The disks of a node that does not run are opened by a domain that is never run, which dies
 * with our connection.
 */
#ifndef PROVISION_DISK_COPY_H
#define PROVISION_DISK_COPY_H

#include "engine/resource.h"
#include "host/site.h"
#include "templates/copy_xml.h"

struct disk_copy {
    struct copy_disk from; /* `target` as the running domain has it */
    struct copy_disk to;   /* a volume that is there, empty, of the same size */
    bool whole;            /* with what is below an overlay; else the volume is on the same */
};

struct disk_copy_report {
    bool frozen;      /* by the agent */
    bool was_running; /* else nothing could be written meanwhile */
    unsigned held_ms; /* how long the guest was held */
};

int disk_copy_run(struct site_host *host, const struct survey_domain *domain,
                  const struct disk_copy *disks, size_t count, struct task *task,
                  struct disk_copy_report *ret, struct error **err) MUST_CHECK;
/* Ends what a run that was cut off left: copies to files in `folder`, frozen file systems. */
void disk_copy_end(virConnectPtr connection, const struct survey_domain *domain,
                   const char *folder);

#endif
