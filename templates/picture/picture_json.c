/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/picture/picture.h"

static void put(json_t *object, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(object, key, json_string(text));
}

static json_t *links_json(const struct picture *picture, const struct picture_node *node)
{
    json_t *links = json_array();

    for (size_t i = 0; i < node->link_count; i++) {
        const struct picture_link *link = &node->links[i];
        json_t *object = json_object();

        put(object, "network", picture->networks[link->network].name);
        put(object, "ip", link->ip);
        put(object, "ip6", link->ip6);
        put(object, "mac", link->mac);
        put(object, "fault", link->fault);
        if (link->down)
            json_object_set_new(object, "down", json_true());
        json_array_append_new(links, object);
    }
    return links;
}

static json_t *node_json(const struct picture *picture, const struct picture_node *node)
{
    json_t *object = json_object();

    put(object, "name", node->name);
    put(object, "group", node->group);
    put(object, "host", picture->hosts[node->host].name);
    put(object, "image", node->image);
    put(object, "state", picture_state_word(node->state));
    put(object, "fault", node->fault);
    json_object_set_new(object, "cpus", json_integer(node->cpus));
    json_object_set_new(object, "memory_bytes", json_integer((json_int_t)node->memory));
    json_object_set_new(object, "alike", json_integer((json_int_t)node->alike));
    json_object_set_new(object, "links", links_json(picture, node));
    return object;
}

static json_t *network_json(const struct picture_network *n)
{
    json_t *object = json_object();

    put(object, "name", n->name);
    put(object, "mode", n->mode);
    put(object, "subnet", n->subnet);
    put(object, "subnet6", n->subnet6);
    put(object, "gateway", n->gateway);
    put(object, "detail", n->detail);
    put(object, "state", picture_state_word(n->state));
    json_object_set_new(object, "foreign", json_boolean(n->foreign));
    return object;
}

json_t *picture_json(const struct picture *picture)
{
    json_t *hosts = json_array(), *networks = json_array(), *nodes = json_array();

    for (size_t i = 0; i < picture->host_count; i++)
        json_array_append_new(hosts, json_pack("{s:s}", "name", picture->hosts[i].name));
    for (size_t i = 0; i < picture->network_count; i++)
        json_array_append_new(networks, network_json(&picture->networks[i]));
    for (size_t i = 0; i < picture->node_count; i++)
        json_array_append_new(nodes, node_json(picture, &picture->nodes[i]));
    return json_pack("{s:s, s:b, s:o, s:o, s:o}", "cluster", picture->title, "live",
                     picture->live, "hosts", hosts, "networks", networks, "nodes", nodes);
}
