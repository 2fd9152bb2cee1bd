/* SPDX-License-Identifier: Apache-2.0 */
/* Signed lists of digests, checked by gpgv against the keys of one file and no others. */
#ifndef PROVISION_SIGNATURE_H
#define PROVISION_SIGNATURE_H

#include "engine/resource.h"
#include "util/buffer.h"

/* `keyring`: a file of public keys, binary or in ASCII armour. With `signature` NULL the text
 * is signed in itself (clearsigned). `verified`: what was signed, which alone is to be read.
 * `name` is what messages call the text. */
int signature_check(const char *keyring, const struct buffer *text,
                    const struct buffer *signature, const char *name, struct task *task,
                    struct buffer *verified, struct error **err) MUST_CHECK;

#endif
