/* SPDX-License-Identifier: Apache-2.0 */
/* The work disk of a layer's guest (templates/layer_work.h) as a local file. */
#ifndef PROVISION_LAYER_PAYLOAD_H
#define PROVISION_LAYER_PAYLOAD_H

#include "templates/layer_work.h"

/* Writes it to `path`, a new file; `head`: MiB of its first archive. */
int layer_payload_write(const char *path, const struct layer_steps *steps, const char *nonce,
                        bool keep, bool seal, size_t *ret_head, struct error **err) MUST_CHECK;

#endif
