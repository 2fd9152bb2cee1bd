/* SPDX-License-Identifier: Apache-2.0 */
/* From what was downloaded, built or given to an image that nodes can run on. */
#ifndef PROVISION_IMAGE_FINISH_H
#define PROVISION_IMAGE_FINISH_H

#include "engine/resource.h"
#include "provision/image/image_maker.h"

/* The file at `part`, which is ours: one of another program's format (`format`: enum
 * image_format), and with `raw` also a raw disk that is no CD-ROM, becomes a qcow2 image of the
 * same name, others stay. */
int image_finish(const char *part, int format, bool raw, struct task *task,
                 struct error **err) MUST_CHECK;

/* Files of the user's in another program's format: the image is made of them once, in the
 * cache.
 */
extern const struct image_maker image_file_maker;

#endif
