/* SPDX-License-Identifier: Apache-2.0 */
/* qemu-img reads the formats: a window of the disk at a time, into a file in memory. */
#include "provision/disk_file/disk_bytes.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/process.h"
#include "util/size.h"

#define WINDOW MIB
#define TIME_LIMIT_MS 120000

static const char *const environment[] = {"MALLOC_ARENA_MAX=2", NULL};

/* qemu's `raw` over the image cuts the window out of it. */
static char *window_name(const struct disk_chain *chain, uint64_t start, uint64_t length)
{
    auto_free char *name = image_convert_name(chain->layers, chain->count);

    return xasprintf("json:{\"driver\":\"raw\",\"offset\":%llu,\"size\":%llu,\"file\":%s}",
                     (unsigned long long)start, (unsigned long long)length,
                     name + strlen("json:"));
}

static int fill(struct disk_bytes *b, uint64_t offset, struct error **err)
{
    uint64_t capacity = b->chain->layers[0].capacity;
    uint64_t start = offset / WINDOW * WINDOW;
    uint64_t length = capacity - start < WINDOW ? capacity - start : WINDOW;
    auto_free char *from = window_name(b->chain, start, length);
    auto_free char *to = NULL;
    const char *argv[] = {"qemu-img", "convert", "-O", "raw", from, NULL, NULL};
    struct process_options how = {.env = environment,
                                  .timeout_ms = TIME_LIMIT_MS,
                                  .limits = image_convert_limits(WINDOW)};

    disk_bytes_close(b);
    b->fd = memfd_create("window", MFD_CLOEXEC);
    if (b->fd < 0)
        return error_errno(err, errno, "cannot read %s", b->chain->layers[0].path);
    to = xasprintf("/proc/%d/fd/%d", (int)getpid(), b->fd);
    argv[5] = to;
    if (process_run(argv, &how, NULL, err) < 0)
        return error_wrap(err, "reading %s", b->chain->layers[0].path);
    b->start = start;
    b->length = length;
    return 0;
}

static int read_bytes(void *context, uint64_t offset, void *data, size_t length,
                      struct error **err)
{
    struct disk_bytes *b = context;

    while (length) {
        size_t part;

        if ((offset < b->start || offset >= b->start + b->length) && fill(b, offset, err) < 0)
            return -1;
        part = (size_t)(b->start + b->length - offset);
        part = part < length ? part : length;
        if (pread(b->fd, data, part, (off_t)(offset - b->start)) != (ssize_t)part)
            return error_set(err, ERROR_FAILED, "cannot read byte %llu of the disk in %s",
                             (unsigned long long)offset, b->chain->layers[0].path);
        data = (char *)data + part;
        offset += part;
        length -= part;
    }
    return 0;
}

void disk_bytes_open(struct disk_bytes *b, const struct disk_chain *chain,
                     struct disk_reader *ret)
{
    *b = (struct disk_bytes){.chain = chain, .fd = -1};
    *ret = (struct disk_reader){
        .size = chain->layers[0].capacity, .read = read_bytes, .context = b};
}

void disk_bytes_close(struct disk_bytes *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
    b->start = b->length = 0;
}

/* Of `qemu-img map --output=json`. */
static uint64_t first_data(const json_t *map, uint64_t from)
{
    uint64_t found = UINT64_MAX;
    size_t i;
    const json_t *range;

    json_array_foreach (map, i, range) {
        uint64_t start = (uint64_t)json_integer_value(json_object_get(range, "start"));
        uint64_t length = (uint64_t)json_integer_value(json_object_get(range, "length"));

        if (start + length <= from || !json_is_true(json_object_get(range, "data")) ||
            json_is_true(json_object_get(range, "zero")))
            continue;
        start = start > from ? start : from;
        found = start < found ? start : found;
    }
    return found;
}

int disk_bytes_data(const struct disk_chain *chain, uint64_t from, uint64_t *ret,
                    struct error **err)
{
    auto_free char *name = image_convert_name(chain->layers, chain->count);
    const char *argv[] = {"qemu-img", "map", "--output=json", name, NULL};
    struct process_options how = {.env = environment,
                                  .timeout_ms = TIME_LIMIT_MS,
                                  .output_limit = 64 * MIB,
                                  .limits = image_convert_limits(0)};
    auto_buffer struct buffer text = {0};
    json_t *map;

    if (process_run(argv, &how, &text, err) < 0)
        return error_wrap(err, "reading %s", chain->layers[0].path);
    map = json_loads(text.data ? text.data : "", 0, NULL);
    if (!json_is_array(map)) {
        json_decref(map);
        return error_set(err, ERROR_FAILED, "qemu-img did not say what is in %s",
                         chain->layers[0].path);
    }
    *ret = first_data(map, from);
    json_decref(map);
    return 0;
}
