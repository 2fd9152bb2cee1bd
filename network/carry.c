/* SPDX-License-Identifier: Apache-2.0 */
#include "network/carry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/shell.h"
#include "network/carry_script.h"
#include "network/replug.h"

/* A subnet's route is split where that can be done. */
#define LONGEST_SPLIT 30
#define MOST_SUBNETS 16

static const struct shell_options as_root = {.root = true};

enum ability {
    ABILITY_NONE,   /* no commands as root there */
    ABILITY_RENAME, /* of a device that is down */
    ABILITY_UP,     /* and of one that is up */
};

static enum ability ask(const struct network_object *o)
{
    auto_shell_result struct shell_result result = {0};
    int major = 0, minor = 0;

    if (host_is_mock(o->host->host) ||
        shell_run(o->host->host, carry_script_ask, NULL, &as_root, &result, NULL) < 0 ||
        result.status != 0 || !result.output.data)
        return ABILITY_NONE;
    if (sscanf(result.output.data, "%d.%d", &major, &minor) == 2 &&
        (major > 6 || (major == 6 && minor >= 2)))
        return ABILITY_UP;
    return ABILITY_RENAME;
}

const char *carry_cost(const struct network_object *o)
{
    static const char *const notes[] = {
        [ABILITY_NONE] = "restarts the network, its guests are cut off for about a second",
        [ABILITY_RENAME] = "restarts the network, its guests are cut off for some milliseconds",
        [ABILITY_UP] = "restarts the network, no packet lost",
    };

    return network_has_guests(o) ? notes[ask(o)] : "restarts the network";
}

/* Words for the scripts, each freed by free_words(). */
struct words {
    char *items[4 + 4 * MOST_SUBNETS]; /* ends with NULL */
    size_t count;
};

static void free_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
}
#define auto_words __attribute__((cleanup(free_words)))

static void add_word(struct words *words, const char *text)
{
    words->items[words->count++] = xstrdup(text);
}

static void add_subnets(struct words *words, const struct network_view *running)
{
    for (size_t i = 0; i < running->subnet_count && i < MOST_SUBNETS - 1; i++) {
        struct cidr subnet = running->subnets[i];
        struct cidr whole = {cidr_network(subnet), subnet.prefix};
        struct cidr low = {whole.address, whole.prefix + 1};
        struct cidr high = {whole.address | 1u << (31 - whole.prefix), whole.prefix + 1};
        char text[CIDR_TEXT], address[IP4_TEXT];

        if (subnet.prefix > LONGEST_SPLIT)
            continue;
        add_word(words, cidr_format(whole, text));
        add_word(words, cidr_format(low, text));
        add_word(words, cidr_format(high, text));
        add_word(words, ip4_format(subnet.address, address));
    }
}

static bool park(const struct network_object *o, const struct network_view *running)
{
    auto_free char *alias =
        xasprintf("virtopo:%s/%s parked", o->site->cluster_name, o->network->name);
    auto_shell_result struct shell_result result = {0};
    auto_words struct words words = {0};

    if (host_is_mock(o->host->host))
        return false;
    add_word(&words, running->bridge ? running->bridge : o->bridge);
    add_word(&words, o->parked);
    add_word(&words, alias);
    add_subnets(&words, running);
    return shell_run(o->host->host, carry_script_park, (const char *const *)words.items,
                     &as_root, &result, NULL) == 0 &&
           result.output.data && strstr(result.output.data, "parked\n");
}

void carry_shield(const struct network_object *o, bool on)
{
    auto_free char *comment =
        xasprintf("virtopo:%s/%s:carry", o->site->cluster_name, o->network->name);
    const char *const words[] = {on ? "on" : "off", comment, o->bridge, o->parked, NULL};
    auto_shell_result struct shell_result result = {0};

    if (!host_is_mock(o->host->host) && network_has_guests(o) &&
        shell_run(o->host->host, carry_script_shield, words, &as_root, &result, NULL) < 0)
        return; /* as it was before: a packet may be lost */
}

static int take_back(const struct network_object *o, const struct network_view *running,
                     struct error **err)
{
    auto_words struct words words = {0};

    add_word(&words, o->bridge);
    add_word(&words, o->parked);
    add_word(&words, o->name);
    add_subnets(&words, running);
    return shell_check(o->host->host, "putting the guests' bridge back into its network",
                       carry_script_return, (const char *const *)words.items, &as_root, NULL,
                       err);
}

/* libvirt starts a dnsmasq that it finds dead when an entry comes or goes: one comes, and goes.
 */
int carry_revive_server(const struct network_object *o, virNetworkPtr network,
                        struct error **err)
{
    unsigned section = o->network->dns.enabled ? VIR_NETWORK_SECTION_DNS_HOST
                                               : VIR_NETWORK_SECTION_IP_DHCP_HOST;
    char address[IP4_TEXT];
    auto_free char *xml =
        o->network->dns.enabled
            ? xasprintf("<host ip='%s'><hostname>restart.virtopo.invalid</hostname></host>",
                        ip4_format(o->network->gateway, address))
            : xasprintf("<host mac='%s' ip='%s'/>", o->mac,
                        ip4_format(o->network->gateway, address));

    if (!o->network->dns.enabled && !o->network->dhcp.enabled)
        return 0;
    if (virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, section, -1, xml,
                         VIR_NETWORK_UPDATE_AFFECT_LIVE) < 0 ||
        virNetworkUpdate(network, VIR_NETWORK_UPDATE_COMMAND_DELETE, section, -1, xml,
                         VIR_NETWORK_UPDATE_AFFECT_LIVE) < 0)
        return error_virt(err, "starting the DNS and DHCP server of network '%s'", o->name);
    return 0;
}

static int restart(const struct network_object *o, virConnectPtr connection,
                   virNetworkPtr network, const struct network_view *running,
                   struct error **err)
{
    bool parked = (network_has_guests(o) || o->work.parked) && park(o, running);

    if (virNetworkIsActive(network) == 1 && virNetworkDestroy(network) < 0 &&
        virt_last_code() != VIR_ERR_OPERATION_INVALID)
        return error_virt(err, "stopping network '%s'", o->name);
    if (network_start(o, network, err) < 0)
        return -1;
    if (!parked)
        return replug_guests(connection, &o->host->survey, o->name, o->bridge, err);
    if (take_back(o, running, err) < 0)
        return -1;
    return carry_revive_server(o, network, err);
}

int carry_restart(const struct network_object *o, virConnectPtr connection,
                  virNetworkPtr network, const struct network_view *running, struct error **err)
{
    int outcome;

    carry_shield(o, true);
    outcome = restart(o, connection, network, running, err);
    carry_shield(o, false);
    return outcome;
}
