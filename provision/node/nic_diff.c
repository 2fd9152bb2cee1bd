/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/nic_diff.h"

#include <string.h>

#include "network/bridge.h"
#include "provision/node/domain_diff.h"

/* The libvirt network or, without one, the bridge or device. */
static const char *plugged_into(const struct domain_view_nic *have)
{
    if (have->is_user)
        return "user";
    return have->network ? have->network : have->bridge ? have->bridge : have->dev;
}

static enum network_plug plug_of(const struct domain_view_nic *have)
{
    if (have->is_user)
        return PLUG_USER;
    if (have->network)
        return PLUG_NETWORK;
    if (have->bridge)
        return have->port_id ? PLUG_OVS : PLUG_BRIDGE;
    return PLUG_DIRECT;
}

static bool is_same(const struct machine *m, const struct domain_view_nic *have,
                    const struct nic *nic)
{
    auto_free char *name = machine_network(m, nic);

    return memcmp(&have->mac, &nic->mac, sizeof nic->mac) == 0 && plugged_into(have) &&
           plug_of(have) == network_mode(nic->net)->plug &&
           strcmp(plugged_into(have), name) == 0;
}

const struct domain_view_nic *
nic_diff_find(const struct machine *m, const struct domain_view *view, const struct nic *nic)
{
    for (size_t i = 0; i < view->nic_count; i++) {
        if (is_same(m, &view->nics[i], nic))
            return &view->nics[i];
    }
    return NULL;
}

const struct nic *nic_diff_wanted(const struct machine *m, const struct domain_view_nic *have)
{
    list_each(struct nic, m->node->nics, nic)
    {
        if (is_same(m, have, nic))
            return nic;
    }
    return NULL;
}

static const struct domain_view_nic *with_mac(const struct domain_view *view, struct mac mac)
{
    for (size_t i = 0; i < view->nic_count; i++) {
        if (memcmp(&view->nics[i].mac, &mac, sizeof mac) == 0)
            return &view->nics[i];
    }
    return NULL;
}

/* What libvirt moves from one to the other under a running guest; but the largest packet is for
 * good. */
static bool is_movable(const struct domain_view_nic *have, const struct nic *nic)
{
    enum network_plug from = plug_of(have), to = network_mode(nic->net)->plug;

    return (from == PLUG_NETWORK || from == PLUG_BRIDGE) &&
           (to == PLUG_NETWORK || to == PLUG_BRIDGE) &&
           have->mtu == (nic->mtu ? nic->mtu : nic->net->mtu);
}

const struct nic *nic_diff_moved(const struct machine *m, const struct domain_view_nic *have)
{
    list_each(struct nic, m->node->nics, nic)
    {
        if (memcmp(&have->mac, &nic->mac, sizeof nic->mac) == 0 && !is_same(m, have, nic) &&
            is_movable(have, nic))
            return nic;
    }
    return NULL;
}

/* QEMU's conventional PCI cards have no slot in a machine that runs, and ports are forwarded
 * from its start on. */
static bool can_plug(const struct nic *nic)
{
    return nic->model != NIC_E1000 && nic->model != NIC_RTL8139 && !nic->ssh_port &&
           nic->forwards.count == 0;
}

/* A NIC of another MAC in the same network: the guest knows its set-up by the MAC. */
static bool is_exchanged(const struct machine *m, const struct domain_view *view,
                         const struct nic *nic)
{
    auto_free char *name = machine_network(m, nic);

    for (size_t i = 0; i < view->nic_count; i++) {
        const char *network = plugged_into(&view->nics[i]);

        if (network && strcmp(network, name) == 0 && !nic_diff_wanted(m, &view->nics[i]))
            return true;
    }
    return false;
}

/* True when nothing but new ones at the end, and some that go, make the difference. */
static bool is_plugging(const struct machine *m, const struct domain_view *view)
{
    const struct domain_view_nic *last = NULL;
    bool is_end = false;

    list_each(struct nic, m->node->nics, nic)
    {
        const struct domain_view_nic *have = with_mac(view, nic->mac);
        bool stays = have && (is_same(m, have, nic) || nic_diff_moved(m, have) == nic);

        if (have && (is_end || have < last))
            return false;
        if (!stays && (!can_plug(nic) || (!have && is_exchanged(m, view, nic))))
            return false;
        is_end = is_end || !have;
        last = have ? have : last;
    }
    return true;
}

static bool wants_mac(const struct machine *m, struct mac mac)
{
    list_each(struct nic, m->node->nics, nic)
    {
        if (memcmp(&nic->mac, &mac, sizeof mac) == 0)
            return true;
    }
    return false;
}

static char *text_of(const char *network, struct mac mac)
{
    char text[MAC_TEXT];

    return xasprintf("%s %s", network ? network : "?", mac_format(mac, text));
}

static void add(struct resource *r, enum change_class class, size_t number, const char *have,
                const char *want, const char *note)
{
    auto_free char *what = xasprintf("network %zu", number);

    change_add(&r->changes, class, what, have, want, note);
}

/* One that is on another network, with the MAC that it has. */
static void diff_move(struct resource *r, const struct machine *m, size_t i,
                      const struct domain_view_nic *have, const char *note)
{
    const struct nic *nic = (const struct nic *)m->node->nics.items + i;
    auto_free char *to = machine_network(m, nic);
    bool again = m->found->active && nic_diff_moved(m, have) != nic;

    add(r, CHANGE_LIVE, i + 1, plugged_into(have), to,
        note    ? note
        : again ? "unplugged, and plugged in there"
                : NULL);
}

static void diff_plugging(struct resource *r, const struct machine *m,
                          const struct domain_view *view, const char *note)
{
    const struct nic *nics = m->node->nics.items;

    for (size_t i = 0; i < m->node->nics.count; i++) {
        auto_free char *name = machine_network(m, &nics[i]);
        auto_free char *want = text_of(name, nics[i].mac);

        const struct domain_view_nic *have = with_mac(view, nics[i].mac);

        if (have && !is_same(m, have, &nics[i]))
            diff_move(r, m, i, have, note);
        else if (!have)
            add(r, CHANGE_LIVE, i + 1, NULL, want,
                note               ? note
                : m->found->active ? NIC_DIFF_PLUGGED
                                   : NULL);
    }
    for (size_t i = 0; i < view->nic_count; i++) {
        auto_free char *have = text_of(plugged_into(&view->nics[i]), view->nics[i].mac);

        if (!wants_mac(m, view->nics[i].mac))
            add(r, CHANGE_LIVE, i + 1, have, NULL, note);
    }
}

static void diff_places(struct resource *r, const struct machine *m,
                        const struct domain_view *view, const char *note)
{
    const struct nic *nics = m->node->nics.items;
    size_t most = view->nic_count > m->node->nics.count ? view->nic_count : m->node->nics.count;

    for (size_t i = 0; i < most; i++) {
        auto_free char *name = i < m->node->nics.count ? machine_network(m, &nics[i]) : NULL;
        auto_free char *want = name ? text_of(name, nics[i].mac) : NULL;
        auto_free char *have = i < view->nic_count
                                   ? text_of(plugged_into(&view->nics[i]), view->nics[i].mac)
                                   : NULL;

        if (!want || !have || strcmp(want, have) != 0)
            add(r, CHANGE_RESTART, i + 1, have, want, note);
    }
}

static void diff_view(struct resource *r, const struct machine *m,
                      const struct domain_view *view, const char *note)
{
    if (is_plugging(m, view))
        diff_plugging(r, m, view, note);
    else
        diff_places(r, m, view, note);
}

bool nic_diff_is_off(const struct machine *m, const struct domain_view_nic *have)
{
    const struct nic *nic = nic_diff_wanted(m, have);

    /* a network of ours sees to its own ports */
    return nic && network_is_foreign(nic->net) && plug_of(have) == PLUG_BRIDGE &&
           have->target && host_is_local(m->host->host) && !host_is_mock(m->host->host) &&
           bridge_is_there(have->bridge) && !bridge_has_port(have->bridge, have->target);
}

/* Somebody took the tap of a running node off its bridge. */
static void diff_ports(struct resource *r, const struct machine *m)
{
    const struct domain_view *live = &m->found->live;

    for (size_t i = 0; i < live->nic_count; i++) {
        auto_free char *what = xasprintf("network %zu plug", i + 1);
        auto_free char *from = NULL;

        if (!nic_diff_is_off(m, &live->nics[i]))
            continue;
        from = xasprintf("out of %s", live->nics[i].bridge);
        change_add(&r->changes, CHANGE_LIVE, what, from, live->nics[i].bridge, DIFF_OUTSIDE);
    }
}

void nic_diff(struct resource *r, const struct machine *m)
{
    size_t before = r->changes.count;

    diff_view(r, m, &m->found->config, NULL);
    if (m->found->has_live && r->changes.count == before)
        diff_view(r, m, &m->found->live, DIFF_WAITS);
    if (m->found->has_live)
        diff_ports(r, m);
}
