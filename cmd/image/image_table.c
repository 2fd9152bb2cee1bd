/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that begin with `image`. */
#include "cmd/command.h"

#include "cmd/image/image_commands.h"

const struct command image_commands[] = {
    {"image list", "", GROUP_IMAGES, "list the images in the hosts' stores",
     "Lists the images in the store of each host, whoever put them there: the names that they "
     "were brought under, their digest, the size of their disk and of their file. Needs no "
     "file; with one, its hosts are looked at.",
     .max_args = 0, .needs = READS_FILE, .run = cmd_image_list},
    {0},
};
