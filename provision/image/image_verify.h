/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an image in a store still is what its name says, by reading all of it. */
#ifndef PROVISION_IMAGE_VERIFY_H
#define PROVISION_IMAGE_VERIFY_H

#include "provision/image/catalogue.h"

/* The error says what is wrong with it, and which nodes run on it. */
int image_verify(struct site_host *host, const struct catalogue_image *image, struct task *task,
                 struct error **err) MUST_CHECK;

#endif
