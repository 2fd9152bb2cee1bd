/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of `virtopo image ...` and what their options are parsed into. */
#ifndef CMD_IMAGE_COMMANDS_H
#define CMD_IMAGE_COMMANDS_H

#include "cmd/context.h"

int cmd_image_list(struct context *context, struct error **err);

#endif
