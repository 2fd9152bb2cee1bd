/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the way of a bridge that is to be made: found before anything is. */
#include "network/own_bridge/own_bridge.h"

#include <string.h>

#include "host/shell.h"

struct search {
    const struct site *site;
    struct site_host *host;
    const struct network *network;
    const struct links *links;
    char *mark;
    struct diagnostics *d;
};

static struct diagnostic *at(const struct search *s, const char *key, const char *check,
                             const char *text)
{
    const struct document_node *value = document_get(s->network->source, key);

    return diagnostics_error(s->d, value ? value->position : s->network->source->position,
                             check, "%s on host '%s'", text, host_name(s->host->host));
}

static bool is_ours(const struct search *s, const struct link *link)
{
    return link->alias && strcmp(link->alias, s->mark) == 0;
}

/* "network 'prod' of cluster 'lab'" of a mark, or NULL for what bears none. */
static char *owner_of(const struct link *link)
{
    const char *name = link && link->alias && strncmp(link->alias, "virtopo:", 8) == 0
                           ? link->alias + 8
                           : NULL;
    const char *slash = name ? strchr(name, '/') : NULL;

    return slash ? xasprintf("network '%s' of cluster '%.*s'", slash + 1, (int)(slash - name),
                             name)
                 : NULL;
}

static void find_device(const struct search *s, const char *name, const char *key)
{
    const struct link *link = links_find(s->links, name);
    auto_free char *text = NULL, *owner = owner_of(link);

    if (!link || is_ours(s, link))
        return;
    text = owner ? xasprintf("device %s is there already: it is of %s", name, owner)
                 : xasprintf("device %s is there already, and is not virtopo's", name);
    diagnostic_hint(at(s, key, "network-bridge", text),
                    strcmp(key, "bridge") == 0
                        ? "give the network another 'bridge'; one that is there is used with "
                          "'mode: bridge' and 'bridge' alone"
                        : "remove it (ip link delete %s), or take another vlan",
                    name);
}

static void find_missing(const struct search *s)
{
    auto_free char *text = xasprintf("there is no device %s", s->network->uplink);
    auto_buffer struct buffer names = {0};

    for (size_t i = 0; i < s->links->count; i++) {
        const struct link *link = &s->links->items[i];

        if (!link->loopback && !link->master &&
            !(link->kind &&
              (strcmp(link->kind, "bridge") == 0 || strcmp(link->kind, "tun") == 0)))
            buffer_printf(&names, "%s%s", names.length ? ", " : "", link->name);
    }
    diagnostic_hint(at(s, "uplink", "uplink-missing", text), "it has: %s",
                    names.length ? names.data : "none that could be one");
}

static void find_taken(const struct search *s, const struct link *uplink)
{
    const struct link *master = links_find(s->links, uplink->master);
    auto_free char *owner = owner_of(master), *text = NULL;

    if (!master || is_ours(s, master))
        return;
    text = owner ? xasprintf("uplink %s is the one of %s", uplink->name, owner)
                 : xasprintf("uplink %s is a port of %s, which is not virtopo's", uplink->name,
                             uplink->master);
    diagnostic_hint(at(s, "uplink", "uplink-taken", text),
                    owner ? "take another device, or a 'vlan' of it"
                          : "use that bridge: 'bridge: %s' without 'uplink'",
                    uplink->master);
}

static void find_unfit(const struct search *s, const struct link *uplink)
{
    auto_free char *text = NULL;

    if (uplink->loopback)
        text = xasprintf("uplink %s is the loopback device", uplink->name);
    else if (uplink->kind && strcmp(uplink->kind, "bridge") == 0)
        text = xasprintf("uplink %s is a bridge itself", uplink->name);
    if (text)
        diagnostic_hint(at(s, "uplink", "uplink-unfit", text),
                        "name the device that leads outside: `ip link` shows what there is");
}

/* VLANs leave the device's own addresses where they are. */
static void find_unmovable(const struct search *s)
{
    auto_before struct bridge_before before = {0};
    auto_error struct error *reason = NULL;
    auto_free char *rules = bridge_before_rules(s->links, s->network->uplink);
    const struct document_node *value = document_get(s->network->source, "uplink");

    if (bridge_before_read(s->links, s->network->uplink, true, &before, &reason) < 0)
        diagnostic_hint(at(s, "uplink", "uplink-routes", reason->message), "%s",
                        reason->hint ? reason->hint : "ip route");
    if (rules)
        diagnostic_hint(
            diagnostics_warning(s->d, value->position, "uplink-rules",
                                "policy rules of host '%s' name %s, and do not follow it into "
                                "the bridge: %s",
                                host_name(s->host->host), s->network->uplink, rules),
            "add the same for the bridge: ip rule");
}

/* Rules of the firewall that name the device, a line each: those of iptables, or of nft where
 * that has none. */
static const char firewall_rules[] =
    "r=$({ iptables-save; ip6tables-save; } 2>/dev/null | grep -wE -- \"-[io] $1\")\n"
    "[ -n \"$r\" ] || r=$(nft list ruleset 2>/dev/null | grep -F -- \"\\\"$1\\\"\" | sed "
    "'s/^[[:space:]]*//')\n"
    "[ -z \"$r\" ] || printf '%s\\n' \"$r\"\n"
    "true\n";

static void find_firewall(const struct search *s)
{
    const char *const args[] = {s->network->uplink, NULL};
    const struct shell_options options = {.root = true};
    const struct document_node *value = document_get(s->network->source, "uplink");
    auto_buffer struct buffer output = {0};
    size_t count = 0;

    /* what cannot be looked at is not known to be there */
    if (shell_check(s->host->host, "looking for firewall rules", firewall_rules, args, &options,
                    &output, NULL) < 0 ||
        !output.length)
        return;
    for (const char *at = output.data; (at = strchr(at, '\n')); at++)
        count++;
    output.data[strcspn(output.data, "\n")] = '\0';
    diagnostic_hint(
        diagnostics_warning(s->d, value->position, "uplink-firewall",
                            "%zu rule%s of host '%s' name%s %s, and would match nothing once "
                            "its addresses are on the bridge: %s%s",
                            count, count == 1 ? "" : "s", host_name(s->host->host),
                            count == 1 ? "s" : "", s->network->uplink, output.data,
                            count == 1 ? "" : " …"),
        "what they refuse would be open: add the same for the bridge first");
}

/* Who else sets up the device. Prints a line for each. */
static const char managers[] =
    "index=$(cat \"/sys/class/net/$1/ifindex\") || exit 0\n"
    "grep -qs '^ADMIN_STATE=\\(configured\\|configuring\\)' "
    "\"/run/systemd/netif/links/$index\" && echo systemd-networkd\n"
    "grep -qs '^managed=true' \"/run/NetworkManager/devices/$index\" && echo NetworkManager\n"
    "for p in $(grep -lsaE 'dhclient|udhcpc|dhcpcd' /proc/[0-9]*/cmdline); do\n"
    "p=${p%/cmdline}\n"
    "[ \"$(readlink \"$p/ns/net\")\" = \"$(readlink /proc/self/ns/net)\" ] || continue\n"
    "case \" $(tr '\\0' ' ' <\"$p/cmdline\") \" in\n"
    "*grep*) ;;\n"
    "*\" $1 \"*|*\" -i$1 \"*) echo \"the DHCP client of process ${p#/proc/}\" ;;\n"
    "esac\ndone 2>/dev/null\ntrue\n";

static void find_manager(const struct search *s)
{
    const char *const args[] = {s->network->uplink, NULL};
    auto_buffer struct buffer output = {0};
    const struct document_node *value;

    if (shell_check(s->host->host, "looking for who manages the uplink", managers, args, NULL,
                    &output, NULL) < 0 ||
        !output.length)
        return;
    output.data[strcspn(output.data, "\n")] = '\0';
    value = document_get(s->network->source, "uplink");
    diagnostic_hint(diagnostics_error(s->d, value->position, "uplink-managed",
                                      "uplink %s on host '%s' is managed by %s, which would "
                                      "fight for its addresses",
                                      s->network->uplink, host_name(s->host->host),
                                      output.data),
                    strcmp(output.data, "NetworkManager") == 0
                        ? "let it go for now: nmcli device set %s managed no"
                    : strcmp(output.data, "systemd-networkd") == 0
                        ? "let it go: a file in /run/systemd/network with [Match] Name=%s and "
                          "[Link] Unmanaged=yes, then networkctl reload"
                        : "stop it and give %s a static address, or give the bridge one: "
                          "'address'",
                    s->network->uplink);
}

static void find_uplink(const struct search *s)
{
    const struct link *uplink = links_find(s->links, s->network->uplink);
    struct bridge_script script;
    struct bridge_names names;
    struct network_object o = {.site = s->site, .host = s->host, .network = s->network};

    if (!uplink) {
        find_missing(s);
        return;
    }
    find_unfit(s, uplink);
    if (s->network->vlan.tag) {
        identity_network_uuid(s->site->cluster_name, s->network->name, o.uuid);
        own_bridge_script(&o, NULL, &script, &names);
        find_device(s, script.vlan_device, "vlan");
        return;
    }
    find_taken(s, uplink);
    if (uplink->master || s->d->errors)
        return;
    find_unmovable(s);
    find_firewall(s);
    find_manager(s);
}

void own_bridge_find(const struct site *site, struct site_host *host,
                     const struct network *network, struct diagnostics *d)
{
    struct search s = {.site = site, .host = host, .network = network, .d = d};
    auto_free char *mark = bridge_mark(site->cluster_name, network->name);
    auto_error struct error *reason = NULL;
    char bridge[BRIDGE_TEXT];

    s.mark = mark;
    if (host_is_mock(host->host))
        return;
    if (site_links(host, &s.links, &reason) < 0) {
        auto_free char *text = error_text(reason);

        diagnostic_hint(
            diagnostics_error(d, network->source->position, "host-shell", "%s", text), "%s",
            reason->hint ? reason->hint : "bridges are made by commands");
        return;
    }
    if (network->bridge)
        snprintf(bridge, sizeof bridge, "%s", network->bridge);
    else
        identity_bridge(site->cluster_name, network->name, bridge);
    find_device(&s, bridge, "bridge");
    if (network->uplink)
        find_uplink(&s);
}
