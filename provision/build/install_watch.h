/* SPDX-License-Identifier: Apache-2.0 */
/* An installation while it runs: what its console says, whether anything happens at all. */
#ifndef PROVISION_INSTALL_WATCH_H
#define PROVISION_INSTALL_WATCH_H

#include "provision/build/guest.h"
#include "provision/build/install_console.h"

/* So long without output, a write or work: it waits for something that will not come. */
#define INSTALL_STALL_MS (5u * 60 * 1000)

struct install_watch {
    struct task *task;
    struct install_console console;
    uint64_t elapsed;  /* ms, at the last look */
    uint64_t looked;   /* ms, when libvirt was asked last */
    uint64_t active;   /* ms, when something happened last */
    uint64_t cpu_time; /* ns, */
    long long written; /* bytes, at that time */
    bool stalled;      /* and it was said */
    bool growing;      /* a line had begun at the last pulse, */
    size_t lines;      /* after so many */
};

/* Its callbacks, with `w` as their context. They end the guest when it panicked or halted. */
struct build_watch install_watch_start(struct install_watch *w);
/* How long nothing has happened, ms. */
uint64_t install_watch_idle(const struct install_watch *w);
void install_watch_done(struct install_watch *w);

#endif
