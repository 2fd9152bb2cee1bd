/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/platform.h"

#include <string.h>

#include "config/cluster.h"

bool platform_is_x86(const char *arch)
{
    return strcmp(arch, "x86_64") == 0 || strcmp(arch, "i686") == 0;
}

const char *platform_arch(const struct node *node, const char *host)
{
    return node->platform.arch ? platform_archs[node->platform.arch] : host;
}

const char *platform_machine(const struct node *node, const char *arch)
{
    if (node->platform.machine)
        return node->platform.machine;
    return platform_is_x86(arch) ? "q35" : "virt";
}

/* Without UEFI, ARM's machines start nothing but a kernel that QEMU brings itself. */
int platform_firmware(const struct node *node, const char *arch)
{
    const struct platform *p = &node->platform;

    if (p->firmware.kind != FIRMWARE_BIOS || p->kernel || p->firmware.loader)
        return p->firmware.kind;
    return strcmp(arch, "aarch64") == 0 ? FIRMWARE_UEFI : FIRMWARE_BIOS;
}

void platform_resolve(struct node *node)
{
    struct clock_setting *c = &node->platform.clock;

    if (!c->source || document_get(c->source, "offset") || c->offset != CLOCK_UTC)
        return;
    if (c->timezone)
        c->offset = CLOCK_TIMEZONE;
    else if (c->start)
        c->offset = CLOCK_ABSOLUTE;
}
