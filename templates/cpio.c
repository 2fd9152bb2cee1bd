/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/cpio.h"

#include <archive.h>
#include <archive_entry.h>

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
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_nlink(entry, 1);
    archive_entry_set_size(entry, (la_int64_t)file->length);
    archive_entry_set_mtime(entry, 0, 0);
    ok = archive_write_header(archive, entry) == ARCHIVE_OK &&
         (!file->length ||
          archive_write_data(archive, file->data, file->length) == (la_ssize_t)file->length);
    archive_entry_free(entry);
    return ok;
}

int cpio_build(const struct iso_file *files, size_t count, struct buffer *out,
               struct error **err)
{
    struct archive *archive = archive_write_new();
    int result = 0;
    bool ok;

    if (!archive)
        return error_set(err, ERROR_FAILED, "cannot make a cpio archive");
    ok = archive_write_set_format_cpio_newc(archive) == ARCHIVE_OK &&
         archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
         archive_write_open(archive, out, NULL, append, NULL) == ARCHIVE_OK;
    for (size_t i = 0; ok && i < count; i++)
        ok = write_file(archive, &files[i]);
    if (!ok || archive_write_close(archive) != ARCHIVE_OK)
        result = error_set(err, ERROR_FAILED, "cannot make a cpio archive: %s",
                           archive_error_string(archive) ? archive_error_string(archive)
                                                         : "no memory");
    archive_write_free(archive);
    return result;
}
