/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/persist/persist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "templates/persist/persist_part.h"
#include "util/digest.h"

const char *const persist_manager_words[] = {"systemd-networkd", "NetworkManager", "ifupdown",
                                             "netplan", NULL};

void persist_add(const struct persist_bridge *bridge, const char *folder, const char *name,
                 unsigned mode, struct buffer *body, struct persist_files *ret)
{
    char digest[SHA256_TEXT];
    auto_free char *text = buffer_take(body);
    struct persist_file file = {
        .path = xasprintf("%svirtopo-%s-%s%s", folder, bridge->cluster, bridge->network, name),
        .mode = mode,
        .content = xasprintf(
            "# Made by virtopo for bridge %s: cluster %s, network %s; its down takes it away.\n"
            "# sha256 of the rest: %s\n%s",
            bridge->bridge, bridge->cluster, bridge->network,
            sha256_text(text, strlen(text), digest), text),
    };

    vector_push(ret->items, ret->count, file);
}

bool persist_is_ip6(const char *text)
{
    return strchr(text, ':') != NULL;
}

bool persist_has_family(const struct persist_bridge *bridge, bool is_ip6)
{
    for (size_t i = 0; i < bridge->address_count; i++) {
        if (persist_is_ip6(bridge->addresses[i]) == is_ip6)
            return true;
    }
    return is_ip6 ? bridge->dhcp6 : bridge->dhcp4;
}

const char *persist_port(const struct persist_bridge *bridge)
{
    return bridge->vlan_device ? bridge->vlan_device : bridge->uplink;
}

unsigned persist_delay(const struct persist_bridge *bridge)
{
    return (unsigned)((bridge->forward_delay + 999) / 1000);
}

/* The mark that the kernel's bridge has, and the VLAN device: no manager can give it, but udev
 * reads this whichever of them runs. Without a policy for it, the MAC stays the port's. */
static void add_links(const struct persist_bridge *bridge, struct persist_files *ret)
{
    const char *const devices[] = {bridge->bridge, bridge->vlan_device};
    const char *const names[] = {".link", "-vlan.link"};

    for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
        auto_buffer struct buffer out = {0};

        if (!devices[i])
            continue;
        buffer_printf(&out, "[Match]\nOriginalName=%s\n\n[Link]\nAlias=virtopo:%s/%s\n",
                      devices[i], bridge->cluster, bridge->network);
        persist_add(bridge, "/etc/systemd/network/05-", names[i], 0644, &out, ret);
    }
}

void persist_render(enum persist_manager manager, const struct persist_bridge *bridge,
                    struct persist_files *ret)
{
    static void (*const renderers[])(const struct persist_bridge *, struct persist_files *) = {
        [PERSIST_NETWORKD] = persist_networkd,
        [PERSIST_NETWORK_MANAGER] = persist_network_manager,
        [PERSIST_IFUPDOWN] = persist_ifupdown,
        [PERSIST_NETPLAN] = persist_netplan,
    };

    add_links(bridge, ret);
    renderers[manager](bridge, ret);
}

void persist_files_done(struct persist_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].content);
    }
    free(files->items);
    *files = (struct persist_files){0};
}

void persist_take_address(struct persist_bridge *bridge, const char *line)
{
    size_t length = strcspn(line, " ");
    bool is_ip6 = memchr(line, ':', length) != NULL;

    /* What a router or a DHCP server gave comes anew. */
    if (strstr(line, " dynamic") || strstr(line, " valid_lft ")) {
        if (is_ip6)
            bridge->dhcp6 = true;
        else
            bridge->dhcp4 = true;
        return;
    }
    vector_push(bridge->addresses, bridge->address_count, xstrndup(line, length));
}

void persist_take_route(struct persist_bridge *bridge, const char *line)
{
    auto_free char *text = xstrdup(line);
    char *rest = NULL, *word = strtok_r(text, " ", &rest);
    struct persist_route route = {.to = word ? xstrdup(word) : NULL};
    bool given = false;

    while (word && (word = strtok_r(NULL, " ", &rest))) {
        const char *value = strtok_r(NULL, " ", &rest);

        if (!value)
            break;
        if (strcmp(word, "via") == 0 && !route.via)
            route.via = xstrdup(value);
        else if (strcmp(word, "metric") == 0)
            route.metric = atoll(value);
        else if (strcmp(word, "proto") == 0)
            given |= !strcmp(value, "dhcp") || !strcmp(value, "ra") || !strcmp(value, "kernel");
    }
    if (route.to && route.via && !given) {
        vector_push(bridge->routes, bridge->route_count, route);
        return;
    }
    if (route.via && given && !persist_is_ip6(route.via))
        bridge->dhcp4 = true;
    else if (route.via && given)
        bridge->dhcp6 = true;
    free(route.to);
    free(route.via);
}

void persist_bridge_done(struct persist_bridge *bridge)
{
    for (size_t i = 0; i < bridge->address_count; i++)
        free(bridge->addresses[i]);
    for (size_t i = 0; i < bridge->route_count; i++) {
        free(bridge->routes[i].to);
        free(bridge->routes[i].via);
    }
    free(bridge->addresses);
    free(bridge->routes);
    *bridge = (struct persist_bridge){0};
}
