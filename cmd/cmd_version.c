/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/commands.h"
#include "util/virt.h"

int cmd_version(struct context *context, struct error **err)
{
    auto_free char *library = NULL;
    unsigned long number;

    if (virGetVersion(&number, NULL, NULL) < 0)
        return error_virt(err, "asking libvirt for its version");
    library = xasprintf("%lu.%lu.%lu", number / 1000000, number / 1000 % 1000, number % 1000);
    if (context->globals.json)
        context_print_json(
            "result", json_pack("{s:s, s:s}", "virtopo", VIRTOPO_VERSION, "libvirt", library));
    else
        printf("virtopo %s\nlibvirt %s\n", VIRTOPO_VERSION, library);
    return EXIT_DONE;
}
