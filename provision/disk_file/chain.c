/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/chain.h"

#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "provision/disk_file/backing.h"
#include "provision/image/image_file.h"
#include "util/file.h"

/* More than anybody stacks; files that name each other end here. */
#define DEPTH_LIMIT 200

static void add(struct disk_chain *chain, const char *path, const char *driver,
                uint64_t capacity, uint64_t bytes)
{
    struct disk_layer layer = {
        .path = xstrdup(path), .driver = driver, .capacity = capacity, .bytes = bytes};

    vector_push(chain->layers, chain->count, layer);
}

static int add_whole(struct disk_chain *chain, const char *path, int want, struct error **err)
{
    struct image_file file;

    if (image_file_identify(path, want, &file, err) < 0)
        return -1;
    if (chain->count == 0)
        chain->format = file.format;
    add(chain, path, file.driver, file.capacity, file.bytes);
    return 0;
}

/* As a file of this machine; "nbd:…", "json:…" and the like are not. */
static int resolve(const char *path, const struct backing *b, bool follow, char **ret,
                   struct error **err)
{
    auto_free char *folder = path_folder(path);
    auto_free char *joined =
        *b->name == '/' ? xstrdup(b->name) : xasprintf("%s/%s", folder, b->name);
    auto_free char *real_folder = realpath(folder, NULL);
    auto_free char *real = realpath(joined, NULL);
    size_t length = real_folder ? strlen(real_folder) : 0;
    const char *colon = strchr(b->name, ':');

    if (colon && !memchr(b->name, '/', (size_t)(colon - b->name)))
        return error_set(err, ERROR_CONFIG,
                         "%s: its backing file '%s' is no file of this machine", path, b->name);
    if (!real || !real_folder) {
        error_set(err, ERROR_CONFIG, "%s: its backing file '%s' is not there", path, b->name);
        return error_hint(err,
                          "say where it is now: virtopo image rebase %s --onto FILE "
                          "--unsafe",
                          path);
    }
    if (!follow && (strncmp(real, real_folder, length) != 0 || real[length] != '/')) {
        error_set(err, ERROR_CONFIG, "%s: its backing file '%s' is in another folder", path,
                  b->name);
        return error_hint(err, "--follow takes it, if you trust who made the image");
    }
    *ret = TAKE(real);
    return 0;
}

/* Which format a backing file has must be said: to guess it from bytes that a guest wrote is to
 * let the guest choose. */
static int format_of(const char *path, const struct backing *b, int *ret, struct error **err)
{
    const char *word = b->format && strcmp(b->format, "vpc") == 0 ? "vhd" : b->format;

    *ret = word ? image_file_format(word) : IMAGE_FORMAT_DETECT;
    if (*ret != IMAGE_FORMAT_DETECT)
        return 0;
    error_set(err, ERROR_CONFIG, "%s: does not say which format its backing file '%s' has",
              path, b->name);
    return error_hint(err, "say it: virtopo image rebase %s --onto %s --unsafe", path, b->name);
}

static int read_chain(const char *path, int want, bool follow, struct disk_chain *chain,
                      struct error **err)
{
    auto_free char *here = xstrdup(path);

    while (chain->count < DEPTH_LIMIT) {
        auto_backing struct backing b = {0};
        char *next = NULL;
        int found = want == IMAGE_FORMAT_DETECT || want == IMAGE_FORMAT_QCOW2
                        ? backing_read(here, &b, err)
                        : 0;

        if (found < 0)
            return -1;
        if (chain->count == 0)
            chain->snapshots = b.snapshots;
        if (!b.name)
            return add_whole(chain, here, want, err);
        if (resolve(here, &b, follow, &next, err) < 0)
            return -1;
        add(chain, here, "qcow2", b.capacity, b.bytes);
        chain->format = chain->format ? chain->format : "qcow2";
        if (format_of(here, &b, &want, err) < 0) {
            free(next);
            return -1;
        }
        free(here);
        here = next;
    }
    return error_set(err, ERROR_CONFIG, "%s: more than %d backing files on each other", path,
                     DEPTH_LIMIT);
}

int disk_chain_read(const char *path, int want, bool follow, struct disk_chain *ret,
                    struct error **err)
{
    *ret = (struct disk_chain){0};
    if (read_chain(path, want, follow, ret, err) == 0)
        return 0;
    disk_chain_done(ret);
    return -1;
}

void disk_chain_done(struct disk_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        free(chain->layers[i].path);
    free(chain->layers);
    *chain = (struct disk_chain){0};
}
