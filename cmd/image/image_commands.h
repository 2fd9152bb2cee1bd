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

struct image_prune_options {
    bool cache, dry_run;
};

int cmd_image_prune(struct context *context, struct error **err);
int cmd_image_show(struct context *context, struct error **err);
int cmd_image_verify(struct context *context, struct error **err);
int cmd_image_build(struct context *context, struct error **err);
int cmd_image_pull(struct context *context, struct error **err);
int cmd_image_lock(struct context *context, struct error **err);
int cmd_image_list(struct context *context, struct error **err);

#endif
