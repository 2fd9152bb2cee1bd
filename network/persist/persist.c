/* SPDX-License-Identifier: Apache-2.0 */
#include "network/persist/persist.h"

#include <stdlib.h>
#include <string.h>

#include "host/shell.h"
#include "network/network.h"
#include "network/network_diff.h"
#include "network/persist/persist_files.h"

static struct resource *add(struct resource_set *set, struct site_host *host, const char *name,
                            struct resource *network)
{
    struct resource *r = resource_set_add(set, &persist_kind, host_name(host->host), name);
    struct persist_object *o = xcalloc(1, sizeof *o);

    o->host = host;
    o->network = network;
    r->data = o;
    resource_need(r, network);
    return r;
}

void persist_want(struct resource_set *set, const struct site *site, struct resource *network)
{
    const struct network_object *n = network->data;
    struct resource *r;

    if (!n->network->persist || host_is_mock(n->host->host))
        return;
    r = add(set, n->host, network->name, network);
    r->wanted = true;
    ((struct persist_object *)r->data)->cluster = site->cluster_name;
    ((struct persist_object *)r->data)->wanted = n->network;
}

/* Files of ours are only where a bridge of ours is, or was to be. */
static bool is_concerned(const struct resource_set *set, const struct site_host *host)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i]->kind == &persist_kind &&
            strcmp(set->items[i]->host, host_name(host->host)) == 0)
            return true;
    }
    for (size_t i = 0; i < host->survey.network_count; i++) {
        if (host->survey.networks[i].ours && host->survey.networks[i].view.before)
            return true;
    }
    return false;
}

static void note_found(const struct site *site, struct resource_set *set,
                       struct site_host *host, const struct persist_view *view)
{
    for (size_t i = 0; i < view->file_count; i++) {
        const char *name = view->files[i].network;
        struct resource *r = resource_set_find(set, &persist_kind, host_name(host->host), name);

        if (!r) {
            r = add(set, host, name,
                    resource_set_find(set, &network_kind, host_name(host->host), name));
            ((struct persist_object *)r->data)->cluster = site->cluster_name;
        }
        r->present = true;
    }
}

/* Which manager is asked for, or found. */
static int choose(struct persist_object *o, struct error **err)
{
    o->manager = o->wanted->persist == NETWORK_PERSIST_DETECT
                     ? persist_manager_of(&o->view)
                     : (enum persist_manager)(o->wanted->persist - NETWORK_PERSIST_NETWORKD);
    if (o->manager == PERSIST_MANAGERS) {
        error_set(err, ERROR_NOT_FOUND,
                  "network '%s': no network manager is known on host '%s' that could make its "
                  "bridge at boot",
                  o->wanted->name, host_name(o->host->host));
        return error_hint(err, "name it ('persist: systemd-networkd', NetworkManager, ifupdown "
                               "or netplan), or leave 'persist' out");
    }
    if (o->manager != PERSIST_IFUPDOWN || o->view.reads_folder)
        return 0;
    error_set(err, ERROR_FAILED,
              "network '%s': ifupdown on host '%s' does not read /etc/network/interfaces.d",
              o->wanted->name, host_name(o->host->host));
    return error_hint(err, "add the line 'source /etc/network/interfaces.d/*' to "
                           "/etc/network/interfaces there");
}

static int observe_host(const struct site *site, struct resource_set *set,
                        struct site_host *host, struct error **err)
{
    auto_persist_view struct persist_view view = {0};
    size_t count = set->count;

    if (!is_concerned(set, host))
        return 0;
    if (persist_look_at(host, site->cluster_name, NULL, &view, err) < 0)
        return -1;
    note_found(site, set, host, &view);
    for (size_t i = 0; i < count; i++) {
        struct persist_object *o = set->items[i]->data;

        if (set->items[i]->kind != &persist_kind || !set->items[i]->wanted || o->host != host)
            continue;
        if (persist_look_at(host, site->cluster_name, o->wanted->uplink, &o->view, err) < 0 ||
            choose(o, err) < 0)
            return -1;
    }
    return 0;
}

static int persist_observe(void *context, struct resource_set *set, struct error **err)
{
    const struct site *site = context;

    for (size_t h = 0; h < site->host_count; h++) {
        if (observe_host(site, set, &site->hosts[h], err) < 0)
            return -1;
    }
    return 0;
}

static bool was_edited(const struct persist_object *o, const char *network)
{
    for (size_t i = 0; i < o->view.file_count; i++) {
        if (o->view.files[i].edited && strcmp(o->view.files[i].network, network) == 0)
            return true;
    }
    return false;
}

static int persist_diff(void *context, struct resource *r, struct error **err)
{
    const struct persist_object *o = r->data;
    const struct survey_network *found = o->network->state;
    auto_persist struct persist_files files = {0};

    (void)context;
    if (found && persist_files_of(o, found->view.before, &files, err) < 0)
        return -1;
    if (!persist_is_there(&o->view, r->name, &files))
        change_add(&r->changes, CHANGE_LIVE, "files",
                   was_edited(o, r->name) ? "edited" : "of before", "as the bridge is",
                   was_edited(o, r->name) ? "changed outside of virtopo" : NULL);
    return 0;
}

static int run(const struct resource *r, const struct persist_files *files, struct error **err)
{
    const struct persist_object *o = r->data;
    struct shell_options options = {.root = true};
    auto_free char *script = persist_script(o->cluster, r->name, files);
    auto_free char *what = xasprintf("%s the files of network '%s'",
                                     files->count ? "writing" : "removing", r->name);

    return shell_check(o->host->host, what, script, NULL, &options, NULL, err);
}

static int persist_apply(void *context, struct resource *r, struct task *task,
                         struct error **err)
{
    const struct persist_object *o = r->data;
    auto_persist struct persist_files files = {0};
    auto_free char *before = NULL;

    (void)context;
    if (persist_read_record(o, &before, err) < 0 ||
        persist_files_of(o, before, &files, err) < 0 || run(r, &files, err) < 0)
        return -1;
    persist_note_conflicts(o, task);
    return 0;
}

static int persist_destroy(void *context, struct resource *r, struct task *task,
                           struct error **err)
{
    const struct persist_files none = {0};

    (void)context;
    (void)task;
    return run(r, &none, err);
}

static char *persist_describe(void *context, const struct resource *r)
{
    const struct persist_object *o = r->data;

    (void)context;
    return o->wanted ? xasprintf("%s", persist_manager_words[o->manager]) : NULL;
}

static void persist_done(struct resource *r)
{
    struct persist_object *o = r->data;

    if (!o)
        return;
    persist_view_done(&o->view);
    free(o);
}

const struct resource_kind persist_kind = {
    .name = "persist",
    .rank = 21,
    .made = "written",
    .observe = persist_observe,
    .diff = persist_diff,
    .create = persist_apply,
    .update = persist_apply,
    .destroy = persist_destroy,
    .describe = persist_describe,
    .done = persist_done,
};
