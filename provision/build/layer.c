/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/layer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/build/layer_guest.h"
#include "provision/build/layer_payload.h"
#include "provision/build/workshop.h"
#include "provision/image/image_find.h"
#include "util/process.h"
#include "util/size.h"

#define DISK "disk.qcow2"
#define SEED "seed.iso"
#define WORK "work"

struct build {
    struct image_object *object;
    const struct image_object *parent;
    const struct image *image;
    const char *part; /* where the layer's file goes */
    struct task *task;
    struct layer_steps steps;
    struct workshop workshop;
    char nonce[17];
    char *parent_path; /* on the host */
    size_t head;
};

static bool is_layer(const struct image *image)
{
    return image->from && image->parent;
}

static const struct image_object *wanted_parent(const struct image_object *o)
{
    const struct resource *r = resource_set_find(
        &o->provision->set, &image_kind, host_name(o->host->host), o->image->parent->name);

    return r ? image_of(r) : NULL;
}

/* A parent that cannot be found has a finding of its own. */
static int parent_digest(const struct image_object *o, char out[SHA256_TEXT])
{
    const struct image_object *wanted = wanted_parent(o);
    struct image_object found = {
        .provision = o->provision, .host = o->host, .image = o->image->parent};
    int outcome = RECIPE_LATER;

    if (wanted && wanted->digest) {
        snprintf(out, SHA256_TEXT, "%s", wanted->digest);
        return RECIPE_KNOWN;
    }
    if (!image_maker_of(o->image->parent)) /* nothing but its file need be looked at */
        return image_identity(o->provision, o->host, o->image->parent, out, NULL) ==
                       RECIPE_KNOWN
                   ? RECIPE_KNOWN
                   : RECIPE_LATER;
    if (image_find(&found, NULL) == 0 && found.digest) {
        snprintf(out, SHA256_TEXT, "%s", found.digest);
        outcome = RECIPE_KNOWN;
    }
    free(found.source);
    free(found.digest);
    free(found.recipe);
    free(found.volume);
    return outcome;
}

/* A layer names the file that it is on, by its digest; one that is flattened names none, and is
 * known without it. */
static int layer_recipe(const struct image_object *o, char out[SHA256_TEXT], struct error **err)
{
    char parent[SHA256_TEXT];
    int outcome = o->image->layer.flatten
                      ? image_identity(o->provision, o->host, o->image->parent, parent, NULL)
                      : parent_digest(o, parent);

    if (outcome != RECIPE_KNOWN)
        return RECIPE_LATER;
    return layer_recipe_text(o->image, parent, out, err);
}

static int find_parent(struct build *b, struct error **err)
{
    b->parent = wanted_parent(b->object);
    b->parent_path = b->parent ? image_path(b->parent) : NULL;
    if (b->parent_path)
        return 0;
    return error_set(err, ERROR_FAILED, "image '%s': '%s', which it is made from, is not there",
                     b->image->name, b->image->parent->name);
}

static int choose_capacity(const struct build *b, uint64_t *ret, struct error **err)
{
    uint64_t least = b->parent->capacity;
    char wanted[SIZE_TEXT], there[SIZE_TEXT];

    *ret = b->image->size ? b->image->size : least;
    if (*ret >= least && *ret)
        return 0;
    error_set(err, ERROR_CONFIG, "image '%s': its size %s is less than the %s of '%s'",
              b->image->name, size_format(*ret, wanted), size_format(least, there),
              b->image->parent->name);
    return error_hint(err, "a layer may only be larger: raise images.%s.size, or leave it out",
                      b->image->name);
}

static int upload_work(struct build *b, struct error **err)
{
    auto_free char *file = xasprintf("%s.work", b->part);
    int outcome =
        layer_payload_write(file, &b->steps, b->nonce, b->object->provision->options.keep_guest,
                            !b->image->layer.unsealed, &b->head, err);

    if (outcome == 0) {
        task_say(b->task, "copying what goes into it");
        outcome = workshop_upload(&b->workshop, WORK, file, b->task, err);
    }
    unlink(file);
    return outcome < 0 ? error_wrap(err, "image '%s'", b->image->name) : 0;
}

static int upload_seed(struct build *b, struct error **err)
{
    auto_free char *instance = build_guest_name(b->object->recipe);
    auto_buffer struct buffer seed = {0};

    if (layer_seed(instance, b->head, b->image->layer.network, &seed, err) < 0)
        return -1;
    return workshop_upload_data(&b->workshop, SEED, seed.data, seed.length, err);
}

static int prepare(struct build *b, struct error **err)
{
    uint64_t capacity;

    if (choose_capacity(b, &capacity, err) < 0 ||
        workshop_disk(&b->workshop, DISK, capacity, b->parent_path, b->parent->format, err) < 0)
        return -1;
    return upload_work(b, err) < 0 ? -1 : upload_seed(b, err);
}

static int run(struct build *b, struct error **err)
{
    const struct image *image = b->image;
    auto_free char *disk = workshop_path(&b->workshop, DISK);
    auto_free char *seed = workshop_path(&b->workshop, SEED);
    auto_free char *work = workshop_path(&b->workshop, WORK);
    auto_free char *nvram = image->uefi ? workshop_path(&b->workshop, "nvram.fd") : NULL;
    const struct build_medium media[] = {
        {.path = disk, .format = "qcow2", .boot = 1},
        {.path = seed, .format = "raw", .readonly = true},
        {.path = work, .format = "raw", .serial = LAYER_WORK_SERIAL, .readonly = true},
    };
    const struct build_guest guest = {.image = image->name,
                                      .recipe = b->object->recipe,
                                      .owner = b->object->provision->site.owner,
                                      .media = media,
                                      .media_count = ARRAY_SIZE(media),
                                      .nvram = nvram,
                                      .cpus = image->cpus ? image->cpus : 2,
                                      .memory = image->memory ? image->memory : GIB,
                                      .network = image->layer.network,
                                      .channel = true,
                                      .keep = b->object->provision->options.keep_guest};

    return layer_guest_run(b->object->host, &guest, &b->steps, b->nonce,
                           image->timeout ? image->timeout : LAYER_TIMEOUT_MS, b->task,
                           &b->workshop.keep, err);
}

static int qemu_img(const struct build *b, const char *const *argv, struct error **err)
{
    const struct process_options options = {.cancel = task_cancel_flag(b->task)};

    return process_run(argv, &options, NULL, err) < 0
               ? error_wrap(err, "image '%s'", b->image->name)
               : 0;
}

/* Everything that the guest wrote, without holes and what it freed again. */
static int convert(const struct build *b, const char *disk, struct error **err)
{
    const char *const whole[] = {"qemu-img", "convert",    "-f", "qcow2", "-O", "qcow2",
                                 "-o",       "compat=1.1", disk, b->part, NULL};
    const char *const delta[] = {
        "qemu-img", "convert",      "-f", "qcow2",           "-O", "qcow2", "-o", "compat=1.1",
        "-B",       b->parent_path, "-F", b->parent->format, disk, b->part, NULL};

    task_say(b->task, "keeping what was written");
    return qemu_img(b, b->image->layer.flatten ? whole : delta, err);
}

/* By its name alone: the two are in one folder, wherever that is. */
static int name_parent(const struct build *b, struct error **err)
{
    const char *const argv[] = {
        "qemu-img", "rebase",          "-u",    "-f", "qcow2", "-b", b->parent->volume,
        "-F",       b->parent->format, b->part, NULL};

    return b->image->layer.flatten ? 0 : qemu_img(b, argv, err);
}

/* Of a store that cannot be read from here comes the overlay as it is, or, made one file by
 * libvirt, all of it. */
static int collect(struct build *b, struct error **err)
{
    auto_free char *copy = xasprintf("%s.disk", b->part);
    auto_free char *disk = NULL;
    bool is_local = workshop_is_readable(&b->workshop, DISK);
    int outcome = 0;

    if (!is_local && b->image->layer.flatten)
        outcome = workshop_flatten(&b->workshop, DISK, "whole.qcow2", err);
    if (outcome == 0)
        outcome = workshop_fetch(&b->workshop,
                                 !is_local && b->image->layer.flatten ? "whole.qcow2" : DISK,
                                 copy, b->task, &disk, err);
    if (outcome == 0 && is_local)
        outcome = convert(b, disk, err);
    else if (outcome == 0 && rename(copy, b->part) < 0)
        outcome = error_errno(err, errno, "cannot move %s", copy);
    unlink(copy);
    return outcome < 0 ? -1 : name_parent(b, err);
}

static int layer_make(struct image_object *o, const char *part, struct task *task,
                      struct error **err)
{
    struct build b = {.object = o, .image = o->image, .part = part, .task = task};
    int outcome = -1;

    snprintf(b.nonce, sizeof b.nonce, "%.16s", o->recipe + 16);
    layer_steps_list(&o->image->layer, &b.steps);
    if (find_parent(&b, err) == 0 &&
        workshop_open(o->host, o->recipe, task, &b.workshop, err) == 0) {
        outcome = prepare(&b, err) < 0 || run(&b, err) < 0 ? -1 : collect(&b, err);
        workshop_close(&b.workshop);
    }
    layer_steps_done(&b.steps);
    free(b.parent_path);
    return outcome;
}

static char *layer_describe(const struct image_object *o)
{
    struct layer_steps steps;
    char *text;

    layer_steps_list(&o->image->layer, &steps);
    text = xasprintf("layer on %s, %zu step%s", o->image->parent->name, steps.count,
                     steps.count == 1 ? "" : "s");
    layer_steps_done(&steps);
    return text;
}

const struct image_maker image_layer_maker = {
    .is_source = is_layer,
    .recipe = layer_recipe,
    .make = layer_make,
    .describe = layer_describe,
};
