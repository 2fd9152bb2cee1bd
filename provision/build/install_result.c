/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_result.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "provision/image/image_convert.h"
#include "util/process.h"

#define SECTOR 512
#define SIGNATURE 510 /* of a boot sector, also of the one before a GPT */

/* The image's first sector as the guest sees it. */
static int read_sector(const char *disk, const char *scratch, unsigned char out[SECTOR],
                       struct error **err)
{
    auto_free char *from = xasprintf("if=%s", disk);
    auto_free char *to = xasprintf("of=%s", scratch);
    const char *const argv[] = {"qemu-img", "dd",      "-f", "qcow2", "-O", "raw",
                                "bs=512",   "count=1", from, to,      NULL};
    struct process_options options = {.timeout_ms = 60000};
    auto_close int fd = -1;
    int outcome = process_run(argv, &options, NULL, err);

    if (outcome == 0) {
        fd = open(scratch, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || read(fd, out, SECTOR) != SECTOR)
            outcome = error_set(err, ERROR_FAILED, "cannot read the installed disk");
    }
    unlink(scratch);
    return outcome;
}

int install_result_keep(const struct image *image, const char *disk, uint64_t size,
                        const char *part, const struct install_console *console,
                        struct task *task, struct error **err)
{
    auto_free char *scratch = xasprintf("%s.sector", part);
    unsigned char sector[SECTOR];

    if (read_sector(disk, scratch, sector, err) < 0)
        return error_wrap(err, "installing image '%s'", image->name);
    if (sector[SIGNATURE] != 0x55 || sector[SIGNATURE + 1] != 0xaa) {
        auto_free char *tail = install_console_tail(console, 20);

        error_set(err, ERROR_FAILED,
                  "installing image '%s': the installer ended, but left no disk that boots",
                  image->name);
        error_hint(err, "what its console said last is below; were the answers taken?");
        return error_detail(err, tail);
    }
    return image_convert_file(disk, "qcow2", size, part, task, err);
}
