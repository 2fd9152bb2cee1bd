/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of `virtopo image ...` and what their options are parsed into. */
#ifndef CMD_IMAGE_COMMANDS_H
#define CMD_IMAGE_COMMANDS_H

#include "cmd/context.h"

struct image_build_options {
    bool rebuild, keep;
};

struct image_lock_options {
    bool check;
};

int cmd_image_build(struct context *context, struct error **err);
int cmd_image_pull(struct context *context, struct error **err);
int cmd_image_lock(struct context *context, struct error **err);
int cmd_image_list(struct context *context, struct error **err);

#endif
