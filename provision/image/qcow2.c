/* SPDX-License-Identifier: Apache-2.0 */
/* By qemu's docs/interop/qcow2.txt; all numbers are big endian. */
#include "provision/image/qcow2.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "util/bytes.h"
#include "util/process.h"
#include "util/size.h"

/* Larger than any guest's disk, small enough for every tool's arithmetic. */
#define CAPACITY_LIMIT (64 * 1024 * GIB)
/* qemu takes no larger ones. */
#define L1_BYTES_LIMIT (32 * MIB)
#define REFCOUNT_BYTES_LIMIT (8 * MIB)
/* What is read of level 2 tables, and what the reading of a small one counts at least. */
#define L2_BYTES_LIMIT (64 * MIB)
#define L2_READ_COST 4096

#define EXTENSION_BACKING_FORMAT 0xe2792acau
#define BACKING_BYTES 4096 /* where QEMU puts what a header goes on with */

#define HEADER_BYTES 104 /* of version 3; version 2 has a cluster of at least 512 bytes too */
#define SMALLEST_CLUSTER_BITS 9
#define LARGEST_CLUSTER_BITS 21

#define LARGEST_REFCOUNT_ORDER 6
#define SNAPSHOTS_LIMIT 65536
#define SNAPSHOT_BYTES 40 /* at least */

#define FEATURE_CORRUPT (UINT64_C(1) << 1)
#define FEATURE_EXTERNAL_DATA (UINT64_C(1) << 2)
#define FEATURE_EXTENDED_L2 (UINT64_C(1) << 4)
#define FEATURES_KNOWN UINT64_C(0x1f)

#define ENTRY_OFFSET UINT64_C(0x00fffffffffffe00)
#define ENTRY_COMPRESSED (UINT64_C(1) << 62)
#define ENTRY_ZERO UINT64_C(1)
#define SUBCLUSTERS_ALLOCATED UINT64_C(0xffffffff)

struct qcow2 {
    int fd;
    const char *path;
    bool is_layer;  /* may have an image of the store as its backing file */
    uint64_t bytes; /* of the file */
    uint32_t version, crypt;
    uint64_t backing, capacity, features;
    uint32_t cluster_bits;
    uint64_t cluster; /* its size */
    uint64_t l1_offset, refcount_offset;
    uint32_t l1_size, refcount_clusters;
    uint32_t header_length, refcount_order; /* version 2 has but one of each */
    uint32_t snapshots;
    uint64_t snapshots_offset;
};

static int cut_off(const struct qcow2 *q, uint64_t byte, struct error **err)
{
    error_set(err, ERROR_CONFIG,
              "%s: the image is cut off: it refers to data at byte %llu, and the file has %llu",
              q->path, (unsigned long long)byte, (unsigned long long)q->bytes);
    return error_hint(err, "download or copy it again");
}

static int damaged(const struct qcow2 *q, const char *what, struct error **err)
{
    error_set(err, ERROR_CONFIG, "%s: a damaged qcow2 image (%s)", q->path, what);
    return error_hint(err, "download or copy it again");
}

/* Fails unless the file has all of it. */
static int read_at(const struct qcow2 *q, void *data, size_t length, uint64_t offset,
                   struct error **err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(q->fd, (char *)data + done, length - done, (off_t)(offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, errno, "cannot read image %s", q->path);
        if (n == 0)
            return cut_off(q, offset + done, err);
        done += (size_t)n;
    }
    return 0;
}

static int read_header(struct qcow2 *q, struct error **err)
{
    unsigned char h[HEADER_BYTES];

    if (q->bytes < sizeof h)
        return damaged(q, "its header is cut off", err);
    if (read_at(q, h, sizeof h, 0, err) < 0)
        return -1;
    q->version = be32_at(h, 4);
    if (q->version != 2 && q->version != 3)
        return damaged(q, "its header is of an unknown version", err);
    q->backing = be64_at(h, 8);
    q->cluster_bits = be32_at(h, 20);
    q->capacity = be64_at(h, 24);
    q->crypt = be32_at(h, 32);
    q->l1_size = be32_at(h, 36);
    q->l1_offset = be64_at(h, 40);
    q->refcount_offset = be64_at(h, 48);
    q->refcount_clusters = be32_at(h, 56);
    q->snapshots = be32_at(h, 60);
    q->snapshots_offset = be64_at(h, 64);
    q->features = q->version == 3 ? be64_at(h, 72) : 0;
    q->refcount_order = q->version == 3 ? be32_at(h, 96) : 4;
    q->header_length = q->version == 3 ? be32_at(h, 100) : HEADER_BYTES;
    return 0;
}

static int refuse_unusable(const struct qcow2 *q, struct error **err)
{
    auto_free char *quoted = shell_quote(q->path);

    if (q->backing != 0 && !q->is_layer) {
        error_set(err, ERROR_CONFIG,
                  "%s: the image has a backing file, so it is not a whole disk", q->path);
        return error_hint(err, "flatten it first: qemu-img convert -O qcow2 %s whole.qcow2",
                          quoted);
    }
    if (q->features & FEATURE_EXTERNAL_DATA)
        return error_set(err, ERROR_CONFIG,
                         "%s: the image keeps its data in another file, which is not taken",
                         q->path);
    if (q->features & FEATURE_CORRUPT) {
        error_set(err, ERROR_CONFIG, "%s: the image is marked as corrupt", q->path);
        return error_hint(err, "qemu-img check -r all %s", quoted);
    }
    if (q->features & ~FEATURES_KNOWN)
        return error_set(err, ERROR_CONFIG,
                         "%s: the image needs features that are not known (%#llx)", q->path,
                         (unsigned long long)(q->features & ~FEATURES_KNOWN));
    if (q->crypt != 0)
        return error_set(err, ERROR_CONFIG, "%s: encrypted images are not taken", q->path);
    if (q->capacity == 0 || q->capacity > CAPACITY_LIMIT)
        return error_set(err, ERROR_CONFIG, "%s: its header claims a disk of %llu bytes",
                         q->path, (unsigned long long)q->capacity);
    return 0;
}

static size_t entry_bytes(const struct qcow2 *q)
{
    return q->features & FEATURE_EXTENDED_L2 ? 16 : 8;
}

static bool is_place(const struct qcow2 *q, uint64_t offset)
{
    return offset != 0 && offset % q->cluster == 0;
}

/* Fails unless the file has the table. Its offset must be good as a place. */
static int check_inside(const struct qcow2 *q, uint64_t offset, uint64_t length,
                        struct error **err)
{
    if (offset >= q->bytes)
        return cut_off(q, offset, err);
    return length > q->bytes - offset ? cut_off(q, offset + length - 1, err) : 0;
}

static int check_snapshots(const struct qcow2 *q, struct error **err)
{
    if (q->snapshots == 0)
        return 0;
    if (q->snapshots > SNAPSHOTS_LIMIT || !is_place(q, q->snapshots_offset))
        return damaged(q, "its header has no place for its snapshots", err);
    return check_inside(q, q->snapshots_offset, (uint64_t)q->snapshots * SNAPSHOT_BYTES, err);
}

static int check_geometry(struct qcow2 *q, struct error **err)
{
    uint64_t covered; /* by one table of level 2 */

    if (q->cluster_bits < SMALLEST_CLUSTER_BITS || q->cluster_bits > LARGEST_CLUSTER_BITS)
        return damaged(q, "its header has an impossible cluster size", err);
    q->cluster = UINT64_C(1) << q->cluster_bits;
    if (q->header_length < HEADER_BYTES || q->header_length > q->cluster ||
        q->header_length % 8)
        return damaged(q, "its header has an impossible length", err);
    if (q->refcount_order > LARGEST_REFCOUNT_ORDER)
        return damaged(q, "its header has impossible reference counts", err);
    if (check_snapshots(q, err) < 0)
        return -1;
    covered = q->cluster / entry_bytes(q) * q->cluster;
    if (q->l1_size < (q->capacity + covered - 1) / covered ||
        q->l1_size > L1_BYTES_LIMIT / sizeof(uint64_t))
        return damaged(q, "its table does not fit its size", err);
    if (!is_place(q, q->l1_offset) || !is_place(q, q->refcount_offset) ||
        q->refcount_clusters == 0 || q->refcount_clusters > REFCOUNT_BYTES_LIMIT / q->cluster)
        return damaged(q, "its header has no place for its tables", err);
    if (check_inside(q, q->refcount_offset, 1, err) < 0)
        return -1;
    return check_inside(q, q->l1_offset, q->l1_size * sizeof(uint64_t), err);
}

/* The last byte that a table's entry surely needs, or 0. A cluster at the end of the file may
 * be shorter than a cluster. */
static uint64_t needed_byte(const struct qcow2 *q, const unsigned char *entry)
{
    uint64_t value = be64_at(entry, 0);
    unsigned offset_bits = 62 - (q->cluster_bits - 8);

    if (value & ENTRY_COMPRESSED) {
        uint64_t offset = value & ((UINT64_C(1) << offset_bits) - 1);
        uint64_t sectors = (value & (ENTRY_COMPRESSED - 1)) >> offset_bits;

        return sectors ? (offset / 512 + sectors) * 512 : offset;
    }
    if (q->features & FEATURE_EXTENDED_L2)
        return be64_at(entry, 8) & SUBCLUSTERS_ALLOCATED ? value & ENTRY_OFFSET : 0;
    return q->version == 3 && (value & ENTRY_ZERO) ? 0 : value & ENTRY_OFFSET;
}

static int check_l2(const struct qcow2 *q, const unsigned char *table, struct error **err)
{
    for (size_t at = 0; at < q->cluster; at += entry_bytes(q)) {
        uint64_t byte = needed_byte(q, table + at);

        if (byte >= q->bytes)
            return cut_off(q, byte, err);
    }
    return 0;
}

/* From the end: that is where most images refer to their last bytes. */
static int check_tables(const struct qcow2 *q, struct error **err)
{
    size_t length = q->l1_size * sizeof(uint64_t);
    uint64_t cost = q->cluster > L2_READ_COST ? q->cluster : L2_READ_COST;
    auto_free unsigned char *l1 = xmalloc(length);
    auto_free unsigned char *l2 = xmalloc(q->cluster);
    uint64_t spent = 0;

    if (read_at(q, l1, length, q->l1_offset, err) < 0)
        return -1;
    for (size_t at = length; at > 0; at -= sizeof(uint64_t)) {
        uint64_t offset = be64_at(l1, at - sizeof(uint64_t)) & ENTRY_OFFSET;

        if (offset == 0)
            continue;
        if (!is_place(q, offset))
            return damaged(q, "a table is not where one can be", err);
        if (check_inside(q, offset, q->cluster, err) < 0)
            return -1;
        spent += cost;
        if (spent <= L2_BYTES_LIMIT &&
            (read_at(q, l2, q->cluster, offset, err) < 0 || check_l2(q, l2, err) < 0))
            return -1;
    }
    return 0;
}

/* "sha256-<64 hex>.qcow2" or ".raw", of the same folder. */
static bool is_store_name(const char *name, size_t length)
{
    const char prefix[] = "sha256-";
    const size_t digits = 64, start = sizeof prefix - 1;

    return length > start + digits && strncmp(name, prefix, start) == 0 &&
           strspn(name + start, "0123456789abcdef") == digits &&
           (strcmp(name + start + digits, ".qcow2") == 0 ||
            strcmp(name + start + digits, ".raw") == 0);
}

/* Whether the header says of which format the backing file is: what is not said, QEMU guesses
 * from bytes that a guest may have written. */
static bool has_backing_format(const unsigned char *h, size_t length, size_t at)
{
    while (at + 8 <= length && be32_at(h, at) != 0) {
        if (be32_at(h, at) == EXTENSION_BACKING_FORMAT)
            return true;
        at += 8 + (size_t)be32_at(h, at + 4) + 7;
        at -= at % 8;
    }
    return false;
}

static int check_backing(const struct qcow2 *q, struct error **err)
{
    unsigned char h[BACKING_BYTES] = {0};
    char name[128] = "";
    ssize_t got = pread(q->fd, h, sizeof h, 0);
    uint32_t length = be32_at(h, 16);
    size_t extensions = q->version == 3 ? be32_at(h, 100) : 72;

    if (got < 0)
        return error_errno(err, errno, "cannot read image %s", q->path);
    if (q->backing < (uint64_t)got && length < sizeof name &&
        q->backing + length <= (uint64_t)got)
        memcpy(name, h + q->backing, length);
    if (!is_store_name(name, length))
        return damaged(q, "its backing file is no image of a store", err);
    if (!has_backing_format(h, q->backing, extensions))
        return damaged(q, "the format of its backing file is not said", err);
    return 0;
}

static int inspect(struct qcow2 *q, uint64_t *ret_capacity, struct error **err)
{
    if (read_header(q, err) < 0 || refuse_unusable(q, err) < 0 ||
        (q->backing != 0 && check_backing(q, err) < 0) || check_geometry(q, err) < 0 ||
        check_tables(q, err) < 0)
        return -1;
    *ret_capacity = q->capacity;
    return 0;
}

int qcow2_inspect_layer(int fd, const char *path, uint64_t bytes, uint64_t *ret_capacity,
                        struct error **err)
{
    struct qcow2 q = {.fd = fd, .path = path, .bytes = bytes, .is_layer = true};

    return inspect(&q, ret_capacity, err);
}

int qcow2_inspect(int fd, const char *path, uint64_t bytes, uint64_t *ret_capacity,
                  struct error **err)
{
    struct qcow2 q = {.fd = fd, .path = path, .bytes = bytes};

    return inspect(&q, ret_capacity, err);
}
