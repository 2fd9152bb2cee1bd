/* SPDX-License-Identifier: Apache-2.0 */
#include "network/carry.h"
#include "network/kernel_drift.h"
#include "network/network.h"
#include "network/network_diff.h"
#include "network/network_entries.h"
#include "network/network_ranges.h"
#include "network/own_bridge/own_bridge.h"
#include "network/replug.h"
#include "templates/xmlreader.h"

/* A network that runs goes on as it is; this is what it starts as next. */
static int define(virConnectPtr connection, const struct network_object *o, const char *xml,
                  struct error **err)
{
    auto_network virNetworkPtr network = virNetworkDefineXML(connection, xml);

    return network ? 0 : error_virt(err, "defining network '%s'", o->name);
}

/* What libvirt changes while it runs. */
static int update_running(virNetworkPtr network, const struct network_object *o,
                          const struct survey_network *found, const char *xml, unsigned flags,
                          struct task *task, struct error **err)
{
    auto_xml xmlDocPtr want = NULL, have = NULL;

    if (flags == 0)
        return 0;
    if (o->work.ranges) {
        if (!(want = xmlreader_parse(xml, err)) ||
            !(have = xmlreader_parse(found->view.xml, err)) ||
            network_ranges_apply(network, xmlDocGetRootElement(have),
                                 xmlDocGetRootElement(want), flags, err) < 0)
            return -1;
    }
    return network_entries_apply(network, o, &found->view, flags, task, err);
}

static int change_running(virNetworkPtr network, const struct network_object *o,
                          const struct survey_network *found, const char *xml, unsigned flags,
                          struct task *task, struct error **err)
{
    bool changes = found->active && (o->work.ranges || network_entries_differ(o, &found->view));
    int outcome;

    if (changes)
        carry_shield(o, true);
    outcome = update_running(network, o, found, xml, flags, task, err);
    if (changes)
        carry_shield(o, false);
    return outcome;
}

static int update(virConnectPtr connection, virNetworkPtr network, struct resource *r,
                  struct task *task, struct error **err)
{
    const struct network_object *o = r->data;
    const struct survey_network *found = r->state;
    const struct network_work *work = &o->work;
    bool defines = work->define || work->restart || !found->persistent;
    unsigned flags = (found->active ? VIR_NETWORK_UPDATE_AFFECT_LIVE : 0) |
                     (defines ? 0 : VIR_NETWORK_UPDATE_AFFECT_CONFIG);
    auto_free char *xml = NULL;

    if (network_render(r, &xml, err) < 0)
        return -1;
    if (defines && define(connection, o, xml, err) < 0)
        return -1;
    if (work->restart || work->parked || work->no_bridge)
        return carry_restart(o, connection, network, &found->view, err);
    if (change_running(network, o, found, xml, flags, task, err) < 0)
        return -1;
    if (network_start(o, network, err) < 0)
        return -1;
    if (!found->active &&
        replug_guests(connection, &o->host->survey, o->name, o->bridge, err) < 0)
        return -1;
    return kernel_drift_mend(o, connection, network, &found->view, err);
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
    if (update(call.connection, network, r, task, err) < 0)
        return -1;
    site_forget_links(o->host);
    if (found->autostart != o->network->autostart &&
        virNetworkSetAutostart(network, o->network->autostart) < 0)
        return error_virt(err, "setting autostart of network '%s'", o->name);
    return 0;
}
