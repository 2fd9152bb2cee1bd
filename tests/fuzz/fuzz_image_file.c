/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates config engine util */
/* Whatever a file holds, it is an image that makes sense or is refused with a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "provision/image/image_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void inspect(const char *path, int want, size_t size)
{
    struct image_file file = {0};
    struct error *err = NULL;
    int result = image_file_identify(path, want, &file, &err);

    if (result == 0) {
        check(!err && file.bytes == size && file.capacity > 0);
        check(file.foreign !=
              (strcmp(file.format, "raw") == 0 || strcmp(file.format, "qcow2") == 0));
        check(want == IMAGE_FORMAT_DETECT ||
              (want == IMAGE_FORMAT_RAW) == (strcmp(file.format, "raw") == 0));
        check(file.capacity <= UINT64_C(1) << 46 || !file.foreign);
        check(strcmp(file.format, "raw") != 0 || file.capacity / 512 == (size + 511) / 512);
    } else {
        check(result == -1 && err && err->message && err->kind == ERROR_CONFIG);
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("image", 0);
    char path[64];

    check(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    inspect(path, IMAGE_FORMAT_DETECT, size);
    inspect(path, IMAGE_FORMAT_QCOW2, size);
    inspect(path, IMAGE_FORMAT_RAW, size);
    close(fd);
    return 0;
}
