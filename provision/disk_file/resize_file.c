/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/disk_file/resize_file.h"

#include <string.h>

#include "config/cluster.h"
#include "provision/disk_file/disk_bytes.h"
#include "provision/disk_file/foreign.h"
#include "provision/disk_file/in_use.h"
#include "util/process.h"
#include "util/size.h"

#define SECTOR 512
#define TIME_LIMIT_MS 600000

int resize_file_size(const char *text, uint64_t capacity, uint64_t *ret, struct error **err)
{
    auto_error struct error *reason = NULL;
    bool more = *text == '+';
    uint64_t size;
    char limit[SIZE_TEXT];

    if (size_parse(more ? text + 1 : text, &size, &reason) < 0) {
        reason->kind = ERROR_USAGE;
        return error_move(err, TAKE(reason));
    }
    if (size > DISK_CAPACITY_LIMIT || (more && size > DISK_CAPACITY_LIMIT - capacity))
        return error_set(err, ERROR_USAGE, "'%s' is too large: a disk has at most %s", text,
                         size_format(DISK_CAPACITY_LIMIT, limit));
    size += more ? capacity : 0;
    if (size == 0 || size % SECTOR)
        return error_set(err, ERROR_USAGE, "'%s' is no size of a disk: whole sectors of %d B",
                         text, SECTOR);
    *ret = size;
    return 0;
}

static int refuse_smaller(const char *path, uint64_t before, uint64_t after, struct error **err)
{
    char old[SIZE_TEXT], new[SIZE_TEXT];

    error_set(err, ERROR_CONSENT, "%s has a disk of %s: %s is less, and what is behind is lost",
              path, size_format(before, old), size_format(after, new));
    return error_hint(err, "make partitions and file systems smaller first, in the guest; then "
                           "add --destroy-data");
}

/* Every partition that does not fit is named. */
static int check_partitions(const char *path, const struct partitions *p, uint64_t after,
                            struct error **err)
{
    auto_buffer struct buffer lost = {0};
    char size[SIZE_TEXT], end[SIZE_TEXT];

    if (partitions_end(p) <= after)
        return 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct partition *here = &p->items[i];

        if (here->start + here->size + p->tail > after)
            buffer_printf(&lost, "%s%u (to %s)", lost.length ? ", " : "", here->number,
                          size_format_exact(here->start + here->size, end));
    }
    error_set(err, ERROR_CONFLICT, "%s: at %s, the end of %s %s would be cut off", path,
              size_format(after, size), strchr(lost.data, ',') ? "partitions" : "partition",
              lost.data);
    return error_hint(err,
                      "in the guest, make them smaller or remove them; the disk cannot be "
                      "smaller than %s",
                      size_format_exact((partitions_end(p) + MIB - 1) / MIB * MIB, end));
}

/* Without partitions, what is there may be one file system, whose end only it knows. */
static int check_data(const char *path, const struct disk_chain *chain, uint64_t after,
                      struct error **err)
{
    uint64_t data;

    if (disk_bytes_data(chain, after, &data, err) < 0)
        return -1;
    if (data == UINT64_MAX)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "%s: the disk has no partitions, and data behind its new end, at byte %llu", path,
              (unsigned long long)data);
    return error_hint(err, "make the file system smaller first, and discard what is behind it");
}

/* The end of the disk is another place then, and nothing says any more where partitions are. */
static int check_copy(const char *path, const struct partitions *p, struct error **err)
{
    if (p->table != PARTITION_TABLE_GPT || p->gpt != GPT_NO_PRIMARY)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "%s: its GPT can only be read from the copy at the end of the disk, which would "
              "be lost",
              path);
    return error_hint(err, "have it written anew first: in the guest, or on a raw copy, "
                           "`sgdisk -e DISK` (`sgdisk -z DISK` where it is of no use)");
}

static int check_smaller(const char *path, const struct disk_chain *chain,
                         const struct partitions *p, uint64_t after, struct error **err)
{
    return p->count ? check_partitions(path, p, after, err)
                    : check_data(path, chain, after, err);
}

static int run(const char *path, const char *driver, uint64_t after, bool smaller,
               struct error **err)
{
    auto_free char *name = *path == '/' ? xstrdup(path) : xasprintf("./%s", path);
    auto_free char *size = xasprintf("%llu", (unsigned long long)after);
    const char *argv[9] = {"qemu-img", "resize", "-q", "-f", driver};
    struct process_options how = {.timeout_ms = TIME_LIMIT_MS};
    size_t n = 5;

    if (smaller)
        argv[n++] = "--shrink";
    argv[n++] = name;
    argv[n++] = size;
    return process_run(argv, &how, NULL, err) < 0 ? error_wrap(err, "resizing %s", path) : 0;
}

static int look(const struct disk_chain *chain, struct partitions *ret, struct error **err)
{
    auto_disk_bytes struct disk_bytes bytes = {.fd = -1};
    struct disk_reader reader;

    disk_bytes_open(&bytes, chain, &reader);
    return partitions_read(&reader, ret, err);
}

int resize_file(const char *path, int want, const char *size, bool destroy_data,
                struct resize_result *ret, struct error **err)
{
    auto_disk_chain struct disk_chain chain = {0};
    auto_partitions struct partitions p = {0};
    auto_error struct error *unreadable = NULL;
    const struct partition *last;
    uint64_t after;

    if (in_use_check(path, err) < 0 || in_use_check_names(path, "resize", err) < 0 ||
        disk_chain_read(path, want, true, &chain, err) < 0)
        return -1;
    if (strcmp(chain.format, "qcow2") != 0 && strcmp(chain.format, "raw") != 0) {
        error_set(err, ERROR_CONFIG, "%s: a %s image cannot be resized", path, chain.format);
        return error_hint(err, "make a qcow2 image of it first: virtopo image convert");
    }
    *ret = (struct resize_result){.before = chain.layers[0].capacity};
    if (resize_file_size(size, ret->before, &after, err) < 0)
        return -1;
    ret->after = after;
    if (after < ret->before && !destroy_data)
        return refuse_smaller(path, ret->before, after, err);
    if (after == ret->before)
        return 0;
    /* a larger disk needs no table that can be read */
    if (look(&chain, &p, &unreadable) < 0 && after < ret->before)
        return error_move(err, TAKE(unreadable));
    if (check_copy(path, &p, err) < 0)
        return -1;
    if (after < ret->before && check_smaller(path, &chain, &p, after, err) < 0)
        return -1;
    last = partitions_last(&p);
    ret->table = p.table;
    ret->last = last ? last->number : 0;
    ret->has_backup = p.table == PARTITION_TABLE_GPT;
    return run(path, chain.layers[0].driver, after, after < ret->before, err);
}
