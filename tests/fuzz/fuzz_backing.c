/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates config engine util */
/* Whatever a header says, it names a backing file or none, or is refused with a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "provision/disk_file/backing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("image", 0);
    auto_backing struct backing b = {0};
    struct error *err = NULL;
    char path[64];
    int result;

    check(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    result = backing_read(path, &b, &err);
    close(fd);
    check(result < 0 ? err && err->kind == ERROR_CONFIG && !b.name : !err);
    check(result != 1 || (b.capacity > 0 && b.bytes == size));
    check(result == 1 || !b.name);
    check(!b.name || (*b.name && strlen(b.name) < size));
    error_free(err);
    return 0;
}
