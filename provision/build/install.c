/* SPDX-License-Identifier: Apache-2.0 */
/* Images that an installer makes: booted from its medium in a throw-away guest, answered from a
 * file, until it switches the machine off. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provision/build/install_cmdline.h"
#include "provision/build/install_media.h"
#include "provision/build/install_medium.h"
#include "provision/build/install_recipe.h"
#include "provision/build/install_result.h"
#include "provision/build/install_watch.h"
#include "provision/image/image_maker.h"
#include "util/size.h"

#define DISK "disk.qcow2"
#define NVRAM "nvram"
#define DEFAULT_SIZE (20 * GIB)
#define DEFAULT_MEMORY GIB
#define DEFAULT_CPUS 2
#define DEFAULT_TIMEOUT_MS (2u * 3600 * 1000)

static bool is_install(const struct image *image)
{
    return image->iso.source;
}

static int recipe(const struct image_object *o, char out[SHA256_TEXT], struct error **err)
{
    return install_recipe(o->image, out, err) < 0 ? -1 : RECIPE_KNOWN;
}

/* How it ended, where that is not the end of an installation. */
static int refuse_end(const struct image *image, const struct install_watch *w,
                      enum build_end end, uint64_t timeout_ms, struct error **err)
{
    auto_free char *tail = install_console_tail(&w->console, 20);
    char limit[SIZE_TEXT], idle[SIZE_TEXT];

    if (w->console.panic || end == BUILD_PANICKED)
        error_set(err, ERROR_FAILED,
                  "installing image '%s': the installer's kernel panicked%s%s", image->name,
                  w->console.panic ? ": " : "", w->console.panic ? w->console.panic : "");
    else if (end == BUILD_TIMED_OUT)
        error_set(err, ERROR_TIMEOUT,
                  "installing image '%s': not finished within %s; nothing had happened for "
                  "the last %s",
                  image->name, duration_format(timeout_ms, limit),
                  duration_format(install_watch_idle(w), idle));
    else
        error_set(err, ERROR_FAILED, "installing image '%s': its guest was ended from outside",
                  image->name);
    return error_detail(err, tail);
}

static bool is_finished(const struct install_watch *w, enum build_end end)
{
    return !w->console.panic && (end == BUILD_POWERED_OFF || w->console.halted);
}

/* A guest that does not end by itself can stay to be looked at, with all that it runs on. */
static int hint_look(const struct image_object *o, struct workshop *shop, enum build_end end,
                     struct error **err)
{
    auto_free char *name = build_guest_name(o->recipe);

    if (end != BUILD_TIMED_OUT && end != BUILD_STOPPED)
        return -1;
    if (o->provision->options.keep_guest) {
        shop->keep = true;
        return error_hint(err,
                          "its guest is left to look at: virsh -c %s console %s; the next "
                          "build of it removes it, so does `virtopo image prune`",
                          host_uri(o->host->host), name);
    }
    if (end == BUILD_TIMED_OUT)
        return error_hint(err,
                          "is the end of its console a question that the answers leave open? "
                          "`virtopo image build %s --keep` leaves its guest up to look at; "
                          "images.%s.timeout is the limit",
                          o->image->name, o->image->name);
    return error_hint(err, "`virtopo image build %s --keep` leaves its guest up to look at",
                      o->image->name);
}

/* A guest that halted is still there, where it would be kept. */
static int end_halted(const struct image_object *o, struct error **err)
{
    auto_call struct host_call call = host_call_begin(o->host->host);

    return build_guest_remove(call.connection, o->recipe, err);
}

static int run(const struct image_object *o, struct workshop *shop,
               const struct install_media *there, struct install_watch *w, struct error **err)
{
    const struct image *image = o->image;
    auto_free char *disk = workshop_path(shop, DISK), *nvram = workshop_path(shop, NVRAM);
    auto_free char *kernel = workshop_path(shop, INSTALL_KERNEL);
    auto_free char *initrd = workshop_path(shop, INSTALL_INITRD);
    auto_free char *medium = workshop_path(shop, INSTALL_MEDIUM);
    auto_free char *answers = workshop_path(shop, INSTALL_ANSWERS);
    struct build_medium media[3] = {{.path = disk, .format = "qcow2"}};
    const struct host_facts *facts;
    auto_free char *cmdline = NULL;
    struct build_watch watch = install_watch_start(w);
    uint64_t timeout_ms = image->timeout ? image->timeout : DEFAULT_TIMEOUT_MS;
    enum build_end end;
    size_t count = 1;

    if (site_facts(o->host, &facts, err) < 0)
        return -1;
    cmdline = install_cmdline(image, facts->arch);
    if (there->medium)
        media[count++] = (struct build_medium){.path = medium, .format = "raw", .cdrom = true};
    if (there->answers)
        media[count++] = (struct build_medium){.path = answers, .format = "raw", .cdrom = true};
    task_say(w->task, "starting the installer");
    if (build_guest_run(o->host,
                        &(struct build_guest){
                            .image = image->name,
                            .recipe = o->recipe,
                            .owner = o->provision->site.owner,
                            .media = media,
                            .media_count = count,
                            .kernel = kernel,
                            .initrd = initrd,
                            .cmdline = cmdline,
                            .nvram = image->uefi ? nvram : NULL,
                            .cpus = image->cpus ? image->cpus : DEFAULT_CPUS,
                            .memory = image->memory ? image->memory : DEFAULT_MEMORY,
                            .network = image->layer.network,
                            .end_on_reboot = true,
                            .keep = o->provision->options.keep_guest,
                        },
                        &watch, timeout_ms, w->task, &end, err) < 0)
        return -1;
    if (is_finished(w, end))
        return end_halted(o, err);
    (void)refuse_end(image, w, end, timeout_ms, err);
    return hint_look(o, shop, end, err);
}

static int install(struct image_object *o, struct workshop *shop, const char *part,
                   struct install_watch *w, struct error **err)
{
    uint64_t size = o->image->size ? o->image->size : DEFAULT_SIZE;
    auto_free char *iso = NULL, *disk = NULL;
    auto_free char *copy = xasprintf("%s.disk", part);
    struct install_media media;
    int outcome;

    if (install_medium_fetch(o->image, w->task, &iso, err) < 0 ||
        install_media_bring(shop, o->image, iso, part, w->task, &media, err) < 0 ||
        workshop_disk(shop, DISK, size, NULL, NULL, err) < 0 ||
        run(o, shop, &media, w, err) < 0)
        return -1;
    task_say(w->task, "keeping the installed disk");
    outcome = workshop_fetch(shop, DISK, copy, w->task, &disk, err);
    if (outcome == 0)
        outcome = install_result_keep(o->image, disk, size, part, &w->console, w->task, err);
    unlink(copy);
    return outcome;
}

static int make(struct image_object *o, const char *part, struct task *task, struct error **err)
{
    auto_workshop struct workshop shop = {0};
    struct install_watch watch = {.task = task};
    int outcome;

    if (install_answers_check(&o->image->answers, err) < 0 ||
        workshop_open(o->host, o->recipe, task, &shop, err) < 0)
        return -1;
    outcome = install(o, &shop, part, &watch, err);
    install_watch_done(&watch);
    return outcome;
}

static char *describe(const struct image_object *o)
{
    auto_free char *medium = install_medium_name(&o->image->iso);
    char size[SIZE_TEXT];

    return xasprintf("install from %s on a disk of %s", medium,
                     size_format(o->image->size ? o->image->size : DEFAULT_SIZE, size));
}

const struct image_maker install_maker = {
    .is_source = is_install,
    .recipe = recipe,
    .make = make,
    .describe = describe,
    .moves = install_moves,
};
