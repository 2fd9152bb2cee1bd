/* SPDX-License-Identifier: Apache-2.0 */
#include "config/load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/compose/compose.h"
#include "config/schema/schema_types.h"
#include "util/file.h"

static void bind_group(struct loader *l, const struct document_node *item, struct group *group)
{
    struct node *node = &group->base;

    l->d->subject = item->key;
    schema_bind_key(&l->binder, &node_schema, item, node);
    schema_bind(&l->binder, &node_schema, profiles_apply(l, item), node);
    l->d->subject = NULL;
}

static void bind_groups(struct loader *l)
{
    const struct document_node *nodes = document_get(l->root, "nodes");
    const struct document_node *item;

    profiles_bind(l);
    if (!nodes)
        return;
    if (nodes->kind != DOCUMENT_MAPPING) {
        schema_report_type(&l->binder, schema_field(&cluster_schema, "nodes"), nodes);
        return;
    }
    if (nodes->count > CLUSTER_MAX_NODES) {
        finding_error(l->d, nodes->items[CLUSTER_MAX_NODES]->key_position, "node-limit",
                      "split it into several clusters", "the cluster has more than %d nodes",
                      CLUSTER_MAX_NODES);
        return;
    }
    l->groups = arena_alloc(l->arena, (nodes->count + 1) * sizeof *l->groups);
    l->group_count = nodes->count;
    document_each (nodes, i, item)
        bind_group(l, item, &l->groups[i]);
}

static void bind_tree(struct loader *l, const struct load_options *options)
{
    schema_bind(&l->binder, &cluster_schema, l->root, l->cluster);
    resolve_cluster(l, options ? options->default_uri : NULL);
    check_cluster(l);
    check_images(l);
    check_networks(l);
    bind_groups(l);
    resolve_groups(l);
    check_groups(l);
    if (!expand_groups(l))
        return;
    check_names(l);
    check_dependencies(l);
    check_cycles(l);
    check_addresses(l);
    check_addresses6(l);
    check_macs(l);
    check_macvtaps(l);
    check_host_shares(l);
    check_forwards(l);
    check_user_nets(l);
}

/* What cannot be read or included is all that is said: the rest of the file may need it. */
static void load_tree(struct loader *l, const char *folder, const struct load_options *options)
{
    if (options)
        settings_read(l, options->settings, options->setting_count);
    if (!include_files(l, l->cluster->file, folder))
        return;
    settings_apply(l);
    variables_apply(l);
    l->composed = l->d->count;
    bind_tree(l, options);
    if (options && l->d->errors == 0)
        check_locks(l, options->lock);
    annotate_findings(l);
}

static bool check_root(struct loader *l, size_t length)
{
    const struct document_node *root = l->root;

    if (root->kind == DOCUMENT_MAPPING && root->count == 0 && l->d->errors == 0) {
        finding_error(l->d, (struct position){.file = root->position.file}, "empty",
                      "`virtopo init` writes a file to start from",
                      length ? "there is nothing in the file" : "the file is empty");
        return false;
    }
    if (root->kind != DOCUMENT_MAPPING)
        finding_error(l->d, root->position, "type",
                      "`virtopo init` writes a file to start from",
                      "the file must be a mapping of keys such as cluster, networks, nodes, "
                      "not %s",
                      document_kind_name(root));
    return root->kind == DOCUMENT_MAPPING;
}

int cluster_load_text(const char *file, const char *folder, const char *text, size_t length,
                      const struct load_options *options, struct diagnostics *d,
                      struct arena **ret_arena, struct cluster **ret)
{
    struct arena *arena = arena_new();
    struct loader l = {.arena = arena, .d = d};
    struct cluster *cluster = arena_alloc(arena, sizeof *cluster);

    *ret_arena = arena;
    *ret = NULL;
    l.cluster = cluster;
    l.budget.bytes = length;
    l.root = document_parse_more(arena, file, text, length, &l.budget, d);
    if (!l.root || !check_root(&l, length))
        return -1;
    cluster->arena = arena;
    cluster->file = arena_strdup(arena, file);
    cluster->trees = json_array();
    l.binder = (struct binder){
        .arena = arena, .diagnostics = d, .folder = folder, .trees = cluster->trees};
    l.binder.folders = &l.folders;
    load_tree(&l, folder, options);
    names_done(&l.folders);
    names_done(&l.profile_names);
    names_done(&l.bases);
    names_done(&l.images);
    names_done(&l.networks);
    names_done(&l.targets);
    names_done(&l.contents);
    names_done(&l.digests);
    if (d->errors > 0) {
        cluster_free(cluster);
        return -1;
    }
    *ret = cluster;
    return 0;
}

/* The folder that relative paths start from, absolute. */
static char *folder_of(const char *file)
{
    auto_free char *folder = strcmp(file, "-") ? path_folder(file) : xstrdup(".");
    char *absolute = realpath(folder, NULL);

    return absolute ? absolute : xstrdup(folder);
}

static int unreadable(const char *file, struct error **err)
{
    if (err && *err) {
        (*err)->kind = ERROR_CONFIG;
        if (access(file, F_OK) != 0 && strcmp(file, "-"))
            error_hint(err, "name the file with -f FILE, or let `virtopo init` write one");
    }
    return -1;
}

int cluster_load(const struct load_options *options, struct diagnostics *d,
                 struct arena **ret_arena, struct cluster **ret, struct error **err)
{
    auto_buffer struct buffer text = {0};
    auto_free char *folder = NULL;
    bool is_stdin = !strcmp(options->file, "-");

    *ret_arena = NULL;
    *ret = NULL;
    if (file_read(options->file, DOCUMENT_MAX_BYTES, &text, err) < 0)
        return unreadable(options->file, err);
    folder = folder_of(options->file);
    return cluster_load_text(is_stdin ? "<stdin>" : options->file, folder,
                             text.data ? text.data : "", text.length, options, d, ret_arena,
                             ret);
}
