/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "host/identity.h"
#include "network/guard/guard.h"
#include "network/subnet.h"

/* Whose bridge a device is, by the names that container engines give theirs. */
static const struct owner {
    const char *prefix, *whose;
} owners[] = {
    {"docker", "Docker"},        {"podman", "Podman"}, {"cni", "a CNI plugin"},
    {"flannel", "Flannel"},      {"lxdbr", "LXD"},     {"lxcbr", "LXC"},
    {"incusbr", "Incus"},        {"cali", "Calico"},   {"kube", "Kubernetes"},
    {"vmnet", "VMware"},         {"weave", "Weave"},   {"vboxnet", "VirtualBox"},
    {"br-", "a Docker network"},
};

static const char *owner_of(const char *device)
{
    for (size_t i = 0; i < ARRAY_SIZE(owners); i++) {
        size_t length = strlen(owners[i].prefix);
        const char *rest = device + length;

        if (strncmp(device, owners[i].prefix, length) != 0)
            continue;
        /* Docker's are br- and twelve hex digits; anybody's may begin so */
        if (strcmp(owners[i].prefix, "br-") != 0 ||
            (strlen(rest) == 12 && strspn(rest, "0123456789abcdef") == 12))
            return owners[i].whose;
    }
    return NULL;
}

/* Those of libvirt networks, which network/conflict.h knows by their names. */
static bool is_of_network(const struct guard *guard, const char *device)
{
    const struct survey *survey = &guard->host->survey;

    for (size_t i = 0; i < survey->network_count; i++) {
        const char *bridge = survey->networks[i].view.bridge;

        if (bridge && strcmp(bridge, device) == 0)
            return true;
    }
    return false;
}

static void report(const struct guard *guard, const struct network *network,
                   const struct subnet *mine, const struct subnet *theirs, const char *device)
{
    char ours[SUBNET_TEXT], other[SUBNET_TEXT];
    const char *owner = owner_of(device);

    diagnostic_hint(
        diagnostics_error(guard->d, guard_position(network, mine->key), "network-route",
                          "%s %s overlaps the host's route %s on device %s%s%s%s", mine->key,
                          subnet_format(mine, ours), subnet_format(theirs, other), device,
                          owner ? " (" : "", owner ? owner : "", owner ? ")" : ""),
        "choose another %s; `ip %sroute` shows the host's own", mine->key,
        mine->six ? "-6 " : "");
}

/* One finding is enough. */
static void check_routes(const struct guard *guard, const struct network *network,
                         const struct subnet *mine, const json_t *routes)
{
    char bridge[BRIDGE_TEXT], parked[BRIDGE_TEXT];
    const json_t *route;
    size_t i;

    guard_bridge(guard, network, bridge);
    identity_parked_bridge(guard->site->cluster_name, network->name, parked);
    json_array_foreach (routes, i, route) {
        const char *device = json_string_value(json_object_get(route, "dev"));
        const char *to = json_string_value(json_object_get(route, "dst"));
        struct subnet theirs;

        if (!device || !to || !guard_is_main(route) || !subnet_parse(to, &theirs) ||
            strcmp(device, bridge) == 0 || strcmp(device, parked) == 0 ||
            is_of_network(guard, device) || !subnet_overlaps(mine, &theirs))
            continue;
        report(guard, network, mine, &theirs, device);
        return;
    }
}

/* Of a bridge that leads nowhere; with an uplink, its LAN is the host's too. */
static size_t own_subnets(const struct network *network, struct subnet ret[2])
{
    size_t count = 0;

    if (network->address.prefix)
        ret[count++] = (struct subnet){.four = network->address, .key = "address"};
    if (network->address6 && subnet_parse(network->address6, &ret[count]))
        ret[count++].key = "address6";
    return count;
}

void guard_route(const struct guard *guard)
{
    list_each(struct network, guard->site->cluster->networks, network)
    {
        struct subnet mine[2];
        size_t count = network_mode(network)->serves ? subnet_of(network, mine)
                       : network_is_own_bridge(network) && !network->uplink
                           ? own_subnets(network, mine)
                           : 0;

        for (size_t i = 0; i < count; i++)
            check_routes(guard, network, &mine[i],
                         mine[i].six ? guard->links->routes6 : guard->links->routes4);
    }
}
