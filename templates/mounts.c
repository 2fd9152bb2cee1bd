/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/mounts.h"

#include "util/memory.h"

/* Its arguments are four for each share: tag, mount point, type, options. */
static const char script[] = "grep -v comment=virtopo /etc/fstab >/etc/fstab.virtopo\n"
                             "while [ $# -ge 4 ]; do\n"
                             "  mkdir -p \"$2\"\n"
                             "  echo \"$1 $2 $3 $4,comment=virtopo 0 0\" >>/etc/fstab.virtopo\n"
                             "  mounts=\"$mounts $2\"\n"
                             "  shift 4\n"
                             "done\n"
                             "cat /etc/fstab.virtopo >/etc/fstab && rm /etc/fstab.virtopo\n"
                             "for target in $mounts; do\n"
                             "  grep -qF \" $target \" /proc/mounts || mount \"$target\"\n"
                             "done\n";

static const char *options_of(const struct share *share)
{
    if (share->driver == SHARE_VIRTIOFS)
        return "defaults,nofail";
    return share->readonly ? "ro,trans=virtio,version=9p2000.L,msize=131072,nofail"
                           : "trans=virtio,version=9p2000.L,msize=131072,nofail";
}

json_t *mounts_command(const struct node *node)
{
    json_t *command = NULL;

    list_each(struct share, node->shares, share)
    {
        auto_free char *options =
            xasprintf("%s%s%s", options_of(share), share->options ? "," : "",
                      share->options ? share->options : "");

        if (!share->target)
            continue;
        if (!command)
            command = json_pack("[s, s, s, s]", "sh", "-c", script, "virtopo");
        json_array_append_new(command, json_string(share->tag));
        json_array_append_new(command, json_string(share->target));
        json_array_append_new(command, json_string(share_drivers[share->driver]));
        json_array_append_new(command, json_string(options));
    }
    return command;
}
