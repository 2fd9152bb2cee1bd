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

struct image_convert_options {
    const char *format, *from_format; /* or NULL */
    bool compress, force, follow;
};

struct image_flatten_options {
    const char *output, *from_format; /* or NULL */
    bool force, follow;
};

struct image_resize_options {
    const char *from_format; /* or NULL */
    bool destroy_data;
};

struct image_rebase_options {
    const char *onto;        /* never NULL */
    const char *onto_format; /* or NULL */
    bool unsafe, follow;
};

struct image_import_options {
    const char *from_format, *host; /* or NULL */
    bool flatten, follow;
};

int cmd_image_prune(struct context *context, struct error **err);
int cmd_image_show(struct context *context, struct error **err);
int cmd_image_verify(struct context *context, struct error **err);
int cmd_image_build(struct context *context, struct error **err);
int cmd_image_pull(struct context *context, struct error **err);
int cmd_image_lock(struct context *context, struct error **err);
int cmd_image_convert(struct context *context, struct error **err);
int cmd_image_export(struct context *context, struct error **err);
int cmd_image_flatten(struct context *context, struct error **err);
int cmd_image_compress(struct context *context, struct error **err);
int cmd_image_resize(struct context *context, struct error **err);
int cmd_image_rebase(struct context *context, struct error **err);
int cmd_image_import_disk(struct context *context, struct error **err);
int cmd_image_list(struct context *context, struct error **err);

#endif
