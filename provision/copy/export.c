/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/copy/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/transfer.h"
#include "provision/copy/clone.h"
#include "provision/copy/disk_copy.h"
#include "provision/disk_file/output.h"
#include "provision/image/image_convert.h"
#include "provision/store.h"
#include "util/suggest.h"

struct exporting {
    struct site_host *host;
    const struct survey_domain *domain;
    const struct domain_view_disk *disk;
    const struct survey_volume *volume;
    char *name, *path; /* of the copy on the host */
    const char *format;
};

static void exporting_done(struct exporting *e)
{
    free(e->name);
    free(e->path);
}
#define auto_exporting __attribute__((cleanup(exporting_done)))

static int find_node(const struct provision *p, const char *name, struct exporting *ret,
                     struct error **err)
{
    struct suggest suggest = suggest_start(name);

    for (size_t h = 0; h < p->site.host_count; h++) {
        struct site_host *host = &p->site.hosts[h];

        for (size_t i = 0; i < host->survey.domain_count; i++) {
            const struct survey_domain *d = &host->survey.domains[i];

            if (!d->ours)
                continue;
            suggest_offer(&suggest, d->config.tag.name);
            if (strcmp(d->config.tag.name, name) != 0)
                continue;
            ret->host = host;
            ret->domain = d;
            return 0;
        }
    }
    error_set(err, ERROR_USAGE, "cluster '%s' has no node '%s' on its hosts",
              p->site.cluster_name, name);
    return suggest_result(&suggest)
               ? error_hint(err, "did you mean '%s'?", suggest_result(&suggest))
               : error_hint(err, "`virtopo status` shows the nodes that there are");
}

static const char *alias_name(const struct domain_view_disk *disk)
{
    if (!disk->alias)
        return NULL;
    if (strcmp(disk->alias, "ua-root") == 0)
        return "root";
    return strncmp(disk->alias, "ua-disk-", 8) == 0 ? disk->alias + 8 : NULL;
}

static int find_disk(const char *name, struct exporting *ret, struct error **err)
{
    const struct domain_view *view =
        ret->domain->has_live ? &ret->domain->live : &ret->domain->config;
    auto_buffer struct buffer names = {0};

    for (size_t i = 0; i < view->disk_count; i++) {
        const char *have = alias_name(&view->disks[i]);

        if (have && strcmp(have, name) == 0)
            ret->disk = &view->disks[i];
        if (have)
            buffer_printf(&names, "%s%s", names.length ? ", " : "", have);
    }
    if (!ret->disk) {
        error_set(err, ERROR_USAGE, "node '%s' has no disk '%s'", ret->domain->config.tag.name,
                  name);
        return error_hint(err, names.length ? "it has: %s" : "it has none%s",
                          names.length ? names.data : "");
    }
    if (ret->disk->path)
        ret->volume =
            survey_pool_volume(&ret->host->survey.volumes, strrchr(ret->disk->path, '/') + 1);
    if (ret->volume && ret->volume->readable)
        return 0;
    error_set(err, ERROR_CONFLICT, "disk '%s' of node '%s' (%s) is not virtopo's", name,
              ret->domain->config.tag.name, ret->disk->path ? ret->disk->path : "not a file");
    return error_hint(err, "`virtopo image convert` and its like take files");
}

static int find(const struct provision *p, const struct export_options *options,
                struct exporting *ret, struct error **err)
{
    *ret = (struct exporting){0};
    if (find_node(p, options->node, ret, err) < 0 || find_disk(options->disk, ret, err) < 0)
        return -1;
    ret->format = strcmp(options->format, "raw") == 0 && !options->compress ? "raw" : "qcow2";
    ret->name = xasprintf("%s" CLONE_EXPORT "%s.%s", options->node, options->disk, ret->format);
    ret->path = xasprintf("%s/%s", ret->host->survey.volumes.path, ret->name);
    return 0;
}

int export_check(const struct provision *p, const struct export_options *options,
                 struct error **err)
{
    auto_exporting struct exporting e = {0};

    if (image_convert_check(options->format, options->compress, err) < 0)
        return -1;
    return find(p, options, &e, err);
}

static int make_volume(const struct exporting *e, struct error **err)
{
    const struct volume_template t = {.name = e->name,
                                      .format = e->format,
                                      .capacity = e->volume->view.capacity,
                                      .mode = "0600"};
    auto_call struct host_call call = host_call_begin(e->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;

    if (store_open(call.connection, &e->host->survey.volumes, &pool, err) < 0)
        return -1;
    return store_create(pool, &t, STORE_REPLACE, &volume, err);
}

static void remove_volume(const struct exporting *e)
{
    auto_call struct host_call call = host_call_begin(e->host->host);
    auto_pool virStoragePoolPtr pool = NULL;

    /* What stays, the next run takes away. */
    if (store_open(call.connection, &e->host->survey.volumes, &pool, NULL) < 0 ||
        store_delete(pool, e->name, NULL) < 0)
        return;
}

struct fetch {
    struct task *task;
    uint64_t total;
};

static int watch_fetch(void *context, uint64_t done)
{
    const struct fetch *f = context;

    task_progress(f->task, done, f->total);
    return task_cancelled(f->task);
}

static int fetch(const struct exporting *e, const char *to, struct task *task,
                 struct error **err)
{
    struct fetch f = {.task = task};
    const struct transfer_watch watch = {watch_fetch, &f};
    auto_call struct host_call call = host_call_begin(e->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    virStorageVolInfo info;

    if (store_open(call.connection, &e->host->survey.volumes, &pool, err) < 0)
        return -1;
    volume = virStorageVolLookupByName(pool, e->name);
    if (!volume || virStorageVolGetInfoFlags(volume, &info, VIR_STORAGE_VOL_GET_PHYSICAL) < 0)
        return error_virt(err, "looking for volume '%s'", e->name);
    f.total = info.allocation;
    task_say(task, "bringing it here");
    return transfer_download_file(call.connection, volume, to, &watch, err);
}

/* What came is `path`; what is wanted is another format of it. */
static int convert(const struct exporting *e, const struct export_options *options,
                   const char *path, const char *to, struct task *task, struct error **err)
{
    struct stat st;
    struct disk_layer layer = {.path = (char *)path, .driver = e->format};
    const struct image_convert convert = {.layers = &layer,
                                          .count = 1,
                                          .to = to,
                                          .format = options->format,
                                          .compress = options->compress};

    if (stat(path, &st) < 0)
        return error_errno(err, errno, "cannot read %s", path);
    layer.capacity = e->volume->view.capacity;
    layer.bytes = (uint64_t)st.st_size;
    task_say(task, "converting");
    return image_convert(&convert, task, err);
}

static int bring(const struct exporting *e, const struct export_options *options,
                 const char *to, struct task *task, struct error **err)
{
    auto_free char *copy = NULL;
    int outcome = -1;

    if (strcmp(options->format, e->format) == 0 && !options->compress)
        return fetch(e, to, task, err);
    copy = xasprintf("%s.copy", to);
    unlink(copy);
    if (fetch(e, copy, task, err) == 0)
        outcome = convert(e, options, copy, to, task, err);
    unlink(copy);
    return outcome;
}

static int copy_and_bring(struct exporting *e, const struct export_options *options,
                          const char *to, struct task *task, struct disk_copy_report *report,
                          struct error **err)
{
    struct disk_copy copy = {.whole = true};
    int outcome = -1;

    copy.from = (struct copy_disk){e->disk->path, e->disk->format, e->disk->target};
    copy.to = (struct copy_disk){e->path, e->format, NULL};
    task_say(task, "copying disk %s", options->disk);
    if (make_volume(e, err) == 0 &&
        disk_copy_run(e->host, e->domain, &copy, 1, task, report, err) == 0)
        outcome = bring(e, options, to, task, err);
    remove_volume(e);
    return outcome;
}

int export_disk(struct provision *p, const struct export_options *options, struct task *task,
                struct export_result *ret, struct error **err)
{
    auto_exporting struct exporting e = {0};
    auto_output struct output out = {.lock = -1};
    struct disk_copy_report report = {0};
    struct stat st;

    if (find(p, options, &e, err) < 0 ||
        output_begin(&out, options->to, options->replace, err) < 0)
        return -1;
    /* what a node keeps secret is in it */
    if (fchmod(out.lock, 0600) < 0)
        return error_errno(err, errno, "cannot make %s", out.part);
    if (copy_and_bring(&e, options, out.part, task, &report, err) < 0 ||
        output_publish(&out, NULL, err) < 0)
        return -1;
    if (stat(options->to, &st) < 0)
        return error_errno(err, errno, "cannot read %s", options->to);
    *ret = (struct export_result){
        e.host,        e.volume->view.capacity, (uint64_t)st.st_size, report.was_running,
        report.frozen, report.held_ms};
    return 0;
}
