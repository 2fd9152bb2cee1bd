/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/copy/clone.h"

#include <stdlib.h>
#include <string.h>

#include "config/schema/schema_tidy.h"
#include "host/identity.h"
#include "provision/copy/disk_copy.h"
#include "provision/node/volume.h"
#include "provision/store.h"

bool clone_is_stray(const struct provision *p, const char *node)
{
    const struct cluster *cluster = p->site.cluster;
    char uuid[UUID_TEXT];

    if (!cluster || cluster_node(cluster, node))
        return false;
    identity_domain_uuid(cluster->name, node, uuid);
    for (size_t h = 0; h < p->site.host_count; h++) {
        const struct survey_domain *d = survey_domain(&p->site.hosts[h].survey, uuid);

        if (d && d->ours && d->config.tag.clone_of)
            return true;
    }
    return false;
}

static bool has_digest(const json_t *value)
{
    auto_free char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    return strstr(text, "\"sha256");
}

/* Short as a person would write it: what follows from names is left out. */
static void drop_derived(json_t *keys)
{
    const char *host = json_string_value(json_object_get(keys, "host"));
    json_t *item;
    size_t i;

    if (host && strcmp(host, "local") == 0)
        json_object_del(keys, "host");
    json_array_foreach (json_object_get(keys, "networks"), i, item)
        json_object_del(item, "mac");
    json_array_foreach (json_object_get(keys, "disks"), i, item) {
        if (json_equal(json_object_get(item, "serial"), json_object_get(item, "name")))
            json_object_del(item, "serial");
    }
}

json_t *clone_keys(const struct node *node)
{
    json_t *keys = schema_tidy(&node_schema, cluster_node_spec(node));
    json_t *value;
    const char *key;
    void *next;

    /* What may hold a secret is known by its digest only. */
    json_object_foreach_safe(keys, next, key, value)
    {
        if (has_digest(value))
            json_object_del(keys, key);
    }
    drop_derived(keys);
    return json_pack("{s:o}", node->name, keys);
}

struct volumes {
    struct disk_copy *copies;
    struct volume_template *volumes; /* of the new node */
    size_t count, volume_count;      /* the same */
    char **texts;                    /* what the above borrow */
    size_t text_count;
};

static char *keep(struct volumes *v, char *text)
{
    vector_push(v->texts, v->text_count, text);
    return text;
}

static void volumes_done(struct volumes *v)
{
    for (size_t i = 0; i < v->text_count; i++)
        free(v->texts[i]);
    free(v->texts);
    free(v->copies);
    free(v->volumes);
}
#define auto_volumes __attribute__((cleanup(volumes_done)))

static const struct survey_domain *source_of(const struct machine *m)
{
    char uuid[UUID_TEXT];

    identity_domain_uuid(m->provision->site.cluster_name, m->provision->options.clone_of, uuid);
    return survey_domain(&m->host->survey, uuid);
}

static void add(const struct machine *m, struct volumes *v, const char *alias, char *name,
                const char *format)
{
    const struct survey_domain *source = source_of(m);
    const struct domain_view *view = source->has_live ? &source->live : &source->config;

    keep(v, name);
    for (size_t i = 0; i < view->disk_count; i++) {
        const struct domain_view_disk *disk = &view->disks[i];
        const struct survey_volume *volume =
            disk->path
                ? survey_pool_volume(&m->host->survey.volumes, strrchr(disk->path, '/') + 1)
                : NULL;
        struct disk_copy copy = {
            .from = {disk->path, disk->format, disk->target},
            .to = {keep(v, machine_path(m, name)), format, NULL},
        };
        struct volume_template t = {.name = name, .format = format, .mode = "0600"};

        if (!disk->alias || strcmp(disk->alias, alias) != 0 || !volume || !volume->readable)
            continue;
        t.capacity = volume->view.capacity;
        t.backing_path = volume->view.backing_path;
        t.backing_format = volume->view.backing_format;
        vector_push(v->copies, v->count, copy);
        vector_push(v->volumes, v->volume_count, t);
    }
}

/* The disks that both have. */
static void list_volumes(const struct machine *m, struct volumes *v)
{
    add(m, v, "ua-root", machine_root_name(m->name), "qcow2");
    list_each(struct disk, m->node->disks, disk)
    {
        auto_free char *alias = xasprintf("ua-disk-%s", disk->name);

        if (!disk_is_foreign(disk))
            add(m, v, alias, machine_disk_name(m->name, disk), disk_format_name(disk));
    }
}

static char *mark_name(const struct machine *m)
{
    return xasprintf("%s" CLONE_MARK "%s", m->name, m->provision->options.clone_of);
}

static int make_volumes(const struct machine *m, const struct volumes *v, struct error **err)
{
    auto_call struct host_call call = host_call_begin(m->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_free char *mark = mark_name(m);
    const struct volume_template empty = {.name = mark, .format = "raw", .mode = "0600"};
    auto_volume virStorageVolPtr marked = NULL;

    if (store_open(call.connection, &m->host->survey.volumes, &pool, err) < 0 ||
        store_create(pool, &empty, STORE_ADOPT, &marked, err) < 0)
        return -1;
    for (size_t i = 0; i < v->count; i++) {
        auto_volume virStorageVolPtr volume = NULL;

        if (store_create(pool, &v->volumes[i], STORE_REPLACE, &volume, err) < 0)
            return -1;
    }
    return 0;
}

static int remove_volumes(const struct machine *m, const struct volumes *v, struct error **err)
{
    auto_call struct host_call call = host_call_begin(m->host->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_free char *mark = mark_name(m);

    if (store_open(call.connection, &m->host->survey.volumes, &pool, err) < 0)
        return -1;
    for (size_t i = 0; i < v->count; i++) {
        if (store_delete(pool, v->volumes[i].name, err) < 0)
            return -1;
    }
    return store_delete(pool, mark, err);
}

static void say_how(const struct machine *m, const struct disk_copy_report *report,
                    struct task *task)
{
    if (!report->was_running)
        return;
    task_note(task,
              "the disks are those of %s at one moment, in which it was held for %u ms, %s",
              m->provision->options.clone_of, report->held_ms,
              report->frozen ? "with its file systems written out and frozen by its agent"
                             : "as after a power cut: it has no agent that freezes file "
                               "systems");
}

static int clone_create(void *context, struct resource *r, struct task *task,
                        struct error **err)
{
    const struct machine *m = r->data;
    auto_volumes struct volumes v = {0};
    struct disk_copy_report report;

    (void)context;
    list_volumes(m, &v);
    task_say(task, "copying the disks of %s", m->provision->options.clone_of);
    if (make_volumes(m, &v, err) == 0 &&
        disk_copy_run(m->host, source_of(m), v.copies, v.count, task, &report, err) == 0) {
        say_how(m, &report, task);
        return 0;
    }
    if (remove_volumes(m, &v, NULL) < 0)
        task_note(task, "what was copied so far is removed by the next run");
    return -1;
}

static char *clone_describe(void *context, const struct resource *r)
{
    const struct machine *m = r->data;

    (void)context;
    return xasprintf("the disks of %s", m->provision->options.clone_of);
}

void clone_want(struct machine *m)
{
    struct provision *p = m->provision;
    auto_free char *name = xasprintf("%s/copy", m->name);
    struct resource *r = resource_set_add(&p->set, &clone_kind, host_name(m->host->host), name);

    r->data = m;
    r->wanted = true;
    r->part_of = m->resource;
    m->is_copy = true;
    m->resource->note = xasprintf("with the disks of %s", p->options.clone_of);
    resource_need(m->resource, r);
    for (size_t i = 0; i < p->set.count; i++) {
        struct resource *volume = p->set.items[i];

        if (volume->kind != &volume_kind || volume->part_of != m->resource)
            continue;
        for (size_t n = 0; n < volume->need_count; n++)
            resource_need(r, volume->needs[n]);
        resource_need(volume, r);
    }
}

const struct resource_kind clone_kind = {
    .name = "copy",
    .made = "copied",
    .rank = 25,
    .internal = true,
    .create = clone_create,
    .describe = clone_describe,
};
