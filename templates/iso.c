/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/iso.h"

#include <stdint.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#define SECTOR 2048u
#define FIRST_DESCRIPTOR 16u /* ECMA-119 6.2.1: sectors 0 to 15 are the system's */
#define DESCRIPTOR_PRIMARY 1
#define DESCRIPTOR_SUPPLEMENTARY 2
#define DESCRIPTOR_END 255

/* 2000-01-01 00:00 UTC in the two forms of ECMA-119: 8.4.26.1 and 9.1.5. */
static const char long_date[17] = "2000010100000000";
static const uint8_t short_date[7] = {100, 1, 1, 0, 0, 0, 0};

static uint32_t little32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The Rock Ridge time stamps ("TF") among a directory record's system use entries. */
static void settle_system_use(uint8_t *record, size_t length)
{
    size_t at = 33u + record[32];

    at += at % 2; /* 9.1.12: padded to an even length */
    while (at + 5 <= length && record[at + 2] >= 4 && at + record[at + 2] <= length) {
        uint8_t *entry = record + at;

        if (entry[0] == 'T' && entry[1] == 'F') {
            for (size_t stamp = 5; stamp + 7 <= entry[2]; stamp += 7)
                memcpy(entry + stamp, short_date, 7);
        }
        at += entry[2];
    }
}

static void settle_folder(struct buffer *image, uint32_t sector, uint32_t size)
{
    uint64_t at = (uint64_t)sector * SECTOR;
    uint64_t end = at + size;

    while (end <= image->length && at + 34 <= end) {
        uint8_t *record = (uint8_t *)image->data + at;

        if (!record[0]) { /* records do not cross sectors: on to the next one */
            at = (at / SECTOR + 1) * SECTOR;
            continue;
        }
        if (at + record[0] > end)
            return;
        memcpy(record + 18, short_date, 7);
        settle_system_use(record, record[0]);
        at += record[0];
    }
}

static void settle_descriptor(struct buffer *image, uint8_t *descriptor)
{
    uint8_t *root = descriptor + 156;

    /* 8.4.26-29: creation, modification and effective date; the expiration date is "none" */
    memcpy(descriptor + 813, long_date, 17);
    memcpy(descriptor + 830, long_date, 17);
    memcpy(descriptor + 864, long_date, 17);
    memcpy(root + 18, short_date, 7);
    settle_folder(image, little32(root + 2), little32(root + 10));
}

/*
 * libarchive's writer has no way to set the image's own date:
 * archive_write_set_format_iso9660.c takes the time of closing for the volume descriptors and
 * the root folder, writes all dates in the machine's time zone, and notes the time once more as
 * text in the sector behind the descriptors ("INFO", read by nothing). Set to one instant here,
 * so that the same files are the same bytes at any time and place.
 */
static int settle_dates(struct buffer *image, struct error **err)
{
    for (size_t at = FIRST_DESCRIPTOR * SECTOR; at + 2 * SECTOR <= image->length;
         at += SECTOR) {
        uint8_t *descriptor = (uint8_t *)image->data + at;

        if (memcmp(descriptor + 1, "CD001", 5) != 0)
            break;
        if (descriptor[0] == DESCRIPTOR_PRIMARY || descriptor[0] == DESCRIPTOR_SUPPLEMENTARY)
            settle_descriptor(image, descriptor);
        if (descriptor[0] != DESCRIPTOR_END)
            continue;
        if (memcmp(descriptor + SECTOR, "INFO ", 5) == 0)
            memset(descriptor + SECTOR, 0, SECTOR);
        return 0;
    }
    return error_set(err, ERROR_FAILED, "libarchive wrote an ISO image without descriptors");
}

static la_ssize_t append(struct archive *archive, void *context, const void *data,
                         size_t length)
{
    (void)archive;
    buffer_append(context, data, length);
    return (la_ssize_t)length;
}

static bool write_file(struct archive *archive, const struct iso_file *file)
{
    struct archive_entry *entry = archive_entry_new();
    bool ok;

    if (!entry)
        return false;
    archive_entry_set_pathname(entry, file->name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0444);
    archive_entry_set_size(entry, (la_int64_t)file->length);
    archive_entry_set_mtime(entry, 0, 0);
    ok = archive_write_header(archive, entry) == ARCHIVE_OK &&
         (!file->length ||
          archive_write_data(archive, file->data, file->length) == (la_ssize_t)file->length);
    archive_entry_free(entry);
    return ok;
}

static bool write_image(struct archive *archive, const char *volume_id,
                        const struct iso_file *files, size_t count, struct buffer *out)
{
    bool ok = archive_write_set_format_iso9660(archive) == ARCHIVE_OK &&
              archive_write_set_format_option(archive, "iso9660", "volume-id", volume_id) ==
                  ARCHIVE_OK &&
              archive_write_set_format_option(archive, "iso9660", "pad", NULL) == ARCHIVE_OK &&
              archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
              archive_write_open(archive, out, NULL, append, NULL) == ARCHIVE_OK;

    for (size_t i = 0; ok && i < count; i++)
        ok = write_file(archive, &files[i]);
    return ok && archive_write_close(archive) == ARCHIVE_OK;
}

int iso_build(const char *volume_id, const struct iso_file *files, size_t count,
              struct buffer *out, struct error **err)
{
    struct archive *archive = archive_write_new();
    auto_buffer struct buffer image = {0};
    int result = 0;

    if (!archive)
        return error_set(err, ERROR_FAILED, "cannot make an ISO image");
    if (!write_image(archive, volume_id, files, count, &image))
        result = error_set(err, ERROR_FAILED, "cannot make an ISO image: %s",
                           archive_error_string(archive) ? archive_error_string(archive)
                                                         : "no memory");
    archive_write_free(archive);
    if (result || settle_dates(&image, err))
        return -1;
    buffer_append(out, image.data, image.length);
    return 0;
}
