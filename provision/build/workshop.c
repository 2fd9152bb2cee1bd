/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/workshop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/transfer.h"
#include "provision/build/guest.h"
#include "provision/store.h"

static char *volume_name(const char *recipe, const char *what)
{
    return xasprintf("build-%.*s-%s", WORKSHOP_ID, recipe, what);
}

char *workshop_lock_name(const char *recipe)
{
    return xasprintf("build/%.*s", WORKSHOP_ID, recipe);
}

static int take_lock(struct workshop *w, struct task *task, struct error **err)
{
    auto_free char *name = workshop_lock_name(w->recipe);

    for (;;) {
        auto_error struct error *reason = NULL;

        if (host_lock_take(w->host->host, name, LOCK_TRY, &w->lock, &reason) == 0)
            return 0;
        if (reason->kind != ERROR_BUSY)
            return error_move(err, TAKE(reason));
        task_say(task, "another virtopo makes this image");
        if (task_wait(task, 200))
            return error_set(err, ERROR_CANCELLED, "waiting for another build: stopped");
    }
}

static int remove_volume(void *context, virStorageVolPtr volume, struct error **err)
{
    (void)context;
    return store_remove(volume, err);
}

/* The pool's list is read anew: a guest's firmware makes files that libvirt does not know. */
static int remove_volumes(virStoragePoolPtr pool, const char *recipe, struct error **err)
{
    auto_free char *prefix = volume_name(recipe, "");

    if (store_refresh(pool, err) < 0)
        return -1;
    return store_each(pool, prefix, remove_volume, NULL, err);
}

int workshop_open(struct site_host *host, const char *recipe, struct task *task,
                  struct workshop *ret, struct error **err)
{
    auto_pool virStoragePoolPtr pool = NULL;

    *ret = (struct workshop){.host = host, .recipe = xstrdup(recipe)};
    if (take_lock(ret, task, err) < 0) {
        free(ret->recipe);
        *ret = (struct workshop){0};
        return -1;
    }
    auto_call struct host_call call = host_call_begin(host->host);
    if (store_make(call.connection, &host->survey.store, &pool, err) == 0 &&
        build_guest_remove(call.connection, recipe, err) == 0 &&
        remove_volumes(pool, recipe, err) == 0)
        return 0;
    host_call_end(&call);
    ret->keep = true; /* what cannot be removed now cannot be a moment later */
    workshop_close(ret);
    return -1;
}

void workshop_close(struct workshop *w)
{
    if (!w->host)
        return;
    if (!w->keep) {
        auto_pool virStoragePoolPtr pool = NULL;
        auto_call struct host_call call = host_call_begin(w->host->host);

        if (store_open(call.connection, &w->host->survey.store, &pool, NULL) == 0)
            (void)!remove_volumes(pool, w->recipe, NULL);
    }
    host_lock_release(&w->lock);
    free(w->recipe);
    *w = (struct workshop){0};
}

char *workshop_path(const struct workshop *w, const char *what)
{
    auto_free char *name = volume_name(w->recipe, what);

    return xasprintf("%s/%s", host_dir(w->host->host), name);
}

static int create_volume(const struct workshop *w, virConnectPtr connection,
                         struct volume_template *t, const char *what, virStorageVolPtr *ret,
                         struct error **err)
{
    auto_pool virStoragePoolPtr pool = NULL;
    auto_free char *name = volume_name(w->recipe, what);

    t->name = name;
    t->mode = "0600";
    if (store_open(connection, &w->host->survey.store, &pool, err) < 0)
        return -1;
    return store_create(pool, t, STORE_REPLACE, ret, err);
}

int workshop_disk(const struct workshop *w, const char *what, uint64_t capacity,
                  const char *backing_path, const char *backing_format, struct error **err)
{
    struct volume_template t = {.format = "qcow2",
                                .capacity = capacity,
                                .backing_path = backing_path,
                                .backing_format = backing_format};
    auto_volume virStorageVolPtr volume = NULL;
    auto_call struct host_call call = host_call_begin(w->host->host);

    return create_volume(w, call.connection, &t, what, &volume, err);
}

struct watch {
    struct task *task;
    uint64_t total;
};

static int watch_copy(void *context, uint64_t done)
{
    const struct watch *watch = context;

    task_progress(watch->task, done, watch->total);
    return task_cancelled(watch->task);
}

int workshop_upload(const struct workshop *w, const char *what, const char *file,
                    struct task *task, struct error **err)
{
    struct volume_template t = {.format = "raw"};
    auto_volume virStorageVolPtr volume = NULL;
    struct watch watch = {task, 0};
    struct transfer_watch transfer = {watch_copy, &watch};
    struct stat st;

    if (stat(file, &st) < 0)
        return error_errno(err, errno, "cannot read %s", file);
    t.capacity = watch.total = (uint64_t)st.st_size;
    auto_call struct host_call call = host_call_begin(w->host->host);
    if (create_volume(w, call.connection, &t, what, &volume, err) < 0)
        return -1;
    return transfer_upload_file(call.connection, volume, file, true, &transfer, err);
}

int workshop_upload_data(const struct workshop *w, const char *what, const void *data,
                         size_t length, struct error **err)
{
    struct volume_template t = {.format = "raw", .capacity = length};
    auto_volume virStorageVolPtr volume = NULL;
    auto_call struct host_call call = host_call_begin(w->host->host);

    if (create_volume(w, call.connection, &t, what, &volume, err) < 0)
        return -1;
    return transfer_upload(call.connection, volume, data, length, err);
}

bool workshop_is_readable(const struct workshop *w, const char *what)
{
    auto_free char *path = workshop_path(w, what);

    return host_is_local(w->host->host) && access(path, R_OK) == 0;
}

int workshop_flatten(const struct workshop *w, const char *what, const char *to,
                     struct error **err)
{
    auto_free char *name = volume_name(w->recipe, what);
    auto_free char *new_name = volume_name(w->recipe, to);
    auto_call struct host_call call = host_call_begin(w->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    auto_volume virStorageVolPtr whole = NULL;
    auto_free char *xml = NULL;
    virStorageVolInfo info;

    if (store_open(call.connection, &w->host->survey.store, &pool, err) < 0)
        return -1;
    volume = virStorageVolLookupByName(pool, name);
    if (!volume || virStorageVolGetInfo(volume, &info) < 0)
        return error_virt(err, "looking for volume '%s'", name);
    if (volume_xml(
            &(struct volume_template){
                .name = new_name, .format = "qcow2", .capacity = info.capacity, .mode = "0600"},
            &xml, err) < 0)
        return -1;
    whole = virStorageVolCreateXMLFrom(pool, xml, volume, 0);
    return whole ? 0 : error_virt(err, "making one file of volume '%s'", name);
}

int workshop_fetch(const struct workshop *w, const char *what, const char *copy,
                   struct task *task, char **ret, struct error **err)
{
    auto_free char *name = volume_name(w->recipe, what);
    auto_free char *path = workshop_path(w, what);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    struct watch watch = {task, 0};
    struct transfer_watch transfer = {watch_copy, &watch};

    if (workshop_is_readable(w, what)) {
        *ret = TAKE(path);
        return 0;
    }
    auto_call struct host_call call = host_call_begin(w->host->host);
    if (store_open(call.connection, &w->host->survey.store, &pool, err) < 0)
        return -1;
    volume = virStorageVolLookupByName(pool, name);
    if (!volume)
        return error_virt(err, "looking for volume '%s'", name);
    if (transfer_download_file(call.connection, volume, copy, &transfer, err) < 0)
        return -1;
    *ret = xstrdup(copy);
    return 0;
}
