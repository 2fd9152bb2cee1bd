/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/fetch_sink.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "provision/fetch/space.h"
#include "provision/fetch/unpack.h"
#include "util/size.h"

#define BLOCK (1024 * 1024)
/* Started on its way to the disk as it comes, so that the last fsync finds little to do. */
#define WRITEBACK (UINT64_C(32) << 20)

int sink_open(struct sink *sink, struct error **err)
{
    const struct fetch_request *request = sink->request;

    sink->limit = request->size_limit ? request->size_limit : FETCH_SIZE_LIMIT;
    sink->hash = hasher_new(request->digest ? request->digest->kind : HASH_SHA256);
    sink->fd = open(request->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (sink->fd < 0)
        return space_write_error(request->path, errno, err);
    return 0;
}

int sink_restart(struct sink *sink, struct error **err)
{
    char unused[HASH_TEXT];

    unpack_free(TAKE(sink->unpack));
    hasher_text(sink->hash, unused);
    free(TAKE(sink->validator));
    sink->received = sink->total = 0;
    sink->head_length = 0;
    sink->decided = false;
    if (ftruncate(sink->fd, 0) < 0 || lseek(sink->fd, 0, SEEK_SET) < 0)
        return space_write_error(sink->request->path, errno, err);
    return 0;
}

int sink_adopt(struct sink *sink, uint64_t bytes, struct error **err)
{
    auto_free char *block = xmalloc(BLOCK);

    sink->decided = true;
    while (sink->received < bytes) {
        ssize_t n = read(sink->fd, block, BLOCK);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return error_errno(err, n < 0 ? errno : EIO, "cannot read %s", sink->request->path);
        if (task_cancelled(sink->task))
            return error_set(err, ERROR_CANCELLED, "reading %s: stopped", sink->request->path);
        hasher_add(sink->hash, block, (size_t)n);
        sink->received += (uint64_t)n;
    }
    return 0;
}

static int write_all(struct sink *sink, const char *data, size_t length, struct error **err)
{
    while (length > 0) {
        ssize_t n = write(sink->fd, data, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return space_write_error(sink->request->path, errno, err);
        data += n;
        length -= (size_t)n;
    }
    return 0;
}

static int pass_on(struct sink *sink, const void *data, size_t length, struct error **err)
{
    if (!sink->unpack)
        return write_all(sink, data, length, err);
    return unpack_feed(sink->unpack, data, length, err);
}

static bool is_page(const char *head, size_t length)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<?xml"};

    if (length >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
        head += 3;
        length -= 3;
    }
    while (length > 0 && isspace((unsigned char)*head)) {
        head++;
        length--;
    }
    for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
        size_t wanted = strlen(starts[i]);

        if (length >= wanted && strncasecmp(head, starts[i], wanted) == 0)
            return true;
    }
    return false;
}

/* What it is shows in its first bytes; then they go where they belong. */
static int decide(struct sink *sink, struct error **err)
{
    const struct fetch_request *request = sink->request;
    const char *kind = request->unpack ? unpack_kind(sink->head, sink->head_length) : NULL;

    if (is_page(sink->head, sink->head_length)) {
        error_set(err, ERROR_FAILED, "a web page came instead of an image");
        return error_hint(err, "the address is that of a page about the file, or of a login: "
                               "name the file itself");
    }
    sink->decided = true;
    if (kind)
        sink->unpack = unpack_start(sink->fd, request->path, kind, sink->limit);
    return pass_on(sink, sink->head, sink->head_length, err);
}

static int check_limit(const struct sink *sink, size_t more, struct error **err)
{
    char limit[SIZE_TEXT];

    if (sink->received + more <= sink->limit)
        return 0;
    error_set(err, ERROR_FAILED, "it is larger than %s", size_format(sink->limit, limit));
    return error_hint(err, "if that is right, raise the image's `size_limit`");
}

static int take_head(struct sink *sink, const char **data, size_t *length, struct error **err)
{
    size_t piece = SINK_HEAD - sink->head_length;

    piece = piece < *length ? piece : *length;
    memcpy(sink->head + sink->head_length, *data, piece);
    sink->head_length += piece;
    *data += piece;
    *length -= piece;
    return sink->head_length == SINK_HEAD ? decide(sink, err) : 0;
}

int sink_take(struct sink *sink, const void *data, size_t length, struct error **err)
{
    const char *from = data;
    uint64_t before = sink->received;

    if (check_limit(sink, length, err) < 0)
        return -1;
    hasher_add(sink->hash, data, length);
    sink->received += length;
    if (!sink->decided && take_head(sink, &from, &length, err) < 0)
        return -1;
    if (length > 0 && pass_on(sink, from, length, err) < 0)
        return -1;
    if (!sink->unpack && before / WRITEBACK != sink->received / WRITEBACK)
        sync_file_range(sink->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    task_progress(sink->task, sink->received, sink->total);
    return 0;
}

/* Digest first: what is not what was asked for needs no word about how it unpacks. */
static int check_digest(const struct sink *sink, const struct checksum *found,
                        struct error **err)
{
    const struct checksum *wanted = sink->request->digest;

    if (!wanted || checksum_equal(wanted, found))
        return 0;
    error_set(err, ERROR_FAILED, "what came is not what was asked for: its %s is %s, not %s%s",
              hash_name(wanted->kind), found->hex, wanted->hex,
              sink->request->locked ? ", which virtopo.lock has" : "");
    if (sink->request->locked)
        return error_hint(err,
                          "publishers replace their images: `virtopo image lock %s` takes what "
                          "is there today. If their list of digests still has the locked one, "
                          "what came is damaged or forged",
                          sink->request->locked);
    return error_hint(err, "publishers replace their images: compare with their list of "
                           "digests. If that has the wanted one, what came is damaged or "
                           "forged");
}

int sink_finish(struct sink *sink, struct fetch_result *ret, struct error **err)
{
    uint64_t bytes;

    if (sink->received == 0)
        return error_set(err, ERROR_FAILED, "an empty file came");
    if (!sink->decided && decide(sink, err) < 0)
        return -1;
    ret->digest = (struct checksum){.kind = sink->request->digest ? sink->request->digest->kind
                                                                  : HASH_SHA256};
    hasher_text(sink->hash, ret->digest.hex);
    ret->bytes = sink->received;
    ret->unpacked = sink->unpack != NULL;
    if (check_digest(sink, &ret->digest, err) < 0 ||
        (sink->unpack && unpack_finish(sink->unpack, &bytes, err) < 0))
        return -1;
    /* Its name must not come before its bytes, should the power fail. */
    if (fsync(sink->fd) < 0)
        return space_write_error(sink->request->path, errno, err);
    return 0;
}

bool sink_can_resume(const struct sink *sink)
{
    return sink->received > 0 && sink->validator;
}

bool sink_can_outlive(const struct sink *sink)
{
    return sink_can_resume(sink) && sink->decided && !sink->unpack && sink->request->digest;
}

void sink_close(struct sink *sink)
{
    unpack_free(sink->unpack);
    hasher_free(sink->hash);
    free(sink->validator);
    if (sink->fd >= 0)
        close(sink->fd);
}
