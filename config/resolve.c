/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/loader.h"
#include "config/network/user_net.h"
#include "config/session.h"
#include "util/file.h"
#include "util/suggest.h"

struct position loader_position(const struct document_node *mapping, const char *key)
{
    const struct document_node *value = document_get(mapping, key);

    if (value)
        return value->position;
    return mapping->key ? mapping->key_position : mapping->position;
}

const char *loader_line(struct loader *l, struct position here, struct position there)
{
    bool is_same = !here.file || !there.file || !strcmp(here.file, there.file);

    return is_same ? arena_printf(l->arena, "line %d", there.line)
                   : arena_printf(l->arena, "line %d of %s", there.line, there.file);
}

/* More names than these are not compared with a wrong one: a bound for hostile files. */
#define NEAR_AMONG 1000

/* Every named item starts with its name. */
static const char *name_at(const struct list *list, size_t item_size, size_t i)
{
    return *(const char *const *)((const char *)list->items + i * item_size);
}

const char *loader_hint(struct loader *l, const char *word, const struct list *list,
                        size_t item_size, const char *none)
{
    struct suggest near = suggest_start(word);
    auto_buffer struct buffer all = {0};

    if (list->count == 0 || finding_is_full(l->d))
        return none;
    for (size_t i = 0; i < list->count && i < NEAR_AMONG; i++) {
        suggest_offer(&near, name_at(list, item_size, i));
        if (i < 10)
            buffer_printf(&all, "%s%s", i ? ", " : "", name_at(list, item_size, i));
    }
    if (suggest_result(&near))
        return arena_printf(l->arena, "did you mean '%s'?", suggest_result(&near));
    return arena_printf(l->arena, "there %s %s%s", list->count == 1 ? "is only" : "are",
                        all.data, list->count > 10 ? ", ..." : "");
}

static void index_list(struct names *names, struct list *list, size_t item_size)
{
    for (size_t i = 0; i < list->count; i++)
        names_add(names, name_at(list, item_size, i), (char *)list->items + i * item_size);
}

static void resolve_hosts(struct loader *l, const char *default_uri)
{
    struct cluster *cluster = l->cluster;

    if (cluster->hosts.count == 0) {
        struct host_entry *host = arena_alloc(l->arena, sizeof *host);

        host->name = "local";
        host->uri = arena_strdup(l->arena, default_uri ? default_uri : "qemu:///system");
        host->source = l->root;
        cluster->hosts = (struct list){.items = host, .count = 1};
    }
    list_each(struct host_entry, cluster->hosts, host)
    {
        auto_free char *store = host->uri ? session_store(host->uri) : NULL;

        if (!host->dir && store)
            host->dir = arena_strdup(l->arena, store);
    }
}

/* The script's inputs are paths, which string lists know nothing of. */
static void resolve_inputs(struct loader *l, struct image *image)
{
    struct position at = loader_position(image->source, "inputs");
    const char *folder = binder_folder(&l->binder, &at);

    for (size_t i = 0; i < image->inputs.count; i++) {
        auto_error struct error *error = NULL;
        auto_free char *path = NULL;

        if (path_resolve(folder, image->inputs.items[i], &path, &error) == 0)
            image->inputs.items[i] = arena_strdup(l->arena, path);
        else
            finding_error(l->d, at, "value", error->hint, "inputs %s", error->message);
    }
}

void resolve_cluster(struct loader *l, const char *default_uri)
{
    struct cluster *cluster = l->cluster;

    if (!cluster->ssh.user)
        cluster->ssh.user = "root";
    cluster->ssh.user_given = document_get(cluster->ssh.source, "user") != NULL;
    if (!cluster->domain && cluster->name)
        cluster->domain = arena_printf(l->arena, "%s.test", cluster->name);
    resolve_hosts(l, default_uri);
    list_each(struct image, cluster->images, image) resolve_inputs(l, image);
    list_each(struct network, cluster->networks, network)
    {
        if (!network->dhcp.given)
            network->dhcp.enabled = true;
        if (!network->gateway && network_mode(network)->serves)
            network->gateway = cidr_first_host(network->subnet);
        if (!network->dhcp6.given)
            network->dhcp6.enabled = network->subnet6.prefix != 0;
    }
    index_list(&l->images, &cluster->images, sizeof(struct image));
    index_list(&l->networks, &cluster->networks, sizeof(struct network));
}

static const struct image *find_image(struct loader *l, struct position at, const char *name)
{
    const struct image *image = name ? names_find(&l->images, name) : NULL;

    if (name && !image)
        finding_error(l->d, at, "unknown-image",
                      loader_hint(l, name, &l->cluster->images, sizeof(struct image),
                                  "add it under 'images'"),
                      "unknown image '%s'", name);
    return image;
}

static void resolve_image(struct loader *l, struct node *node)
{
    if (disk_is_none(&node->disk))
        node->image_name = NULL;
    node->image = find_image(l, loader_position(node->source, "image"), node->image_name);
}

/* Threads that disks name are there, unless their number is said. */
static void count_iothreads(struct node *node)
{
    long long count = node->disk.iothread;

    if (node->cpus.iothreads)
        return;
    list_each(struct disk, node->disks, disk) count =
        disk->iothread > count ? disk->iothread : count;
    node->cpus.iothreads = count;
}

static void resolve_disks(struct loader *l, struct node *node)
{
    size_t number = 0;

    list_each(struct disk, node->disks, disk)
    {
        disk->from.kind = disk_source_kind(&disk->from);
        if (!disk->serial)
            disk->serial = disk->name;
    }
    list_each(struct cdrom, node->cdroms, cdrom)
    {
        number++;
        if (!cdrom->name && !document_get(cdrom->source, "name"))
            cdrom->name = arena_printf(l->arena, "cd%zu", number);
        cdrom->image =
            find_image(l, loader_position(cdrom->source, "image"), cdrom->image_name);
    }
}

static void resolve_host(struct loader *l, struct node *node)
{
    const struct list *hosts = &l->cluster->hosts;

    if (!node->host) {
        node->host = name_at(hosts, sizeof(struct host_entry), 0);
        return;
    }
    for (size_t i = 0; i < hosts->count; i++) {
        if (!strcmp(node->host, name_at(hosts, sizeof(struct host_entry), i)))
            return;
    }
    finding_error(l->d, loader_position(node->source, "host"), "unknown-host",
                  loader_hint(l, node->host, hosts, sizeof(struct host_entry), NULL),
                  "unknown host '%s'", node->host);
}

static struct position network_position(const struct nic *nic)
{
    const struct document_node *source = nic->source;

    if (document_get(source, "network"))
        return document_get(source, "network")->position;
    return source->kind == DOCUMENT_MAPPING && source->count ? source->items[0]->key_position
                                                             : source->position;
}

/* Addresses come from whose network it is; on a LAN whose subnet is known, the file can say
 * which one is free for the node. */
static void check_foreign_nic(struct loader *l, struct nic *nic)
{
    if (nic->ip_explicit && document_get(nic->net->source, "subnet"))
        return;
    if (nic->ip_explicit && network_mode(nic->net)->is_lan)
        finding_error(l->d, network_position(nic), "network-mode",
                      arena_printf(l->arena,
                                   "write '%s' alone, or add the LAN's 'subnet' to the network",
                                   nic->network),
                      network_is_foreign(nic->net)
                          ? "network '%s' is somebody else's: it gives addresses itself"
                          : "network '%s' has no subnet: addresses come from whoever is on it",
                      nic->network);
    else if (nic->ip_explicit && nic_is_user(nic))
        finding_error(
            l->d, network_position(nic), "network-mode",
            arena_printf(l->arena, "write '%s' alone", nic->network),
            "network '%s' is of mode user: each node on it has the address " USER_NET_ADDRESS,
            nic->network);
    else if (nic->ip_explicit)
        finding_error(l->d, network_position(nic), "network-mode",
                      arena_printf(l->arena, "write '%s' alone", nic->network),
                      "network '%s' is somebody else's: it gives addresses itself",
                      nic->network);
    nic->ip = 0;
    nic->ip_explicit = false;
    nic->dynamic = true;
}

static void resolve_nic(struct loader *l, struct nic *nic)
{
    nic->mac_explicit = document_get(nic->source, "mac") != NULL;
    if (!nic->network)
        return;
    nic->net = names_find(&l->networks, nic->network);
    if (!nic->net)
        finding_error(l->d, network_position(nic), "unknown-network",
                      loader_hint(l, nic->network, &l->cluster->networks,
                                  sizeof(struct network), "add it under 'networks'"),
                      "unknown network '%s'", nic->network);
    else if (!network_mode(nic->net)->serves)
        check_foreign_nic(l, nic);
    if (nic->net && network_mode(nic->net)->plug == PLUG_OVS &&
        !document_get(nic->source, "vlan") && !document_get(nic->source, "trunk"))
        nic->vlan = nic->net->vlan;
}

bool loader_has_ready_kind(const struct node *node)
{
    const struct document_node *source = node->ready.source;

    return source && (document_get(source, "kind") ||
                      (source->kind == DOCUMENT_SCALAR && !source->is_null));
}

void resolve_groups(struct loader *l)
{
    for (size_t i = 0; i < l->group_count; i++) {
        struct node *node = &l->groups[i].base;

        l->d->subject = node->group;
        resolve_image(l, node);
        resolve_host(l, node);
        list_each(struct nic, node->nics, nic) resolve_nic(l, nic);
        user_net_resolve(l->arena, node);
        resolve_devices(l, node);
        resolve_disks(l, node);
        count_iothreads(node);
        platform_resolve(node);
        node->ready.given = node->ready.source != NULL;
        /* Without an image there is no login that could be waited for. */
        if (!loader_has_ready_kind(node) && (node->nics.count == 0 || !node->image_name))
            node->ready.kind = READY_NONE;
    }
    l->d->subject = NULL;
}
