/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_convert.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "provision/image/image_file.h"
#include "util/size.h"

#define MEMORY_LIMIT (4 * GIB)
/* The slowest that a conversion can be without being stuck. */
#define BYTES_A_SECOND (512 * KIB)
#define LEAST_SECONDS 600

static const struct target {
    const char *word, *driver;
    const char *options, *compressed; /* `compressed` NULL: cannot be */
    bool flag;                        /* compressed by -c */
} targets[] = {
    {"qcow2", "qcow2", "compat=1.1", "compat=1.1", true},
    {"raw", "raw", NULL, NULL, false},
    {"vmdk", "vmdk", "subformat=monolithicSparse", "subformat=streamOptimized", false},
    {"vdi", "vdi", NULL, NULL, false},
    {"vhdx", "vhdx", "subformat=dynamic", NULL, false},
    /* else it is rounded to what cylinders and heads can say */
    {"vhd", "vpc", "subformat=dynamic,force_size=on", NULL, false},
};

static const struct target *target_of(const char *format)
{
    for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
        if (strcmp(targets[i].word, format) == 0)
            return &targets[i];
    }
    return NULL;
}

int image_convert_check(const char *format, bool compress, struct error **err)
{
    const struct target *target = target_of(format);

    if (!target) {
        error_set(err, ERROR_USAGE, "'%s' is no format of disk images", format);
        return error_hint(err, "one of qcow2, raw, vmdk, vdi, vhdx, vhd");
    }
    if (compress && !target->compressed) {
        error_set(err, ERROR_USAGE, "a %s image cannot be compressed", format);
        return error_hint(err, "qcow2 and vmdk can");
    }
    return 0;
}

/* Drivers that know backing files are told that there is none, or which. */
static bool can_have_backing(const char *driver)
{
    return strcmp(driver, "qcow2") == 0 || strcmp(driver, "vmdk") == 0;
}

char *image_convert_name(const struct disk_layer *layers, size_t count)
{
    json_t *below = json_null();
    auto_free char *text = NULL;

    for (size_t i = count; i > 0; i--) {
        const struct disk_layer *layer = &layers[i - 1];
        json_t *file = json_pack("{s:s, s:s}", "driver", "file", "filename", layer->path);
        json_t *node = json_pack("{s:s, s:o}", "driver", layer->driver, "file", file);

        if (can_have_backing(layer->driver))
            json_object_set_new(node, "backing", below);
        else
            json_decref(below);
        below = node;
    }
    text = json_dumps(below, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(below);
    return xasprintf("json:%s", text ? text : "");
}

struct process_limits image_convert_limits(uint64_t bytes)
{
    return (struct process_limits){
        .memory = MEMORY_LIMIT,
        .cpu_seconds = LEAST_SECONDS + bytes / BYTES_A_SECOND,
        .file_bytes = bytes + bytes / 32 + 256 * MIB,
    };
}

/* "    (12.34/100%)\r" */
void image_convert_watch(void *context, const char *data, size_t length)
{
    const struct image_progress *progress = context;
    auto_free char *text = xstrndup(data, length);
    const char *open = strrchr(text, '(');
    char *end = NULL;
    double percent = open ? strtod(open + 1, &end) : 0;

    if (end && strncmp(end, "/100%)", 6) == 0 && percent >= 0 && percent <= 100)
        task_progress(progress->task, (uint64_t)((double)progress->total * percent / 100),
                      progress->total);
}

/* qemu takes "a:b" for a protocol, unless it begins with a folder. */
static char *plain_name(const char *path)
{
    return *path == '/' ? xstrdup(path) : xasprintf("./%s", path);
}

static int explain(const struct image_convert *c, struct error **err)
{
    auto_free char *detail = xstrdup_null((*err)->detail);

    error_wrap(err, "converting %s to %s", c->layers[0].path, c->format);
    if (!detail)
        return -1;
    error_detail(err, detail);
    if (strstr(detail, "No space left on device"))
        return error_hint(err, "the disk is full: free some space where %s is to be", c->to);
    if (strstr(detail, "Failed to get") && strstr(detail, "lock"))
        return error_hint(err, "a running guest has the image: stop it first");
    return -1;
}

static int run(const struct image_convert *c, const struct target *target, const char *from,
               const char *to, struct task *task, struct error **err)
{
    struct image_progress progress = {.task = task};
    struct process_options how = {.cancel = task_cancel_flag(task),
                                  .env = (const char *const[]){"MALLOC_ARENA_MAX=2", NULL},
                                  .limits = image_convert_limits(c->layers[0].capacity),
                                  .output_limit = 64 * KIB,
                                  .watch = image_convert_watch,
                                  .watch_context = &progress};
    const char *argv[12] = {"qemu-img", "convert", "-p", "-O", target->driver};
    const char *options = c->compress ? target->compressed : target->options;
    size_t n = 5;

    for (size_t i = 0; i < c->count; i++)
        progress.total += c->layers[i].bytes;
    if (c->compress && target->flag)
        argv[n++] = "-c";
    if (options) {
        argv[n++] = "-o";
        argv[n++] = options;
    }
    argv[n++] = from;
    argv[n++] = to;
    return process_run(argv, &how, NULL, err);
}

int image_convert(const struct image_convert *c, struct task *task, struct error **err)
{
    const struct target *target;
    auto_free char *from = image_convert_name(c->layers, c->count);
    auto_free char *to = plain_name(c->to);
    struct image_file made;

    if (image_convert_check(c->format, c->compress, err) < 0)
        return -1;
    target = target_of(c->format);
    if (run(c, target, from, to, task, err) < 0)
        return explain(c, err);
    if (image_file_identify(c->to, image_file_format(c->format), &made, err) < 0)
        return error_wrap(err, "converting %s: what was made cannot be used",
                          c->layers[0].path);
    return 0;
}

int image_convert_file(const char *from, const char *driver, uint64_t capacity, const char *to,
                       struct task *task, struct error **err)
{
    auto_free char *path = xstrdup(from);
    struct disk_layer layer = {.path = path, .driver = driver, .capacity = capacity};
    struct image_convert c = {.layers = &layer, .count = 1, .to = to, .format = "qcow2"};
    struct image_file file;

    if (image_file_identify(from, IMAGE_FORMAT_DETECT, &file, NULL) == 0)
        layer.bytes = file.bytes;
    return image_convert(&c, task, err);
}
