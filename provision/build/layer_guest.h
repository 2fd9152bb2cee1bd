/* SPDX-License-Identifier: Apache-2.0 */
/* The guest in which a layer's steps are done: what it says, followed to its end. */
#ifndef PROVISION_LAYER_GUEST_H
#define PROVISION_LAYER_GUEST_H

#include "provision/build/guest.h"
#include "templates/layer_work.h"

/* How long a guest may take until the driver says its first word. */
#define LAYER_HELLO_MS (10 * 60 * 1000)
#define LAYER_TIMEOUT_MS (60 * 60 * 1000)

/* Runs `guest` until all steps are done, it is sealed and off. What fails is an error with the
 * step, its exit code and the end of its output; `ret_kept`: the guest was left running. */
int layer_guest_run(struct site_host *host, const struct build_guest *guest,
                    const struct layer_steps *steps, const char *nonce, uint64_t timeout_ms,
                    struct task *task, bool *ret_kept, struct error **err) MUST_CHECK;

#endif
