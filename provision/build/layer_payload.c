/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/layer_payload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "provision/build/layer_tree.h"
#include "util/size.h"

struct payload {
    const char *path;
    int fd;
    struct archive *archive;
    const struct layer_copy *copy; /* that is being written */
    bool is_folder;
};

static int cannot_write(const struct payload *p, struct error **err)
{
    int reason = archive_errno(p->archive);

    if (reason)
        return error_errno(err, reason, "cannot write %s", p->path);
    return error_set(err, ERROR_FAILED, "cannot write %s: %s", p->path,
                     archive_error_string(p->archive));
}

/* GNU's format: what tar and busybox read, long names and large files included. */
static int begin(struct payload *p, size_t at, struct error **err)
{
    if (lseek(p->fd, (off_t)(at * MIB), SEEK_SET) < 0)
        return error_errno(err, errno, "cannot write %s", p->path);
    p->archive = archive_write_new();
    if (!p->archive)
        abort();
    if (archive_write_set_format_gnutar(p->archive) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(p->archive, 1) != ARCHIVE_OK ||
        archive_write_open_fd(p->archive, p->fd) != ARCHIVE_OK)
        return cannot_write(p, err);
    return 0;
}

/* The archive's end and where the next may begin, in MiB. */
static int end(struct payload *p, size_t *ret, struct error **err)
{
    off_t here;

    if (archive_write_close(p->archive) != ARCHIVE_OK)
        return cannot_write(p, err);
    archive_write_free(p->archive);
    p->archive = NULL;
    here = lseek(p->fd, 0, SEEK_CUR);
    if (here < 0)
        return error_errno(err, errno, "cannot write %s", p->path);
    *ret = ((size_t)here + MIB - 1) / MIB;
    return 0;
}

/* All of it is root's. */
static int write_header(struct payload *p, const char *name, mode_t type, mode_t mode,
                        const char *target, uint64_t size, time_t when, struct error **err)
{
    struct archive_entry *entry = archive_entry_new();
    int outcome = 0;

    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, mode & 07777);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_mtime(entry, when, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    if (target)
        archive_entry_set_symlink(entry, target);
    if (archive_write_header(p->archive, entry) != ARCHIVE_OK)
        outcome = cannot_write(p, err);
    archive_entry_free(entry);
    return outcome;
}

static int write_data(struct payload *p, const char *name, mode_t mode, const void *data,
                      size_t length, struct error **err)
{
    if (write_header(p, name, AE_IFREG, mode, NULL, length, 0, err) < 0)
        return -1;
    if (length && archive_write_data(p->archive, data, length) != (la_ssize_t)length)
        return cannot_write(p, err);
    return 0;
}

/* A file that becomes shorter or longer while it is read is not the one of the recipe. */
static int write_content(struct payload *p, const struct layer_entry *entry, struct error **err)
{
    auto_close int fd = open(entry->path, O_RDONLY | O_CLOEXEC);
    uint64_t left = (uint64_t)entry->status->st_size;
    auto_free char *chunk = xmalloc(256 * KIB);
    ssize_t got = 1;

    if (fd < 0)
        return error_errno(err, errno, "cannot read %s", entry->path);
    while (left && (got = read(fd, chunk, left < 256 * KIB ? left : 256 * KIB)) > 0) {
        if (archive_write_data(p->archive, chunk, (size_t)got) != got)
            return cannot_write(p, err);
        left -= (uint64_t)got;
    }
    if (got < 0)
        return error_errno(err, errno, "cannot read %s", entry->path);
    if (left || read(fd, chunk, 1) != 0)
        return error_set(err, ERROR_FAILED, "%s changed while it was being copied",
                         entry->path);
    return 0;
}

/* The name in the archive: below the folder that it becomes, or the file's last one. */
static const char *name_of(const struct payload *p, const struct layer_entry *entry)
{
    const char *name = strrchr(p->copy->to, '/') + 1;

    if (p->is_folder)
        return *entry->name ? entry->name : ".";
    return *name ? name : strrchr(p->copy->from, '/') + 1;
}

static int write_entry(void *context, const struct layer_entry *entry, struct error **err)
{
    struct payload *p = context;
    const struct stat *st = entry->status;
    const char *name = name_of(p, entry);

    /* The folder itself may be there, with a mode of its own. */
    if (p->is_folder && !*entry->name)
        return 0;
    if (entry->target)
        return write_header(p, name, AE_IFLNK, 0777, entry->target, 0, st->st_mtime, err);
    if (S_ISDIR(st->st_mode))
        return write_header(p, name, AE_IFDIR, st->st_mode, NULL, 0, st->st_mtime, err);
    if (write_header(p, name, AE_IFREG, st->st_mode, NULL, (uint64_t)st->st_size, st->st_mtime,
                     err) < 0)
        return -1;
    return write_content(p, entry, err);
}

static int write_files(struct payload *p, const struct layer_step *step, struct error **err)
{
    list_each(const struct guest_file, step->layer->files, file)
    {
        mode_t mode = file->mode ? (mode_t)strtoul(file->mode, NULL, 8) : 0644;
        const char *name = file->path + strspn(file->path, "/");

        if (layer_step_has_file(step, file) &&
            write_data(p, name, mode, file->content, file->content_length, err) < 0)
            return -1;
    }
    return 0;
}

static int write_part(struct payload *p, const struct layer_step *step, size_t *at,
                      struct layer_part *ret, struct error **err)
{
    size_t next;
    int outcome;

    if (step->kind == LAYER_STEP_PACKAGES || step->kind == LAYER_STEP_RUN)
        return 0;
    if (begin(p, *at, err) < 0)
        return -1;
    if (step->kind == LAYER_STEP_COPY) {
        p->copy = step->copy;
        p->is_folder = layer_tree_is_folder(step->copy->from);
        outcome = layer_tree_walk(step->copy->from, write_entry, p, err);
    } else {
        outcome = write_files(p, step, err);
    }
    if (outcome < 0 || end(p, &next, err) < 0)
        return -1;
    *ret = (struct layer_part){*at, next - *at};
    *at = next;
    return 0;
}

static void script_of(const struct layer_steps *steps, size_t i, struct buffer *out)
{
    const struct layer_step *step = &steps->items[i];

    layer_step_script(step, i + 1, step->copy && layer_tree_is_folder(step->copy->from), out);
}

/* More than the first archive will take: it is written last, when the places of the others are
 * known. */
static size_t head_size(const struct layer_steps *steps)
{
    size_t bytes = strlen(layer_driver) + 64 * KIB;

    for (size_t i = 0; i < steps->count; i++) {
        auto_buffer struct buffer script = {0};

        script_of(steps, i, &script);
        bytes += script.length + 2 * KIB;
    }
    return bytes / MIB + 1;
}

static int write_head(struct payload *p, const struct layer_steps *steps,
                      const struct layer_settings *settings, struct error **err)
{
    auto_buffer struct buffer text = {0};
    size_t unused;

    layer_settings_text(settings, &text);
    if (begin(p, 0, err) < 0 ||
        write_data(p, "driver", 0700, layer_driver, strlen(layer_driver), err) < 0 ||
        write_data(p, "settings", 0600, text.data, text.length, err) < 0)
        return -1;
    for (size_t i = 0; i < steps->count; i++) {
        auto_buffer struct buffer script = {0};
        auto_free char *name = xasprintf("step-%zu", i + 1);

        script_of(steps, i, &script);
        if (write_data(p, name, 0600, script.data, script.length, err) < 0)
            return -1;
    }
    return end(p, &unused, err);
}

static int write_all(struct payload *p, const struct layer_steps *steps,
                     struct layer_settings *settings, struct layer_part *parts, size_t head,
                     struct error **err)
{
    size_t at = head;

    for (size_t i = 0; i < steps->count; i++) {
        if (write_part(p, &steps->items[i], &at, &parts[i], err) < 0)
            return -1;
    }
    settings->parts = parts;
    if (write_head(p, steps, settings, err) < 0)
        return -1;
    /* whole MiB: a block device of QEMU's has nothing smaller than a sector */
    if (ftruncate(p->fd, (off_t)(at * MIB)) < 0)
        return error_errno(err, errno, "cannot write %s", p->path);
    return 0;
}

int layer_payload_write(const char *path, const struct layer_steps *steps, const char *nonce,
                        bool keep, bool seal, size_t *ret_head, struct error **err)
{
    auto_close int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    auto_free struct layer_part *parts = xcalloc(steps->count + 1, sizeof *parts);
    struct payload p = {.path = path, .fd = fd};
    struct layer_settings settings = {
        .nonce = nonce, .steps = steps->count, .keep = keep, .seal = seal};
    int outcome;

    if (fd < 0)
        return error_errno(err, errno, "cannot write %s", path);
    *ret_head = head_size(steps);
    outcome = write_all(&p, steps, &settings, parts, *ret_head, err);
    if (p.archive)
        archive_write_free(p.archive);
    return outcome;
}
