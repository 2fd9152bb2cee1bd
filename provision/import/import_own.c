/* SPDX-License-Identifier: Apache-2.0 */
/* Domains that virtopo made: their file is in their tags, but for what is there as a digest. */
#include <stdlib.h>
#include <string.h>

#include "config/cluster.h"
#include "config/schema/schema_tidy.h"
#include "host/identity.h"
#include "provision/import/import_file.h"
#include "provision/import/import_user_net.h"
#include "templates/import/import_row.h"
#include "templates/tag.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* A copy of such a domain carries its tag too, but not its UUID. */
static bool is_own(xmlNodePtr root, const struct tag *tag)
{
    auto_free char *uuid = xmlreader_child_text(root, "uuid");
    char derived[UUID_TEXT];

    if (!tag->cluster || !tag->name || !tag->spec || !tag->kind ||
        strcmp(tag->kind, "node") != 0)
        return false;
    identity_domain_uuid(tag->cluster, tag->name, derived);
    return uuid && strcasecmp(uuid, derived) == 0;
}

char *import_own_cluster(xmlNodePtr root)
{
    struct tag tag = {0};
    char *cluster = NULL;

    tag_read(root, &tag);
    if (is_own(root, &tag))
        cluster = xstrdup(tag.cluster);
    tag_done(&tag);
    return cluster;
}

void import_own_network(struct import_file *file, xmlNodePtr root)
{
    struct tag tag = {0};

    tag_read(root, &tag);
    if (tag.spec && tag.kind && strcmp(tag.kind, "network") == 0) {
        auto_free char *name = identity_network(tag.cluster, tag.name);

        json_object_set(file->own_networks, name, tag.spec);
    }
    tag_done(&tag);
}

static bool is_digest(const json_t *value)
{
    return json_is_string(value) && strncmp(json_string_value(value), "sha256:", 7) == 0;
}

static bool has_digest(json_t *value)
{
    json_t *item;
    const char *key;

    if (is_digest(value))
        return true;
    for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++) {
        if (has_digest(json_array_get(value, i)))
            return true;
    }
    json_object_foreach (value, key, item) {
        if (has_digest(item) || strcmp(key, "sha256") == 0)
            return true;
    }
    return false;
}

/* What may hold a secret is in a tag as its digest. */
static void drop_digests(json_t *spec, struct import_notes *notes)
{
    json_t *item;
    const char *key;
    void *next;

    json_object_foreach_safe(spec, next, key, item)
    {
        if (!has_digest(item))
            continue;
        import_note(notes, "%s is not known: of it only a digest is kept; write it again", key);
        json_object_del(spec, key);
    }
}

/* Addresses that follow from the names need no line. */
static void drop_derived_mac(json_t *nics, size_t i, const struct tag *tag)
{
    json_t *nic = json_array_get(nics, i);
    const char *network = json_string_value(json_object_get(nic, "network"));
    const char *mac = json_string_value(json_object_get(nic, "mac"));
    char derived[MAC_TEXT];
    unsigned before = 0;

    for (size_t n = 0; n < i; n++) {
        const char *other =
            json_string_value(json_object_get(json_array_get(nics, n), "network"));

        before += network && other && strcmp(network, other) == 0;
    }
    if (!network || !mac)
        return;
    mac_format(identity_mac(tag->cluster, tag->name, network, before), derived);
    if (strcmp(mac, derived) == 0)
        json_object_del(nic, "mac");
}

static xmlNodePtr interface_at(xmlNodePtr root, size_t index)
{
    import_each(xmlreader_child(root, "devices"), "interface", n)
    {
        if (index-- == 0)
            return n;
    }
    return NULL;
}

static void drop_same(json_t *object, const char *key, const char *usual)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (text && usual && strcmp(text, usual) == 0)
        json_object_del(object, key);
}

/* The first of its addresses is a network's usual gateway. */
static json_t *own_network(const json_t *spec)
{
    json_t *network = json_deep_copy(spec);
    const char *text = json_string_value(json_object_get(network, "subnet"));
    const char *text6 = json_string_value(json_object_get(network, "subnet6"));
    struct cidr subnet;
    struct cidr6 subnet6;
    char first[IP4_TEXT], first6[IP6_TEXT];

    if (text6 && cidr6_parse(text6, &subnet6, NULL) == 0)
        drop_same(network, "gateway6", ip6_format(cidr6_first_host(subnet6), first6));
    if (text && cidr_parse(text, &subnet, NULL) == 0)
        drop_same(network, "gateway", ip4_format(cidr_first_host(subnet), first));
    return schema_tidy(&network_schema, network);
}

/* By the network's own tag; one of somebody else's has none. */
static void add_network(struct import_file *file, const struct tag *tag, const char *name,
                        xmlNodePtr root, xmlNodePtr interface)
{
    auto_free char *known = identity_network(tag->cluster, name);
    auto_free char *external = import_text(interface, "source@network");
    auto_free char *bridge = import_text(interface, "source@bridge");
    json_t *spec = json_object_get(file->own_networks, known);
    json_t *network;

    if (json_object_get(file->world.networks, name))
        return;
    network = import_user_network(root, interface, json_object_get(tag->spec, "publish"));
    if (network) {
        json_object_set_new(file->world.networks, name, network);
        return;
    }
    if (spec)
        network = own_network(spec);
    else if (external)
        network = json_pack("{s:s, s:s}", "mode", "external", "external", external);
    else
        network = json_pack("{s:s, s:s}", "mode", "bridge", "bridge", bridge ? bridge : "?");
    json_object_set_new(file->world.networks, name, network);
}

static const json_t *network_named(const struct import_file *file, const char *name)
{
    return name ? json_object_get(file->world.networks, name) : NULL;
}

static void add_networks(struct import_file *file, json_t *spec, const struct tag *tag,
                         xmlNodePtr root)
{
    json_t *nics = json_object_get(spec, "networks");

    for (size_t i = 0; i < json_array_size(nics); i++) {
        json_t *nic = json_array_get(nics, i);
        const char *name =
            json_string_value(json_is_string(nic) ? nic : json_object_get(nic, "network"));

        if (name)
            add_network(file, tag, name, root, interface_at(root, i));
        drop_derived_mac(nics, i, tag);
        json_object_del(json_array_get(nics, i), "moved");
        if (!json_object_get(network_named(file, name), "subnet"))
            drop_same(nic, "ip", "dhcp"); /* its owner's */
    }
}

/* The host's copy of the image is as good as the file that it came from. */
static void add_image(struct import_file *file, struct import_node *node, json_t *spec)
{
    const char *name = json_string_value(json_object_get(spec, "image"));

    if (!name || json_object_get(file->images, name))
        return;
    json_object_set_new(
        file->images, name,
        json_pack("{s:s}", "file", node->source->base ? node->source->base : "/"));
    import_note(&file->notes, "image %s: %s", name,
                node->source->base
                    ? "its copy on the host; name the file that it came from, where you have it"
                    : "where it came from is not known: name the file");
}

static void add_login(struct import_file *file, const json_t *spec)
{
    const char *user =
        json_string_value(json_object_get(json_object_get(spec, "login"), "user"));

    if (user && strcmp(user, "root") != 0 && !file->user)
        file->user = xstrdup(user);
}

/* What follows from something else, and forms that a table does not tell of. */
static void shorten(json_t *spec)
{
    json_t *disks = json_object_get(spec, "disks"), *cdroms = json_object_get(spec, "cdroms");
    json_t *ready = json_object_get(spec, "ready");

    for (size_t i = 0; i < json_array_size(disks); i++) {
        json_t *disk = json_array_get(disks, i);

        drop_same(disk, "serial", json_string_value(json_object_get(disk, "name")));
    }
    for (size_t i = 0; i < json_array_size(cdroms); i++) {
        auto_free char *name = xasprintf("cd%zu", i + 1);

        drop_same(json_array_get(cdroms, i), "name", name);
    }
    if (json_object_size(ready) == 1 && json_object_get(ready, "kind"))
        json_object_set(spec, "ready", json_object_get(ready, "kind"));
    if (json_is_false(json_object_get(json_object_get(spec, "disk"), "enabled")))
        json_object_set_new(spec, "disk", json_string("none"));
}

static void read_spec(struct import_file *file, struct import_node *node, const struct tag *tag,
                      xmlNodePtr root)
{
    static const char *const inner[] = {"login", "seed", "image_digest", "image_recipe", NULL};
    json_t *spec = json_deep_copy(tag->spec);

    free(node->name);
    node->name = xstrdup(tag->name);
    node->is_own = true;
    add_login(file, spec);
    add_image(file, node, spec);
    add_networks(file, spec, tag, root);
    for (size_t i = 0; inner[i]; i++)
        json_object_del(spec, inner[i]);
    if (strcmp(tag->host ? tag->host : "local", "local") == 0)
        json_object_del(spec, "host");
    drop_digests(spec, &node->notes);
    shorten(spec);
    node->keys = spec;
}

bool import_own_node(struct import_file *file, struct import_node *node, xmlNodePtr root)
{
    struct tag tag = {0};
    bool own;

    tag_read(root, &tag);
    own = is_own(root, &tag) && strcmp(tag.cluster, file->cluster) == 0;
    if (own)
        read_spec(file, node, &tag, root);
    tag_done(&tag);
    return own;
}

/* A name of several nodes, which are single ones here. */
static void expand_group(const struct import_file *file, json_t *list, const char *group)
{
    size_t length = strlen(group);

    for (size_t i = 0; i < file->node_count; i++) {
        const char *name = file->nodes[i].name;

        if (strncmp(name, group, length) == 0 && name[length] == '-' &&
            xmlreader_number(name + length + 1, 0) > 0)
            json_array_append_new(list, json_string(name));
    }
}

void import_own_dependencies(struct import_file *file)
{
    for (size_t i = 0; i < file->node_count; i++) {
        json_t *old = json_object_get(file->nodes[i].keys, "depends_on");
        json_t *list = json_array();

        for (size_t n = 0; n < json_array_size(old); n++) {
            const char *name = json_string_value(json_array_get(old, n));

            if (json_object_get(file->world.nodes, name))
                json_array_append(list, json_array_get(old, n));
            else
                expand_group(file, list, name);
        }
        if (old)
            json_object_set(file->nodes[i].keys, "depends_on", list);
        json_decref(list);
    }
}
