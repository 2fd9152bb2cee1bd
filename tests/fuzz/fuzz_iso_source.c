/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates config engine util */
/* Whatever an installation medium holds, kernel and initial RAM disk are found in it and come
 * out, or there is a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/iso_source.h"

#define LIMIT 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void extract(const char *iso, const char *path)
{
    char to[64];
    struct error *err = NULL;
    struct stat st;

    snprintf(to, sizeof to, "/tmp/fuzz-iso-source.%ld", (long)getpid());
    if (iso_source_extract(iso, path, to, LIMIT, &err) == 0)
        check(!err && stat(to, &st) == 0 && st.st_size <= LIMIT);
    else
        check(err && err->message && stat(to, &st) < 0);
    error_free(err);
    unlink(to);
}

static void find(const char *iso, const char *kernel)
{
    auto_iso_boot struct iso_boot boot = {0};
    struct error *err = NULL;

    if (iso_source_find(iso, kernel, NULL, &boot, &err) == 0) {
        check(!err && boot.kernel && boot.initrd && boot.system);
        extract(iso, boot.kernel);
        extract(iso, boot.initrd);
    } else {
        check(err && err->message && !boot.kernel && !boot.initrd);
    }
    error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("iso", 0);
    char path[64];

    check(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    find(path, NULL);
    find(path, "boot/linux");
    close(fd);
    return 0;
}
