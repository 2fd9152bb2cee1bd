/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/picture/picture.h"

#include <stdlib.h>
#include <string.h>

#include "config/network/mode.h"
#include "util/buffer.h"
#include "util/size.h"

static const char *const state_words[PICTURE_STATES] = {
    [PICTURE_PLANNED] = "",        [PICTURE_RUNNING] = "running", [PICTURE_STOPPED] = "stopped",
    [PICTURE_PAUSED] = "paused",   [PICTURE_CRASHED] = "crashed", [PICTURE_KILLED] = "killed",
    [PICTURE_MISSING] = "missing",
};

const char *picture_state_word(enum picture_state state)
{
    return state_words[state];
}

void picture_init(struct picture *picture, const char *title)
{
    *picture = (struct picture){.arena = arena_new()};
    picture->title = arena_strdup(picture->arena, title);
}

void picture_done(struct picture *picture)
{
    arena_free(picture->arena);
    *picture = (struct picture){0};
}

static const char *copy(struct picture *picture, const char *text)
{
    return text && *text ? arena_strdup(picture->arena, text) : NULL;
}

static const char *text_of(const json_t *spec, const char *key)
{
    return json_string_value(json_object_get(spec, key));
}

size_t picture_host(struct picture *picture, const char *name)
{
    struct picture_host host = {0};

    for (size_t i = 0; i < picture->host_count; i++) {
        if (strcmp(picture->hosts[i].name, name) == 0)
            return i;
    }
    host.name = copy(picture, name);
    arena_push(picture->arena, picture->hosts, picture->host_count, host);
    return picture->host_count - 1;
}

static void add_detail(struct buffer *out, const char *before, const json_t *value)
{
    if (!value || json_is_false(value) || json_is_null(value))
        return;
    buffer_printf(out, "%s%s", out->length ? " · " : "", before);
    if (json_is_string(value))
        buffer_puts(out, json_string_value(value));
    else if (json_is_integer(value))
        buffer_printf(out, "%lld", (long long)json_integer_value(value));
}

/* What of the network is worth a line in a picture. */
static const char *network_detail(struct picture *picture, const json_t *spec)
{
    static const struct {
        const char *key, *before;
    } rows[] = {
        {"external", ""},      {"bridge", ""},    {"dev", "on "},  {"type", ""},
        {"uplink", "uplink "}, {"vlan", "VLAN "}, {"vni", "VNI "}, {"mtu", "MTU "},
    };
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        add_detail(&out, rows[i].before, json_object_get(spec, rows[i].key));
    return copy(picture, out.data);
}

/* By the table of modes; a bridge is our own when the file says what of it. */
static bool is_foreign(const json_t *spec)
{
    static const char *const makes[] = {"uplink", "address", "address6", "create"};
    const char *mode = text_of(spec, "mode");

    for (size_t i = 0; i < ARRAY_SIZE(makes); i++) {
        const json_t *value = json_object_get(spec, makes[i]);

        if (value && !json_is_false(value))
            return false;
    }
    for (int i = 0; mode && network_mode_words[i]; i++) {
        if (strcmp(network_mode_words[i], mode) == 0)
            return !mode_row(i)->made && strcmp(mode, "user") != 0;
    }
    return true;
}

/* One that is not said is all addresses. */
static const char *subnet_of(struct picture *picture, const json_t *spec, const char *key)
{
    const char *subnet = text_of(spec, key);
    const char *prefix = subnet ? strchr(subnet, '/') : NULL;

    return prefix && strcmp(prefix, "/0") != 0 ? copy(picture, subnet) : NULL;
}

static void fill_network(struct picture *picture, struct picture_network *n, const json_t *spec)
{
    const char *mode = text_of(spec, "mode");

    n->mode = copy(picture, mode ? mode : "foreign");
    n->subnet = subnet_of(picture, spec, "subnet");
    n->subnet6 = subnet_of(picture, spec, "subnet6");
    n->gateway = n->subnet ? copy(picture, text_of(spec, "gateway")) : NULL;
    n->detail = network_detail(picture, spec);
    n->foreign = is_foreign(spec);
}

struct picture_network *picture_network(struct picture *picture, const char *name,
                                        const json_t *spec)
{
    struct picture_network network = {.mode = "foreign", .foreign = true};
    struct picture_network *found = NULL;

    for (size_t i = 0; i < picture->network_count && !found; i++) {
        if (strcmp(picture->networks[i].name, name) == 0)
            found = &picture->networks[i];
    }
    if (!found) {
        network.name = copy(picture, name);
        arena_push(picture->arena, picture->networks, picture->network_count, network);
        found = &picture->networks[picture->network_count - 1];
    }
    if (spec)
        fill_network(picture, found, spec);
    return found;
}

/* "web" of "web-2". */
static const char *group_of(struct picture *picture, const char *name)
{
    size_t length = strlen(name), digits = 0;

    while (digits < length && strchr("0123456789", name[length - digits - 1]))
        digits++;
    if (digits && digits + 1 < length && name[length - digits - 1] == '-')
        return arena_strndup(picture->arena, name, length - digits - 1);
    return copy(picture, name);
}

static const char *address_of(struct picture *picture, const json_t *nic, const char *key)
{
    const char *address = text_of(nic, key);

    return copy(picture, address && strcmp(address, "dhcp") == 0 ? "DHCP" : address);
}

static void add_links(struct picture *picture, struct picture_node *node, const json_t *nics)
{
    json_t *nic;
    size_t i;

    json_array_foreach (nics, i, nic) {
        const char *name = text_of(nic, "network");
        const char *state = text_of(nic, "link");
        struct picture_link link = {.mac = copy(picture, text_of(nic, "mac"))};

        link.network =
            (size_t)(picture_network(picture, name ? name : "?", NULL) - picture->networks);
        link.ip = address_of(picture, nic, "ip");
        link.ip6 = address_of(picture, nic, "ip6");
        link.down = state && strcmp(state, "down") == 0;
        arena_push(picture->arena, node->links, node->link_count, link);
    }
}

struct picture_node *picture_node(struct picture *picture, const char *name, const char *group,
                                  const char *host, const json_t *spec)
{
    const json_t *cpus = json_object_get(spec, "cpus");
    const json_t *memory = json_object_get(spec, "memory");
    struct picture_node node = {.name = copy(picture, name), .alike = 1};
    const char *size =
        json_is_object(memory) ? text_of(memory, "size") : json_string_value(memory);

    node.group = group ? copy(picture, group) : group_of(picture, name);
    node.host = picture_host(picture, host);
    node.image = copy(picture, text_of(spec, "image"));
    node.cpus =
        json_integer_value(json_is_object(cpus) ? json_object_get(cpus, "count") : cpus);
    if (!size || size_parse(size, &node.memory, NULL) < 0)
        node.memory = 0;
    add_links(picture, &node, json_object_get(spec, "networks"));
    arena_push(picture->arena, picture->nodes, picture->node_count, node);
    return &picture->nodes[picture->node_count - 1];
}

size_t picture_size(const struct picture *picture)
{
    size_t size = 0;

    for (size_t i = 0; i < picture->node_count; i++)
        size += picture->nodes[i].alike;
    return size;
}

void picture_sort(struct picture *picture)
{
    struct picture_node *sorted = NULL;
    size_t count = 0;

    for (size_t h = 0; h < picture->host_count; h++) {
        for (size_t i = 0; i < picture->node_count; i++) {
            if (picture->nodes[i].host == h)
                arena_push(picture->arena, sorted, count, picture->nodes[i]);
        }
    }
    picture->nodes = sorted;
}
