/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "network/guard/guard.h"

static bool is_ours(const struct cluster *cluster, const char *mac)
{
    char text[MAC_TEXT];

    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (strcasecmp(mac_format(nic->mac, text), mac) == 0)
                return true;
        }
    return false;
}

/* Who had an address once, and does not answer any more, does not count. */
static bool answers(const json_t *neighbour)
{
    const json_t *states = json_object_get(neighbour, "state"), *state;
    size_t i;

    json_array_foreach (states, i, state) {
        const char *text = json_string_value(state);

        if (text && (strcmp(text, "REACHABLE") == 0 || strcmp(text, "DELAY") == 0 ||
                     strcmp(text, "STALE") == 0 || strcmp(text, "PERMANENT") == 0))
            return true;
    }
    return false;
}

static void check(const struct guard *guard, const struct node *node, const struct nic *nic)
{
    const json_t *neighbour;
    char ip[IP4_TEXT];
    size_t i;

    ip4_format(nic->ip, ip);
    json_array_foreach (guard->facts->neighbours, i, neighbour) {
        const char *to = json_string_value(json_object_get(neighbour, "dst"));
        const char *mac = json_string_value(json_object_get(neighbour, "lladdr"));
        const char *device = json_string_value(json_object_get(neighbour, "dev"));

        if (!to || !mac || !device || strcmp(to, ip) != 0 || !answers(neighbour) ||
            is_ours(guard->site->cluster, mac))
            continue;
        diagnostic_hint(diagnostics_error(guard->d, nic->source->position, "address-in-use",
                                          "address %s of node '%s' is somebody else's: %s on "
                                          "device %s of host '%s' has it",
                                          ip, node->name, mac, device,
                                          host_name(guard->host->host)),
                        "give the node another address; `ip neigh show %s` there shows who it "
                        "is",
                        ip);
        return;
    }
}

/* On networks of our own nobody else gives addresses. */
void guard_neighbour(const struct guard *guard)
{
    const struct cluster *cluster = guard->site->cluster;

    for (size_t i = 0; i < cluster->node_count; i++) {
        const struct node *node = &cluster->nodes[i];

        if (site_host(guard->site, node->host) != guard->host)
            continue;
        list_each(struct nic, node->nics, nic)
        {
            if (nic->ip && !network_mode(nic->net)->serves)
                check(guard, node, nic);
        }
    }
}
