/* SPDX-License-Identifier: Apache-2.0 */
#include "network/presence.h"

#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "host/links.h"
#include "host/shell.h"
#include "network/bridge.h"

struct search {
    struct site_host *host;
    const struct links *links; /* of a remote host; NULL: this machine's are looked at */
    const struct network *network;
    struct diagnostics *d;
};

static struct diagnostic *report(const struct search *s, const char *key, const char *message)
{
    const struct document_node *value = document_get(s->network->source, key);

    return diagnostics_error(s->d, value ? value->position : s->network->source->position,
                             "network-missing", "%s", message);
}

static void find_external(const struct search *s)
{
    const char *name = s->network->external, *host = host_name(s->host->host);
    const struct survey_network *found = survey_network_named(&s->host->survey, name);
    auto_free char *none = xasprintf("there is no network '%s' on host '%s'", name, host);
    auto_free char *idle = xasprintf("network '%s' on host '%s' is not running", name, host);

    if (!found)
        diagnostic_hint(report(s, "external", none),
                        "`virsh net-list --all` shows what there is");
    else if (!found->active)
        diagnostic_hint(report(s, "external", idle), "start it: virsh net-start %s", name);
}

static bool is_bridge(const struct search *s, const char *name)
{
    const struct link *link = s->links ? links_find(s->links, name) : NULL;

    if (!s->links)
        return bridge_is_there(name);
    return link && link->kind && strcmp(link->kind, "bridge") == 0;
}

static void find_bridge(const struct search *s)
{
    auto_free char *message = xasprintf("there is no bridge %s on host '%s'",
                                        s->network->bridge, host_name(s->host->host));

    if (!is_bridge(s, s->network->bridge))
        diagnostic_hint(report(s, "bridge", message),
                        "mode bridge uses one that is there: `ip link show type bridge`; mode "
                        "nat makes a network");
}

static void find_device(const struct search *s, const char *key, const char *device)
{
    auto_free char *message =
        xasprintf("there is no device %s on host '%s'", device, host_name(s->host->host));

    if (device && (s->links ? !links_find(s->links, device) : if_nametoindex(device) == 0))
        diagnostic_hint(report(s, key, message), "`ip link` shows what there is");
}

static bool is_port(const struct search *s, const char *device)
{
    const struct link *link = s->links ? links_find(s->links, device) : NULL;
    auto_free char *path = xasprintf("/sys/class/net/%s/brport", device);

    if (!s->links)
        return access(path, F_OK) == 0;
    return link && link->master && is_bridge(s, link->master);
}

/* The kernel lets a device be in one bridge, or have macvtaps, and not both. */
static void find_port(const struct search *s)
{
    auto_free char *message = xasprintf("device %s on host '%s' is a port of a bridge",
                                        s->network->dev, host_name(s->host->host));

    if (is_port(s, s->network->dev))
        diagnostic_hint(report(s, "dev", message),
                        "plug the nodes into that bridge: mode bridge");
}

#define NO_OVS 99

/* Who may not ask Open vSwitch may plug guests into it all the same, by way of libvirt. */
static void find_ovs(const struct search *s)
{
    static const char script[] = "command -v ovs-vsctl >/dev/null || exit 99\n"
                                 "exec ovs-vsctl --timeout=5 br-exists \"$1\"\n";
    const char *const args[] = {s->network->bridge, NULL};
    const char *host = host_name(s->host->host);
    auto_shell_result struct shell_result result = {0};
    auto_free char *none = xasprintf("there is no bridge %s of Open vSwitch on host '%s'",
                                     s->network->bridge, host);
    auto_free char *unknown = xasprintf("there is no Open vSwitch on host '%s'", host);
    auto_free char *silent = xasprintf("Open vSwitch on host '%s' does not answer", host);
    const char *said;

    if (shell_run(s->host->host, script, args, NULL, &result, NULL) < 0 || result.status == 0)
        return;
    said = result.output.data ? result.output.data : "";
    if (result.status == NO_OVS)
        diagnostic_hint(report(s, "mode", unknown),
                        "install it (openvswitch-switch), or take mode bridge");
    else if (!*said) /* it says nothing when it has been told that there is none */
        diagnostic_hint(report(s, "bridge", none),
                        "`ovs-vsctl list-br` shows those that there are; make one: ovs-vsctl "
                        "add-br %s",
                        s->network->bridge);
    else if (!strstr(said, "Permission denied"))
        diagnostic_hint(report(s, "mode", silent), "see that its services run: ovs-vsctl show");
}

/* Whether it names anything that the host's links must have. */
static bool names_links(const struct network *network)
{
    return network->mode == NETWORK_OVS || network->dev || network->forward_dev ||
           (network->mode == NETWORK_BRIDGE && network_is_foreign(network));
}

void presence_find(struct site_host *host, const struct network *network, struct diagnostics *d)
{
    struct search s = {.host = host, .network = network, .d = d};

    if (network->mode == NETWORK_EXTERNAL)
        find_external(&s);
    /* a host that takes no commands is not asked */
    if (!names_links(network) || host_is_mock(host->host) ||
        (!host_is_local(host->host) && site_links(host, &s.links, NULL) < 0))
        return;
    if (network->mode == NETWORK_BRIDGE && network_is_foreign(network))
        find_bridge(&s);
    if (network->mode == NETWORK_OVS)
        find_ovs(&s);
    find_device(&s, "dev", network->dev);
    find_device(&s, "forward_dev", network->forward_dev);
    if (network->dev)
        find_port(&s);
}
