/* SPDX-License-Identifier: Apache-2.0 */
/* Images in the store that are not what they were. */
#ifndef PROVISION_IMAGE_CHANGED_H
#define PROVISION_IMAGE_CHANGED_H

#include "provision/image/image.h"

/* Looks at an image that is in the store and at all that it stands on. What was only touched
 * sets o->reseal; a changed one that nothing uses, or that is to be rebuilt, o->replace; any
 * other is an error. */
int image_check_changed(struct image_object *o, struct error **err) MUST_CHECK;
int image_refuse_changed(const struct image_object *o, const char *volume, struct error **err);

#endif
