/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/iso_index.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/buffer.h"

#define BLOCK_BYTES (64 << 10)
#define MOST_ENTRIES 1000000
#define MOST_LINKS 8

const char *iso_index_plain(const char *path)
{
    while (*path == '/' || (path[0] == '.' && path[1] == '/'))
        path++;
    return path;
}

struct archive *iso_index_open(const char *iso, struct error **err)
{
    struct archive *archive = archive_read_new();

    if (archive && archive_read_support_format_iso9660(archive) == ARCHIVE_OK &&
        archive_read_open_filename(archive, iso, BLOCK_BYTES) == ARCHIVE_OK)
        return archive;
    error_set(err, ERROR_FAILED, "%s cannot be read as an ISO 9660 image: %s", iso,
              archive && archive_error_string(archive) ? archive_error_string(archive)
                                                       : "no memory");
    archive_read_free(archive);
    return NULL;
}

/* Takes the last name off a path; false when there is none. */
static bool cut_name(struct buffer *path)
{
    const char *slash = path->length ? strrchr(path->data, '/') : NULL;

    if (!path->length)
        return false;
    path->length = slash ? (size_t)(slash - path->data) : 0;
    path->data[path->length] = '\0';
    return true;
}

/* What a symlink at `path` names, from the root; NULL when that is outside of the ISO. */
static char *resolve_symlink(const char *path, const char *target)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out, *target == '/' ? "" : path);
    if (*target != '/')
        cut_name(&out);
    while (*target) {
        size_t length = strcspn(target, "/");

        if (length == 2 && strncmp(target, "..", 2) == 0) {
            if (!cut_name(&out))
                return NULL;
        } else if (length && !(length == 1 && *target == '.')) {
            buffer_printf(&out, "%s%.*s", out.length ? "/" : "", (int)length, target);
        }
        target += length;
        target += *target == '/';
    }
    return buffer_take(&out);
}

static void add(struct iso_index *index, struct archive_entry *entry)
{
    const char *path = archive_entry_pathname(entry);
    const char *hard = archive_entry_hardlink(entry);
    const char *soft = archive_entry_symlink(entry);
    struct iso_entry item = {0};

    if (!path || (!hard && !soft && archive_entry_filetype(entry) != AE_IFREG))
        return;
    path = iso_index_plain(path);
    if (hard)
        item.link = xstrdup(iso_index_plain(hard));
    else if (soft)
        item.link = resolve_symlink(path, soft);
    if (soft && !hard && !item.link)
        return;
    item.path = xstrdup(path);
    vector_push(index->items, index->count, item);
}

int iso_index_read(const char *iso, struct iso_index *ret, struct error **err)
{
    struct archive *archive = iso_index_open(iso, err);
    struct archive_entry *entry;
    int status = ARCHIVE_OK, result = 0;

    *ret = (struct iso_index){0};
    if (!archive)
        return -1;
    while (ret->count < MOST_ENTRIES &&
           (status = archive_read_next_header(archive, &entry)) >= ARCHIVE_WARN &&
           status != ARCHIVE_EOF)
        add(ret, entry);
    if (status < ARCHIVE_WARN)
        result = error_set(err, ERROR_FAILED, "%s cannot be read as an ISO 9660 image: %s", iso,
                           archive_error_string(archive) ? archive_error_string(archive)
                                                         : "it is damaged");
    else if (status != ARCHIVE_EOF)
        result = error_set(err, ERROR_FAILED, "%s has more than %d files", iso, MOST_ENTRIES);
    archive_read_free(archive);
    if (result)
        iso_index_done(ret);
    return result;
}

void iso_index_done(struct iso_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        free(index->items[i].path);
        free(index->items[i].link);
    }
    free(index->items);
    *index = (struct iso_index){0};
}

static const struct iso_entry *find_entry(const struct iso_index *index, const char *path)
{
    const struct iso_entry *other = NULL;

    for (size_t i = 0; i < index->count; i++) {
        if (strcmp(index->items[i].path, path) == 0)
            return &index->items[i];
        if (strcasecmp(index->items[i].path, path) == 0)
            other = &index->items[i];
    }
    return other;
}

const char *iso_index_find(const struct iso_index *index, const char *path)
{
    path = iso_index_plain(path);
    for (int i = 0; i <= MOST_LINKS; i++) {
        const struct iso_entry *entry = find_entry(index, path);

        if (!entry)
            return NULL;
        if (!entry->link)
            return entry->path;
        path = entry->link;
    }
    return NULL;
}
