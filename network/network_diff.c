/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_diff.h"

#include <stdlib.h>
#include <string.h>

#include "network/network.h"
#include "network/network_entries.h"
#include "network/own_bridge/own_bridge.h"
#include "network/replug.h"
#include "util/buffer.h"

static const char *on_off(bool on)
{
    return on ? "on" : "off";
}

static void compare_text(struct resource *r, const char *what, const char *from, const char *to)
{
    if (strcmp(from ? from : "none", to ? to : "none") == 0)
        return;
    change_add(&r->changes, CHANGE_RECREATE, what, from, to, NULL);
    r->replace = true;
}

static void diff_ip6(struct resource *r, const struct network_object *o,
                     const struct network_view *view)
{
    struct cidr6 wanted = {o->network->gateway6, o->network->subnet6.prefix};
    char from[CIDR6_TEXT], to[CIDR6_TEXT];
    bool nat = view->forward_mode && strcmp(view->forward_mode, "nat") == 0;

    compare_text(r, "host address of IPv6",
                 view->subnet6.prefix ? cidr6_format(view->subnet6, from) : NULL,
                 wanted.prefix ? cidr6_format(wanted, to) : NULL);
    if (nat && wanted.prefix && view->subnet6.prefix)
        compare_text(r, "nat of IPv6", on_off(view->nat6), "on");
}

static char *join(char *const *texts, size_t count)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < count; i++)
        buffer_printf(&out, "%s%s", i ? ", " : "", texts[i]);
    return count ? buffer_take(&out) : NULL;
}

/* What dnsmasq reads when it starts. */
static void diff_server(struct resource *r, const struct network_object *o,
                        const struct network_view *view)
{
    const struct string_list *forwarders = &o->network->dns.forwarders;
    size_t count;
    auto_free char **options = network_options(o->network, o->site->cluster->domain, &count);
    auto_free char *from = join(view->forwarders, view->forwarder_count);
    auto_free char *to = join((char *const *)forwarders->items, forwarders->count);
    auto_free char *options_from = join(view->options, view->option_count);
    auto_free char *options_to = join(options, count);

    compare_text(r, "dns.forwarders", from, to);
    compare_text(r, "dhcp options", options_from, options_to);
    for (size_t i = 0; i < count; i++)
        free(options[i]);
}

/* What libvirt cannot change while the network runs. */
static void diff_shape(struct resource *r, const struct network_object *o,
                       const struct network_view *view)
{
    struct cidr wanted = {o->network->gateway, o->network->subnet.prefix};
    char from[24], to[24]; /* more than CIDR_TEXT, and any number */

    compare_text(r, "mode", mode_of_forward(view->forward_mode),
                 network_mode_words[o->network->mode]);
    compare_text(r, "forward_dev", view->forward_dev, o->network->forward_dev);
    compare_text(r, "bridge", view->bridge, o->bridge);
    compare_text(r, "host address",
                 view->subnet.prefix ? cidr_format(view->subnet, from) : NULL,
                 cidr_format(wanted, to));
    snprintf(from, sizeof from, "%lld", view->mtu);
    snprintf(to, sizeof to, "%lld", o->network->mtu);
    diff_ip6(r, o, view);
    compare_text(r, "mtu", view->mtu ? from : NULL, o->network->mtu ? to : NULL);
    compare_text(r, "stp", on_off(view->stp), on_off(o->network->stp));
    snprintf(from, sizeof from, "%llds", view->delay);
    /* libvirt counts it in seconds */
    snprintf(to, sizeof to, "%llus",
             (unsigned long long)(o->network->forward_delay + 999) / 1000);
    compare_text(r, "forward_delay", from, to);
    compare_text(r, "dns", on_off(!view->dns_off), on_off(o->network->dns.enabled));
    compare_text(r, "domain", view->domain, o->site->cluster->domain);
}

static void range_text(bool given, uint32_t first, uint32_t last, char out[2 * IP4_TEXT + 4])
{
    char a[IP4_TEXT], b[IP4_TEXT];

    snprintf(out, 2 * IP4_TEXT + 4, given ? "%s - %s" : "none", ip4_format(first, a),
             ip4_format(last, b));
}

/* Dynamic ranges are compared by recreate: adding one to a network that had none restarts
 * dnsmasq with other options, which libvirt's update does not do reliably. */
static void diff_range(struct resource *r, const struct network_object *o,
                       const struct network_view *view)
{
    const struct dhcp_setting *dhcp = &o->network->dhcp;
    char from[2 * IP4_TEXT + 4], to[2 * IP4_TEXT + 4];

    range_text(view->has_range, view->range_first, view->range_last, from);
    range_text(dhcp->has_range, dhcp->first, dhcp->last, to);
    compare_text(r, "dhcp", from, to);
}

static void diff_range6(struct resource *r, const struct network_object *o,
                        const struct network_view *view)
{
    const struct dhcp6_setting *dhcp = &o->network->dhcp6;
    char first[IP6_TEXT], last[IP6_TEXT];
    auto_free char *from = xasprintf("%s - %s", ip6_format(view->range6_first, first),
                                     ip6_format(view->range6_last, last));
    auto_free char *to =
        xasprintf("%s - %s", ip6_format(dhcp->first, first), ip6_format(dhcp->last, last));

    compare_text(r, "dhcp6", view->has_range6 ? from : NULL, dhcp->has_range ? to : NULL);
}

int network_diff(void *context, struct resource *r, struct error **err)
{
    const struct network_object *o = r->data;
    const struct survey_network *found = r->state;

    (void)context;
    if (network_is_own_bridge(o->network)) {
        if (own_bridge_diff(r, err) < 0)
            return -1;
    } else {
        diff_shape(r, o, &found->view);
        diff_range(r, o, &found->view);
        diff_range6(r, o, &found->view);
        diff_server(r, o, &found->view);
    }
    if (r->replace)
        return 0;
    if (!found->active)
        change_add(&r->changes, CHANGE_LIVE, "state", "stopped", "running", NULL);
    if (!found->persistent)
        change_add(&r->changes, CHANGE_LIVE, "definition", NULL, "persistent",
                   "changed outside of virtopo");
    if (found->autostart != o->network->autostart)
        change_add(&r->changes, CHANGE_LIVE, "autostart", on_off(found->autostart),
                   on_off(o->network->autostart), NULL);
    if (network_mode(o->network)->serves)
        network_entries_show(r, o, &found->view);
    return 0;
}

/* One that somebody undefined runs on, and would be gone with the next boot of the host. */
static int define_again(virConnectPtr connection, const struct resource *r, struct error **err)
{
    auto_free char *xml = NULL;
    auto_network virNetworkPtr network = NULL;

    if (network_render(r, &xml, err) < 0)
        return -1;
    network = virNetworkDefineXML(connection, xml);
    return network ? 0 : error_virt(err, "defining network '%s'", r->name);
}

int network_update(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct network_object *o = r->data;
    const struct survey_network *found = r->state;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_network virNetworkPtr network = virNetworkLookupByUUIDString(call.connection, o->uuid);

    (void)context;
    if (network_is_own_bridge(o->network))
        return own_bridge_apply(r, err);
    if (!network)
        return error_virt(err, "looking for network '%s'", o->name);
    if (!found->persistent && define_again(call.connection, r, err) < 0)
        return -1;
    if (network_entries_apply(network, o, &found->view, task, err) < 0)
        return -1;
    if (network_start(o, network, err) < 0)
        return -1;
    if (!found->active &&
        replug_guests(call.connection, &o->host->survey, o->name, o->bridge, err) < 0)
        return -1;
    if (found->autostart != o->network->autostart &&
        virNetworkSetAutostart(network, o->network->autostart) < 0)
        return error_virt(err, "setting autostart of network '%s'", o->name);
    return 0;
}
