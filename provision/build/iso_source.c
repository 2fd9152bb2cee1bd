/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/iso_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/iso_index.h"
#include "util/buffer.h"
#include "util/bytes.h"
#include "util/size.h"
#include "util/suggest.h"

#define DESCRIPTOR_PLACE (16 * 2048)

struct layout {
    const char *system;
    const char *kernel, *initrd;
};

/* Where installers have what they boot from, the names of newer releases first. */
static const struct layout layouts[] = {
    {"Debian", "install.amd/vmlinuz", "install.amd/initrd.gz"},
    {"Debian", "install.a64/vmlinuz", "install.a64/initrd.gz"},
    {"Debian", "install.386/vmlinuz", "install.386/initrd.gz"},
    {"Debian", "install/vmlinuz", "install/initrd.gz"},
    {"Ubuntu", "casper/vmlinuz", "casper/initrd"},
    {"Ubuntu", "casper/vmlinuz", "casper/initrd.gz"},
    {"Ubuntu", "casper/vmlinuz", "casper/initrd.lz"},
    {"Fedora, RHEL", "images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"},
    {"openSUSE", "boot/x86_64/loader/linux", "boot/x86_64/loader/initrd"},
    {"openSUSE", "boot/aarch64/linux", "boot/aarch64/initrd"},
    {"Alpine", "boot/vmlinuz-virt", "boot/initramfs-virt"},
    {"Alpine", "boot/vmlinuz-lts", "boot/initramfs-lts"},
    {"Arch", "arch/boot/x86_64/vmlinuz-linux", "arch/boot/x86_64/initramfs-linux.img"},
    {"Debian netboot", "linux", "initrd.gz"},
};

void iso_boot_done(struct iso_boot *boot)
{
    free(boot->kernel);
    free(boot->initrd);
    *boot = (struct iso_boot){0};
}

static int no_such_file(const char *iso, const char *key, const char *path,
                        const struct iso_index *index, struct error **err)
{
    struct suggest near = suggest_start(iso_index_plain(path));

    /* one of that very name is a link to nothing */
    for (size_t i = 0; i < index->count; i++)
        suggest_offer(&near, strcasecmp(index->items[i].path, near.word) == 0
                                 ? NULL
                                 : index->items[i].path);
    error_set(err, ERROR_CONFIG, "there is no file '%s' in %s, which iso.%s names", path, iso,
              key);
    if (suggest_result(&near))
        return error_hint(err, "did you mean '%s'?", suggest_result(&near));
    return error_hint(err, "`bsdtar -tf %s` lists its files", iso);
}

static int no_layout(const char *iso, struct error **err)
{
    auto_buffer struct buffer names = {0};

    for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
        if (i && strcmp(layouts[i].system, layouts[i - 1].system) == 0)
            continue;
        buffer_printf(&names, "%s%s (%s)", names.length ? ", " : "", layouts[i].kernel,
                      layouts[i].system);
    }
    error_set(err, ERROR_CONFIG, "%s has no kernel where the known installers have one: %s",
              iso, names.data);
    return error_hint(
        err,
        "write iso.kernel and iso.initrd, their paths in the ISO (`bsdtar -tf %s` "
        "lists its files)",
        iso);
}

/* A path that is given is that one; the other one goes by the layout. */
static bool fits(const struct iso_index *index, const struct layout *layout, const char *kernel,
                 const char *initrd, struct iso_boot *ret)
{
    const char *found_kernel = kernel ? kernel : iso_index_find(index, layout->kernel);
    const char *found_initrd = initrd ? initrd : iso_index_find(index, layout->initrd);

    if (!found_kernel || !found_initrd)
        return false;
    ret->kernel = xstrdup(found_kernel);
    ret->initrd = xstrdup(found_initrd);
    ret->system = kernel && initrd ? NULL : layout->system;
    return true;
}

/* The volume's own size, by ECMA-119 8.4: a medium whose end is missing boots, and fails late.
 */
static int check_whole(const char *iso, struct error **err)
{
    auto_close int fd = open(iso, O_RDONLY | O_CLOEXEC);
    unsigned char d[132];
    char wanted[SIZE_TEXT], there[SIZE_TEXT];
    uint64_t bytes;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot open %s", iso);
    if (pread(fd, d, sizeof d, DESCRIPTOR_PLACE) != sizeof d || memcmp(d, "\001CD001", 6) != 0)
        return 0;
    bytes = (uint64_t)le32_at(d, 80) * le16_at(d, 128);
    if (bytes <= (uint64_t)st.st_size)
        return 0;
    error_set(err, ERROR_CONFIG, "%s is cut off: it says that it has %s, and has %s", iso,
              size_format(bytes, wanted), size_format((uint64_t)st.st_size, there));
    return error_hint(err, "download or copy it again");
}

int iso_source_find(const char *iso, const char *kernel, const char *initrd,
                    struct iso_boot *ret, struct error **err)
{
    auto_iso_index struct iso_index index = {0};
    const char *found_kernel = NULL, *found_initrd = NULL;

    *ret = (struct iso_boot){0};
    if (check_whole(iso, err) < 0 || iso_index_read(iso, &index, err) < 0)
        return -1;
    if (kernel && !(found_kernel = iso_index_find(&index, kernel)))
        return no_such_file(iso, "kernel", kernel, &index, err);
    if (initrd && !(found_initrd = iso_index_find(&index, initrd)))
        return no_such_file(iso, "initrd", initrd, &index, err);
    for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
        if (fits(&index, &layouts[i], found_kernel, found_initrd, ret))
            return 0;
    }
    return no_layout(iso, err);
}

static int write_all(int fd, const char *to, const void *data, size_t length, off_t at,
                     struct error **err)
{
    while (length > 0) {
        ssize_t done = pwrite(fd, data, length, at);

        if (done < 0 && errno != EINTR)
            return error_errno(err, errno, "cannot write %s", to);
        if (done > 0) {
            data = (const char *)data + done;
            length -= (size_t)done;
            at += done;
        }
    }
    return 0;
}

static int too_large(const char *iso, const char *path, uint64_t limit, struct error **err)
{
    char text[SIZE_TEXT];

    return error_set(err, ERROR_CONFIG, "%s of %s is larger than %s", path, iso,
                     size_format(limit, text));
}

static int copy_data(struct archive *archive, const char *iso, const char *path, const char *to,
                     uint64_t limit, struct error **err)
{
    auto_close int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    const void *data;
    la_int64_t at;
    size_t length;
    int status;

    if (fd < 0)
        return error_errno(err, errno, "cannot write %s", to);
    while ((status = archive_read_data_block(archive, &data, &length, &at)) == ARCHIVE_OK) {
        if (at < 0 || (uint64_t)at > limit || length > limit - (uint64_t)at)
            return too_large(iso, path, limit, err);
        if (write_all(fd, to, data, length, at, err) < 0)
            return -1;
    }
    if (status != ARCHIVE_EOF)
        return error_set(err, ERROR_FAILED, "%s in %s cannot be read: %s", path, iso,
                         archive_error_string(archive) ? archive_error_string(archive)
                                                       : "the ISO is damaged");
    return 0;
}

int iso_source_extract(const char *iso, const char *path, const char *to, uint64_t limit,
                       struct error **err)
{
    struct archive *archive = iso_index_open(iso, err);
    struct archive_entry *entry;
    int status, result = 1;

    if (!archive)
        return -1;
    while (result > 0 && (status = archive_read_next_header(archive, &entry)) >= ARCHIVE_WARN &&
           status != ARCHIVE_EOF) {
        const char *name = archive_entry_pathname(entry);

        if (name && !archive_entry_hardlink(entry) &&
            archive_entry_filetype(entry) == AE_IFREG &&
            strcmp(iso_index_plain(name), path) == 0)
            result = copy_data(archive, iso, path, to, limit, err);
    }
    if (result > 0)
        result = error_set(err, ERROR_FAILED, "%s has no file '%s' any more", iso, path);
    archive_read_free(archive);
    if (result < 0)
        unlink(to);
    return result;
}
