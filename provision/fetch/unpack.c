/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "provision/fetch/space.h"
#include "util/size.h"

#define SLOTS 4
#define SLOT_BYTES (256 * 1024)
/* Nothing real shrinks so much: a disk of zeros does, and that is a trap or of no use. */
#define RATIO_LIMIT 1000
#define RATIO_FREE (UINT64_C(1) << 30)

struct slot {
    char data[SLOT_BYTES];
    size_t length;
};

/* A ring of slots: `filled` of them from `first` on belong to the thread, the others to who
 * feeds. */
struct unpack {
    int fd;
    const char *path, *kind;
    uint64_t limit, consumed, written;
    pthread_t thread;
    bool joined;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slots[SLOTS];
    size_t first, filled;
    bool reading; /* the thread looks at slot `first` */
    bool ended;   /* nothing more will be fed */
    bool ran_out; /* the thread asked for more all the same */
    bool stopped; /* by unpack_free */
    bool gave_up; /* the thread's end; `error` says why, or NULL when it has all */
    struct error *error;
};

const char *unpack_kind(const void *head, size_t length)
{
    static const struct {
        const char *kind, *magic;
        size_t length;
    } kinds[] = {
        {"gzip", "\x1f\x8b\x08", 3},
        {"xz",
         "\xfd"
         "7zXZ\0",
         6},
        {"zstd", "\x28\xb5\x2f\xfd", 4},
        {"bzip2", "BZh", 3},
    };

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (length >= kinds[i].length && memcmp(head, kinds[i].magic, kinds[i].length) == 0)
            return kinds[i].kind;
    }
    return NULL;
}

/* libarchive's way to get more: what the call before handed out is done with now. */
static la_ssize_t give(struct archive *archive, void *context, const void **ret)
{
    struct unpack *u = context;
    la_ssize_t length = 0;

    (void)archive;
    pthread_mutex_lock(&u->lock);
    if (u->reading) {
        u->first = (u->first + 1) % SLOTS;
        u->filled--;
        u->reading = false;
        pthread_cond_broadcast(&u->changed);
    }
    while (u->filled == 0 && !u->ended && !u->stopped)
        pthread_cond_wait(&u->changed, &u->lock);
    if (u->filled > 0 && !u->stopped) {
        u->reading = true;
        *ret = u->slots[u->first].data;
        length = (la_ssize_t)u->slots[u->first].length;
        u->consumed += (uint64_t)length;
    }
    u->ran_out = length == 0;
    pthread_mutex_unlock(&u->lock);
    return length;
}

static int check_limits(const struct unpack *u, uint64_t end, struct error **err)
{
    char limit[SIZE_TEXT];

    if (end > u->limit) {
        error_set(err, ERROR_FAILED, "unpacked it is larger than %s",
                  size_format(u->limit, limit));
        return error_hint(err, "if that is right, raise the image's `size_limit`");
    }
    if (end > RATIO_FREE && end / RATIO_LIMIT > u->consumed) {
        error_set(err, ERROR_FAILED,
                  "unpacked it is more than %d times as large: it is made to fill disks",
                  RATIO_LIMIT);
        return error_hint(err, "unpack it by hand where you trust it, and name the result with "
                               "`file`");
    }
    return 0;
}

/* Zeros are left out, by blocks of the file system. */
static int write_sparse(struct unpack *u, const char *data, size_t length, uint64_t offset,
                        struct error **err)
{
    static const char zeros[4096];

    while (length > 0) {
        size_t piece = sizeof zeros - offset % sizeof zeros;
        ssize_t n;

        piece = piece < length ? piece : length;
        if (memcmp(data, zeros, piece) != 0) {
            while (piece < length &&
                   memcmp(data + piece, zeros,
                          length - piece < sizeof zeros ? length - piece : sizeof zeros) != 0)
                piece += length - piece < sizeof zeros ? length - piece : sizeof zeros;
            n = pwrite(u->fd, data, piece, (off_t)offset);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                return space_write_error(u->path, errno, err);
            piece = (size_t)n;
        }
        data += piece;
        length -= piece;
        offset += piece;
    }
    return 0;
}

static int broken(const struct unpack *u, struct archive *archive, struct error **err)
{
    const char *said = u->ran_out ? NULL : archive_error_string(archive);

    return error_set(err, ERROR_FAILED, "its %s data cannot be unpacked: %s", u->kind,
                     said ? said : "they end too early");
}

static int unpack_blocks(struct unpack *u, struct archive *archive, struct error **err)
{
    struct archive_entry *entry;
    const void *data;
    size_t length;
    la_int64_t offset;
    int code;

    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_zstd(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_format_raw(archive);
    if (archive_read_open(archive, u, NULL, give, NULL) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK)
        return broken(u, archive, err);
    while ((code = archive_read_data_block(archive, &data, &length, &offset)) == ARCHIVE_OK) {
        if (check_limits(u, (uint64_t)offset + length, err) < 0 ||
            write_sparse(u, data, length, (uint64_t)offset, err) < 0)
            return -1;
        u->written = (uint64_t)offset + length;
    }
    if (code != ARCHIVE_EOF)
        return broken(u, archive, err);
    if (ftruncate(u->fd, (off_t)u->written) < 0)
        return space_write_error(u->path, errno, err);
    return 0;
}

static void *run(void *context)
{
    struct unpack *u = context;
    struct archive *archive = archive_read_new();
    struct error *error = NULL;

    if (!archive)
        abort();
    if (unpack_blocks(u, archive, &error) == 0) {
        const void *rest;

        /* What follows the end of the compressed data does not count. */
        while (give(archive, u, &rest) > 0)
            ;
    }
    archive_read_free(archive);
    pthread_mutex_lock(&u->lock);
    u->error = error;
    u->gave_up = true;
    pthread_cond_broadcast(&u->changed);
    pthread_mutex_unlock(&u->lock);
    return NULL;
}

struct unpack *unpack_start(int fd, const char *path, const char *kind, uint64_t limit)
{
    struct unpack *u = xcalloc(1, sizeof *u);

    u->fd = fd;
    u->path = path;
    u->kind = kind;
    u->limit = limit;
    pthread_mutex_init(&u->lock, NULL);
    pthread_cond_init(&u->changed, NULL);
    if (pthread_create(&u->thread, NULL, run, u) != 0)
        abort();
    return u;
}

int unpack_feed(struct unpack *u, const void *data, size_t length, struct error **err)
{
    const char *from = data;

    pthread_mutex_lock(&u->lock);
    while (length > 0 && !u->gave_up) {
        struct slot *slot;
        size_t piece = length < SLOT_BYTES ? length : SLOT_BYTES;

        if (u->filled == SLOTS) {
            pthread_cond_wait(&u->changed, &u->lock);
            continue;
        }
        slot = &u->slots[(u->first + u->filled) % SLOTS];
        memcpy(slot->data, from, piece);
        slot->length = piece;
        u->filled++;
        from += piece;
        length -= piece;
        pthread_cond_broadcast(&u->changed);
    }
    pthread_mutex_unlock(&u->lock);
    return length == 0 ? 0 : error_move(err, TAKE(u->error));
}

static void stop(struct unpack *u, bool at_once)
{
    pthread_mutex_lock(&u->lock);
    u->ended = true;
    u->stopped = u->stopped || at_once;
    pthread_cond_broadcast(&u->changed);
    pthread_mutex_unlock(&u->lock);
    if (!u->joined)
        pthread_join(u->thread, NULL);
    u->joined = true;
}

int unpack_finish(struct unpack *u, uint64_t *ret_bytes, struct error **err)
{
    stop(u, false);
    if (u->error)
        return error_move(err, TAKE(u->error));
    *ret_bytes = u->written;
    return 0;
}

void unpack_free(struct unpack *u)
{
    if (!u)
        return;
    stop(u, true);
    error_free(u->error);
    pthread_cond_destroy(&u->changed);
    pthread_mutex_destroy(&u->lock);
    free(u);
}

static int feed_file(struct unpack *u, int fd, const char *path, struct task *task,
                     struct error **err)
{
    auto_free char *block = xmalloc(SLOT_BYTES);
    uint64_t done = 0;
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot read %s", path);
    while ((n = read(fd, block, SLOT_BYTES)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, "cannot read %s", path);
        if (task_cancelled(task))
            return error_set(err, ERROR_CANCELLED, "unpacking %s: stopped", path);
        if (unpack_feed(u, block, (size_t)n, err) < 0)
            return error_wrap(err, "unpacking %s", path);
        done += (uint64_t)n;
        task_progress(task, done, (uint64_t)st.st_size);
    }
    return 0;
}

static int unpack_opened(int in, const char *from, const char *to, uint64_t limit,
                         struct task *task, struct error **err)
{
    auto_close int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    char head[UNPACK_HEAD];
    ssize_t length = pread(in, head, sizeof head, 0);
    const char *kind = length > 0 ? unpack_kind(head, (size_t)length) : NULL;
    struct unpack *u;
    uint64_t bytes;
    int outcome;

    if (out < 0)
        return error_errno(err, errno, "cannot write %s", to);
    if (!kind)
        return error_set(err, ERROR_FAILED, "%s is not compressed", from);
    task_say(task, "unpacking %s", from);
    u = unpack_start(out, to, kind, limit);
    outcome = feed_file(u, in, from, task, err);
    if (outcome == 0 && unpack_finish(u, &bytes, err) < 0)
        outcome = error_wrap(err, "unpacking %s", from);
    unpack_free(u);
    return outcome;
}

int unpack_file(const char *from, const char *to, uint64_t limit, struct task *task,
                struct error **err)
{
    auto_close int in = open(from, O_RDONLY | O_CLOEXEC);

    if (in < 0)
        return error_errno(err, errno, "cannot read %s", from);
    if (unpack_opened(in, from, to, limit, task, err) == 0)
        return 0;
    unlink(to);
    return -1;
}
