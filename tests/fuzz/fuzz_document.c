/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: config util */
/* Any text is either a cluster whose values hold what the model promises, or has findings that
 * stand inside of the text; both can be shown. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void check_node(const struct cluster *cluster, const struct node *node)
{
    json_t *spec = cluster_node_spec(node);

    check(node->name && node->host && node->image && node->source && spec);
    check(strlen(node->name) <= 63 && node->cpus.count >= 1 && node->memory.size > 0);
    check(cluster_node(cluster, node->name) == node);
    list_each(struct nic, node->nics, nic)
    {
        check(nic->net && nic->net->usable && !(nic->ip_explicit && nic->dynamic));
        check(!nic->ip_explicit ||
              (cidr_contains(nic->net->subnet, nic->ip) && nic->ip != nic->net->gateway));
    }
    list_each(struct disk, node->disks, disk) check(disk->name && disk->size && disk->serial);
    list_each(struct guest_file, node->files, file)
        check(file->path && file->content && file->mode && file->owner);
    for (size_t i = 0; i < node->dependency_count; i++)
        check(node->dependencies[i] != node);
    json_decref(spec);
}

static void check_cluster(const struct cluster *cluster)
{
    size_t nodes = cluster->node_count < 20 ? cluster->node_count : 20;

    check(cluster->name && cluster->domain && cluster->hosts.count == 1);
    for (size_t i = 0; i < nodes; i++)
        check_node(cluster, &cluster->nodes[i]);
    list_each(struct network, cluster->networks, network)
    {
        json_t *spec = cluster_network_spec(network);

        check(spec && network->usable && cidr_contains(network->subnet, network->gateway));
        json_decref(spec);
    }
    list_each(struct image, cluster->images, image) check(!image->file != !image->script);
}

static void check_findings(struct diagnostics *d, const char *text, size_t size)
{
    struct buffer out = {0};
    int lines = 1;

    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    for (size_t i = 0; i < d->count; i++) {
        const struct position *at = &d->items[i].position;

        check(at->line >= 0 && at->line <= lines && at->column >= 0);
        check(at->line == 0 || at->column > 0);
        check(at->end_column == 0 || at->end_column > at->column);
        check(d->items[i].message[0] != '\0');
    }
    diagnostics_render(d, true, &out);
    buffer_done(&out);
    json_decref(diagnostics_json(d));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnostics d = {0};
    struct arena *arena = NULL;
    struct cluster *cluster = NULL;
    int result = cluster_load_text("fuzz.yaml", "/nonexistent", (const char *)data, size, NULL,
                                   &d, &arena, &cluster);

    check((result == 0) == (d.errors == 0) && (result == 0) == (cluster != NULL));
    if (cluster)
        check_cluster(cluster);
    check_findings(&d, (const char *)data, size);
    cluster_free(cluster);
    diagnostics_done(&d);
    arena_free(arena);
    return 0;
}
