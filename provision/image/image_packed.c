/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_packed.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "provision/fetch/fetch.h"
#include "provision/fetch/unpack.h"
#include "provision/image/digest_cache.h"

static const char *kind_of(const char *path)
{
    /* a pipe that nobody writes to must not be waited for */
    auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char head[UNPACK_HEAD];
    ssize_t length = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);

    return length > 0 ? unpack_kind(head, (size_t)length) : NULL;
}

static bool is_packed(const struct image *image)
{
    return image->file && kind_of(image->file);
}

static int packed_recipe(const struct image_object *o, char out[SHA256_TEXT],
                         struct error **err)
{
    auto_free char *all = NULL;
    char digest[SHA256_TEXT];

    if (digest_cached(o->image->file, digest, err) < 0)
        return -1;
    all = xasprintf("virtopo image packed 1 %s %d", digest, o->image->format);
    sha256_text(all, strlen(all), out);
    return 0;
}

static int packed_make(struct image_object *o, const char *part, struct task *task,
                       struct error **err)
{
    return unpack_file(o->image->file, part, FETCH_SIZE_LIMIT, task, err);
}

static char *packed_describe(const struct image_object *o)
{
    return xasprintf("unpack %s", o->image->file);
}

const struct image_maker image_packed_maker = {
    .is_source = is_packed,
    .recipe = packed_recipe,
    .make = packed_make,
    .describe = packed_describe,
    .converts_raw = true,
};
