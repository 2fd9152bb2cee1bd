/* SPDX-License-Identifier: Apache-2.0 */
#include "config/cluster.h"

#include <string.h>

#include "util/digest.h"

struct network *cluster_network(const struct cluster *cluster, const char *name)
{
    list_each(struct network, cluster->networks, network)
    {
        if (!strcmp(network->name, name))
            return network;
    }
    return NULL;
}

struct image *cluster_image(const struct cluster *cluster, const char *name)
{
    list_each(struct image, cluster->images, image)
    {
        if (!strcmp(image->name, name))
            return image;
    }
    return NULL;
}

struct node *cluster_node(const struct cluster *cluster, const char *name)
{
    for (size_t i = 0; i < cluster->node_count; i++) {
        if (!strcmp(cluster->nodes[i].name, name))
            return &cluster->nodes[i];
    }
    return NULL;
}

static bool has_boot(const struct node *node, long long place)
{
    list_each(struct disk, node->disks, disk)
    {
        if (disk->boot == place)
            return true;
    }
    list_each(struct cdrom, node->cdroms, cdrom)
    {
        if (cdrom->boot == place)
            return true;
    }
    list_each(struct nic, node->nics, nic)
    {
        if (nic->boot == place)
            return true;
    }
    return false;
}

int node_root_boot(const struct node *node)
{
    int place = 1;

    if (node->disk.boot)
        return (int)node->disk.boot;
    while (has_boot(node, place))
        place++;
    return place;
}

/* Contents can be long and secret: a spec has their digest. */
static json_t *files_spec(const struct node *node)
{
    json_t *array = json_array();
    char digest[SHA256_TEXT];

    list_each(struct guest_file, node->files, file)
    {
        json_t *object = schema_dump(&guest_file_schema, file);
        size_t length = file->content ? file->content_length : 0;

        sha256_text(file->content ? file->content : "", length, digest);
        json_object_set_new(object, "sha256", json_string(digest));
        json_array_append_new(array, object);
    }
    return array;
}

/* What may hold a secret (a password in cloud_init, a token in run) is kept as its digest:
 * every local user may read a domain's XML, and to compare a digest does. */
static void hide(json_t *spec, const char *key)
{
    auto_free char *text =
        json_dumps(json_object_get(spec, key), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    char digest[SHA256_TEXT];

    if (!text)
        return;
    sha256_text(text, strlen(text), digest);
    json_object_set_new(spec, key, json_sprintf("sha256:%.16s", digest));
}

/* Texts for the guest's firmware, such as Ignition's; files of the host stay paths. */
static void hide_firmware(json_t *spec)
{
    json_t *entries = json_object_get(spec, "fw_cfg"), *entry;
    const char *name;

    json_object_foreach (entries, name, entry) {
        if (json_is_string(entry))
            hide(entries, name);
        else
            hide(entry, "value");
    }
    hide(json_object_get(spec, "smbios"), "oem_strings");
}

json_t *cluster_node_spec(const struct node *node)
{
    json_t *spec = schema_dump(&node_schema, node);

    if (node->files.count > 0)
        json_object_set_new(spec, "files", files_spec(node));
    hide(spec, "run");
    hide(spec, "cloud_init");
    hide_firmware(spec);
    return spec;
}

json_t *cluster_network_spec(const struct network *network)
{
    return schema_dump(&network_schema, network);
}

void cluster_free(struct cluster *cluster)
{
    if (!cluster)
        return;
    json_decref(cluster->trees);
    cluster->trees = NULL;
}

void cluster_cleanup(struct cluster **cluster)
{
    cluster_free(*cluster);
}
