/* SPDX-License-Identifier: Apache-2.0 */
/* How often a server is asked again, and for how long in all. */
#ifndef PROVISION_FETCH_RETRY_H
#define PROVISION_FETCH_RETRY_H

#include "engine/resource.h"

struct retry {
    struct task *task;
    uint64_t deadline; /* ms, on the monotonic clock */
    uint64_t stall_ms; /* how long a connection may bring nothing */
    int tries;         /* that failed in a row */
    int most;          /* more than so many are not waited for */
};

/* As many tries as there are for a server that nobody else can stand in for, and for one that
 * somebody can. */
#define RETRY_ALONE 4
#define RETRY_REPLACEABLE 1

/* On the monotonic clock, ms; what is left until then, at least 1. */
uint64_t deadline_in(uint64_t ms);
uint64_t deadline_left(uint64_t deadline);

/* `timeout_ms` bounds all tries together, of so many servers. */
struct retry retry_begin(struct task *task, uint64_t timeout_ms, size_t servers);
/* What is left of it; at least 1. */
uint64_t retry_left(const struct retry *retry);
/* After a try that failed with `*err`, which must be there: waits, longer each time, and takes
 * the error back: 0. No more: -1, and the error says how often it was tried. */
int retry_again(struct retry *retry, struct error **err) MUST_CHECK;

#endif
