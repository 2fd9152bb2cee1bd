/* SPDX-License-Identifier: Apache-2.0 */
#include "host/links.h"

#include <stdlib.h>
#include <string.h>

#include "host/shell.h"

/* A host without IPv6 has no routes of that sort, and `ip` fails at them. What it says on
 * standard error ("Dump was interrupted", when devices come and go) is no JSON. */
static const char script[] =
    "command -v ip >/dev/null 2>&1 || exit 41\n"
    "look() { ip -j -d address show 2>/dev/null; }\n"
    "echo '== links'; l=$(look) || l=$(look) || l=$(look) || exit 42; printf '%s\\n' \"$l\"\n"
    "echo '== routes4'; ip -j -d -4 route show table all 2>/dev/null || echo '[]'\n"
    "echo '== routes6'; ip -j -d -6 route show table all 2>/dev/null || echo '[]'\n"
    "echo '== rules4'; ip -j -4 rule show 2>/dev/null || echo '[]'\n"
    "echo '== rules6'; ip -j -6 rule show 2>/dev/null || echo '[]'\n";

enum { NO_IP = 41, NO_JSON = 42 };

static char *text_of(const json_t *object, const char *key)
{
    return xstrdup_null(json_string_value(json_object_get(object, key)));
}

static bool has_flag(const json_t *object, const char *flag)
{
    const json_t *flags = json_object_get(object, "flags"), *value;
    size_t i;

    json_array_foreach (flags, i, value) {
        if (strcmp(json_string_value(value) ? json_string_value(value) : "", flag) == 0)
            return true;
    }
    return false;
}

static struct link read_link(const json_t *object)
{
    const json_t *info = json_object_get(object, "linkinfo");
    const json_t *data = json_object_get(info, "info_data");
    struct link link = {
        .name = text_of(object, "ifname"),
        .kind = text_of(info, "info_kind"),
        .master = text_of(object, "master"),
        .lower = text_of(object, "link"),
        .alias = text_of(object, "ifalias"),
        .mac = text_of(object, "address"),
        .mtu = json_integer_value(json_object_get(object, "mtu")),
        .up = has_flag(object, "UP"),
        .loopback = has_flag(object, "LOOPBACK"),
        .addresses = json_object_get(object, "addr_info"),
    };

    if (link.kind && strcmp(link.kind, "vlan") == 0)
        link.vlan = (int)json_integer_value(json_object_get(data, "id"));
    if (link.kind && strcmp(link.kind, "bridge") == 0) {
        link.stp = json_integer_value(json_object_get(data, "stp_state")) != 0;
        /* in hundredths of a second */
        link.forward_delay = json_integer_value(json_object_get(data, "forward_delay")) * 10;
    }
    return link;
}

/* `ip` prints "{}" for what it leaves out. */
static void read_all_links(struct links *links, const json_t *array)
{
    const json_t *object;
    size_t i;

    json_array_foreach (array, i, object) {
        if (json_object_get(object, "ifname"))
            vector_push(links->items, links->count, read_link(object));
    }
}

static bool is_kernels_own(const json_t *rule)
{
    json_int_t priority = json_integer_value(json_object_get(rule, "priority"));

    return priority == 0 || priority == 32766 || priority == 32767;
}

static void add_rules(json_t *rules, const json_t *array)
{
    json_t *rule;
    size_t i;

    json_array_foreach (array, i, rule) {
        if (json_is_object(rule) && !is_kernels_own(rule))
            json_array_append(rules, rule);
    }
}

/* "[]" is what some versions print nothing for. */
static json_t *section(const char *text, const char *name)
{
    auto_free char *heading = xasprintf("== %s\n", name);
    const char *at = strstr(text, heading), *end;
    json_t *array;

    if (!at)
        return NULL;
    at += strlen(heading);
    end = strstr(at, "== ");
    if (strspn(at, " \n") >= (end ? (size_t)(end - at) : strlen(at)))
        return json_array();
    array = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
    if (array && json_is_array(array))
        return array;
    json_decref(array);
    return NULL;
}

int links_parse(const char *text, struct links *ret, struct error **err)
{
    json_t *rules4 = section(text, "rules4"), *rules6 = section(text, "rules6");

    *ret = (struct links){.source = section(text, "links"),
                          .routes4 = section(text, "routes4"),
                          .routes6 = section(text, "routes6"),
                          .rules = json_array()};
    add_rules(ret->rules, rules4);
    add_rules(ret->rules, rules6);
    json_decref(rules4);
    json_decref(rules6);
    if (ret->source && ret->routes4 && ret->routes6) {
        read_all_links(ret, ret->source);
        return 0;
    }
    links_done(ret);
    error_set(err, ERROR_FAILED, "cannot read what `ip` says");
    return error_hint(err, "it must be the one of iproute2, which knows -j");
}

int links_read(struct host *host, struct links *ret, struct error **err)
{
    auto_shell_result struct shell_result result = {0};

    if (shell_run(host, script, NULL, NULL, &result, err) < 0)
        return error_wrap(err, "looking at the network of host '%s'", host_name(host));
    if (result.status == NO_IP) {
        error_set(err, ERROR_NOT_FOUND, "host '%s' has no command `ip`", host_name(host));
        return error_hint(err, "install iproute2 there (apt install iproute2; dnf install "
                               "iproute)");
    }
    if (result.status != 0) {
        error_set(err, ERROR_FAILED, "`ip -j` does not work on host '%s'", host_name(host));
        return error_hint(err, "install iproute2 there; the `ip` of busybox has no -j");
    }
    if (links_parse(result.output.data ? result.output.data : "", ret, err) < 0)
        return error_wrap(err, "looking at the network of host '%s'", host_name(host));
    return 0;
}

void links_done(struct links *links)
{
    for (size_t i = 0; i < links->count; i++) {
        free(links->items[i].name);
        free(links->items[i].kind);
        free(links->items[i].master);
        free(links->items[i].lower);
        free(links->items[i].alias);
        free(links->items[i].mac);
    }
    free(links->items);
    json_decref(links->routes4);
    json_decref(links->routes6);
    json_decref(links->rules);
    json_decref(links->source);
    *links = (struct links){0};
}

const struct link *links_find(const struct links *links, const char *name)
{
    for (size_t i = 0; name && i < links->count; i++) {
        if (strcmp(links->items[i].name, name) == 0)
            return &links->items[i];
    }
    return NULL;
}

const struct link *links_with_alias(const struct links *links, const char *alias)
{
    for (size_t i = 0; i < links->count; i++) {
        if (links->items[i].alias && strcmp(links->items[i].alias, alias) == 0)
            return &links->items[i];
    }
    return NULL;
}

bool link_has_address(const struct link *link, const char *text)
{
    const json_t *address;
    size_t i;

    json_array_foreach (link->addresses, i, address) {
        const char *local = json_string_value(json_object_get(address, "local"));
        auto_free char *own =
            xasprintf("%s/%lld", local ? local : "",
                      (long long)json_integer_value(json_object_get(address, "prefixlen")));

        if (strcmp(own, text) == 0)
            return true;
    }
    return false;
}
