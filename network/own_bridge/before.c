/* SPDX-License-Identifier: Apache-2.0 */
#include "network/own_bridge/before.h"

#include <stdlib.h>
#include <string.h>

#define FOREVER 4294967295

static void push(struct bridge_lines *lines, char *line)
{
    vector_push(lines->items, lines->count, line);
}

static void lines_done(struct bridge_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->items[i]);
    free(lines->items);
    *lines = (struct bridge_lines){0};
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* " KEY value" of a string or a number; nothing when it is not there. */
static void put(struct buffer *out, const char *key, const json_t *value)
{
    if (json_is_string(value))
        buffer_printf(out, " %s %s", key, json_string_value(value));
    else if (json_is_integer(value))
        buffer_printf(out, " %s %lld", key, (long long)json_integer_value(value));
}

static bool is_moved(const json_t *address)
{
    const char *family = text_of(address, "family"), *scope = text_of(address, "scope");

    if (!family || !text_of(address, "local"))
        return false;
    /* The kernel makes temporary and link-local ones by itself, on each device. */
    if (strcmp(family, "inet6") == 0)
        return !(scope && strcmp(scope, "link") == 0) &&
               !json_is_true(json_object_get(address, "temporary"));
    return strcmp(family, "inet") == 0;
}

static void put_lifetime(struct buffer *out, const json_t *address)
{
    long long valid = json_integer_value(json_object_get(address, "valid_life_time"));
    long long preferred = json_integer_value(json_object_get(address, "preferred_life_time"));

    if (valid > 0 && valid != FOREVER)
        buffer_printf(out, " valid_lft %lld preferred_lft %lld", valid, preferred);
}

static char *address_line(const json_t *address, const char *device)
{
    static const char *const flags[] = {"nodad", "home", "mngtmpaddr", "noprefixroute",
                                        "autojoin"};
    const char *label = text_of(address, "label"), *peer = text_of(address, "address");
    struct buffer line = {0};

    buffer_puts(&line, text_of(address, "local"));
    if (peer)
        buffer_printf(&line, " peer %s", peer);
    buffer_printf(&line, "/%lld",
                  (long long)json_integer_value(json_object_get(address, "prefixlen")));
    put(&line, "broadcast", json_object_get(address, "broadcast"));
    put(&line, "scope", json_object_get(address, "scope"));
    put(&line, "metric", json_object_get(address, "metric"));
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        if (json_is_true(json_object_get(address, flags[i])))
            buffer_printf(&line, " %s", flags[i]);
    }
    put_lifetime(&line, address);
    /* last: the script cuts it off for the bridge */
    if (label && strcmp(label, device) != 0)
        buffer_printf(&line, " label %s", label);
    return buffer_take(&line);
}

static bool is_link_local_v6(const char *destination)
{
    return strncmp(destination, "fe80:", 5) == 0 || strncmp(destination, "ff00:", 5) == 0;
}

/* The kernel has those of the table "local" and of link-local addresses by itself. */
static bool is_route_moved(const json_t *route)
{
    const char *table = text_of(route, "table"), *destination = text_of(route, "dst");
    const char *type = text_of(route, "type"), *protocol = text_of(route, "protocol");

    if (!destination || (table && strcmp(table, "local") == 0))
        return false;
    if (type && strcmp(type, "unicast") != 0)
        return false;
    return !(protocol && strcmp(protocol, "kernel") == 0 && is_link_local_v6(destination));
}

static void put_gateway(struct buffer *out, const json_t *route)
{
    const json_t *via = json_object_get(route, "via");
    const char *gateway = text_of(route, "gateway"), *family = text_of(via, "family");

    if (gateway)
        buffer_printf(out, " via %s", gateway);
    else if (family && text_of(via, "host"))
        buffer_printf(out, " via %s %s", family, text_of(via, "host"));
}

static char *route_line(const json_t *route, bool v6)
{
    static const struct {
        const char *key, *word;
    } rows[] = {{"protocol", "proto"}, {"scope", "scope"},    {"prefsrc", "src"},
                {"metric", "metric"},  {"table", "table"},    {"tos", "tos"},
                {"pref", "pref"},      {"expires", "expires"}};
    const char *destination = text_of(route, "dst");
    struct buffer line = {0};
    const json_t *item;
    const char *key;
    size_t i;

    /* With an address the family needs no telling. */
    buffer_puts(&line, strcmp(destination, "default") ? destination
                       : v6                           ? "::/0"
                                                      : "0.0.0.0/0");
    put_gateway(&line, route);
    for (i = 0; i < ARRAY_SIZE(rows); i++) {
        /* ip prints a scope for IPv6 too, and does not take one */
        if (!(v6 && strcmp(rows[i].key, "scope") == 0))
            put(&line, rows[i].word, json_object_get(route, rows[i].key));
    }
    json_array_foreach (json_object_get(route, "flags"), i, item) {
        if (json_is_string(item) && strcmp(json_string_value(item), "onlink") == 0)
            buffer_puts(&line, " onlink");
    }
    json_array_foreach (json_object_get(route, "metrics"), i, item) {
        json_t *value;

        json_object_foreach ((json_t *)(uintptr_t)item, key, value)
            put(&line, key, value);
    }
    return buffer_take(&line);
}

static bool leads_over(const json_t *route, const char *device)
{
    const char *own = text_of(route, "dev");
    const json_t *hop;
    size_t i;

    if (own)
        return strcmp(own, device) == 0;
    json_array_foreach (json_object_get(route, "nexthops"), i, hop) {
        if (text_of(hop, "dev") && strcmp(text_of(hop, "dev"), device) == 0)
            return true;
    }
    return false;
}

static void add_gateway(struct bridge_before *before, const json_t *route)
{
    const char *gateway = text_of(route, "gateway");

    if (!gateway || strncmp(gateway, "fe80:", 5) == 0)
        return;
    for (size_t i = 0; i < before->gateways.count; i++) {
        if (strcmp(before->gateways.items[i], gateway) == 0)
            return;
    }
    push(&before->gateways, xstrdup(gateway));
}

/* Those with a gateway come after those that the gateway is reached by. */
static int add_routes(struct bridge_before *before, const json_t *routes, bool v6,
                      bool with_gateway, struct error **err)
{
    const json_t *route;
    size_t i;

    json_array_foreach (routes, i, route) {
        bool has_gateway = text_of(route, "gateway") || json_object_get(route, "via");

        if (!leads_over(route, before->uplink) || !is_route_moved(route))
            continue;
        if (!text_of(route, "dev")) {
            error_set(err, ERROR_CONFLICT,
                      "the route to %s goes over several devices, of which %s is one",
                      text_of(route, "dst"), before->uplink);
            return error_hint(err, "take it away first, or take another uplink: ip route");
        }
        if (has_gateway != with_gateway)
            continue;
        push(&before->routes, route_line(route, v6));
        if (with_gateway)
            add_gateway(before, route);
    }
    return 0;
}

int bridge_before_read(const struct links *links, const char *uplink, bool moves,
                       struct bridge_before *ret, struct error **err)
{
    const struct link *link = links_find(links, uplink);
    const json_t *address;
    size_t i;

    *ret = (struct bridge_before){0};
    if (!link)
        return error_set(err, ERROR_NOT_FOUND, "there is no device %s", uplink);
    *ret = (struct bridge_before){.uplink = xstrdup(uplink),
                                  .mac = xstrdup_null(link->mac),
                                  .mtu = link->mtu,
                                  .up = link->up};
    if (!moves)
        return 0;
    json_array_foreach (link->addresses, i, address) {
        if (is_moved(address))
            push(&ret->addresses, address_line(address, uplink));
    }
    for (i = 0; i < 2; i++) {
        if (add_routes(ret, links->routes4, false, i, err) < 0 ||
            add_routes(ret, links->routes6, true, i, err) < 0) {
            bridge_before_done(ret);
            return -1;
        }
    }
    return 0;
}

char *bridge_before_rules(const struct links *links, const char *uplink)
{
    auto_buffer struct buffer out = {0};
    const json_t *rule;
    size_t i;

    json_array_foreach (links->rules, i, rule) {
        const char *in = text_of(rule, "iif"), *outer = text_of(rule, "oif");
        bool is_in = in && strcmp(in, uplink) == 0;

        if (!is_in && !(outer && strcmp(outer, uplink) == 0))
            continue;
        buffer_printf(&out, "%s%lld: %s %s", out.length ? ", " : "",
                      (long long)json_integer_value(json_object_get(rule, "priority")),
                      is_in ? "iif" : "oif", uplink);
    }
    return out.length ? buffer_take(&out) : NULL;
}

static json_t *lines_json(const struct bridge_lines *lines)
{
    json_t *array = json_array();

    for (size_t i = 0; i < lines->count; i++)
        json_array_append_new(array, json_string(lines->items[i]));
    return array;
}

char *bridge_before_text(const struct bridge_before *b)
{
    json_t *object =
        json_pack("{s:s*,s:s*,s:I,s:o,s:s*,s:s*,s:I,s:b,s:o,s:o,s:o}", "bridge", b->bridge,
                  "device", b->device, "vlan", (json_int_t)b->vlan, "own", lines_json(&b->own),
                  "uplink", b->uplink, "mac", b->mac, "mtu", (json_int_t)b->mtu, "up", b->up,
                  "addresses", lines_json(&b->addresses), "routes", lines_json(&b->routes),
                  "gateways", lines_json(&b->gateways));
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);

    json_decref(object);
    return text;
}

static void merge_lines(struct bridge_lines *lines, const struct bridge_lines *earlier)
{
    size_t count = lines->count;

    for (size_t i = 0; i < earlier->count; i++) {
        size_t known = 0;

        while (known < count && strcmp(lines->items[known], earlier->items[i]) != 0)
            known++;
        if (known == count)
            push(lines, xstrdup(earlier->items[i]));
    }
}

void bridge_before_merge(struct bridge_before *before, const struct bridge_before *earlier)
{
    merge_lines(&before->addresses, &earlier->addresses);
    merge_lines(&before->routes, &earlier->routes);
    merge_lines(&before->gateways, &earlier->gateways);
}

/* They become lines of a script. */
static bool is_plain(const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        " .:/_-@+%";

    return text && *text && strspn(text, allowed) == strlen(text);
}

static bool is_word(const json_t *object, const char *key, bool required)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);

    return value ? is_plain(text) && !strchr(text, ' ') : !required;
}

static int read_lines(const json_t *array, struct bridge_lines *ret)
{
    const json_t *line;
    size_t i;

    if (!json_is_array(array))
        return -1;
    json_array_foreach (array, i, line) {
        if (!is_plain(json_string_value(line)))
            return -1;
        push(ret, xstrdup(json_string_value(line)));
    }
    return 0;
}

int bridge_before_parse(const char *text, struct bridge_before *ret, struct error **err)
{
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    int outcome = -1;

    *ret = (struct bridge_before){0};
    if (is_word(object, "bridge", true) && is_word(object, "device", false) &&
        is_word(object, "uplink", false) && is_word(object, "mac", false)) {
        *ret = (struct bridge_before){
            .bridge = xstrdup(text_of(object, "bridge")),
            .device = xstrdup_null(text_of(object, "device")),
            .vlan = json_integer_value(json_object_get(object, "vlan")),
            .uplink = xstrdup_null(text_of(object, "uplink")),
            .mac = xstrdup_null(text_of(object, "mac")),
            .mtu = json_integer_value(json_object_get(object, "mtu")),
            .up = json_is_true(json_object_get(object, "up")),
        };
        if (read_lines(json_object_get(object, "own"), &ret->own) == 0 &&
            read_lines(json_object_get(object, "addresses"), &ret->addresses) == 0 &&
            read_lines(json_object_get(object, "routes"), &ret->routes) == 0 &&
            read_lines(json_object_get(object, "gateways"), &ret->gateways) == 0)
            outcome = 0;
    }
    json_decref(object);
    if (outcome == 0)
        return 0;
    bridge_before_done(ret);
    return error_set(err, ERROR_FAILED, "cannot read how the uplink was before");
}

void bridge_before_done(struct bridge_before *before)
{
    free(before->bridge);
    free(before->device);
    lines_done(&before->own);
    free(before->uplink);
    free(before->mac);
    lines_done(&before->addresses);
    lines_done(&before->routes);
    lines_done(&before->gateways);
    *before = (struct bridge_before){0};
}
