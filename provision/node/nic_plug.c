/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/nic_plug.h"

#include <string.h>

#include "host/shell.h"
#include "network/replug.h"
#include "provision/node/domain_render.h"
#include "provision/node/nic_diff.h"

static const struct domain_nic *part_of(const struct domain_parts *parts, struct mac mac)
{
    char text[MAC_TEXT];

    mac_format(mac, text);
    for (size_t i = 0; i < parts->nic_count; i++) {
        if (strcmp(parts->nics[i].mac, text) == 0)
            return &parts->nics[i];
    }
    return NULL;
}

/* One that is plugged in, or that has been moved there. */
static bool is_there(const struct machine *m, const struct nic *nic)
{
    const struct domain_view *live = &m->found->live;

    for (size_t i = 0; i < live->nic_count; i++) {
        if (nic_diff_moved(m, &live->nics[i]) == nic)
            return true;
    }
    return nic_diff_find(m, live, nic) != NULL;
}

/* libvirt moves a tap only to another bridge than it thinks it is in. */
static int put_back(const struct machine *m, const struct domain_view_nic *have,
                    struct error **err)
{
    const char *const args[] = {have->target, have->bridge, NULL};
    const struct shell_options options = {.root = true};
    auto_free char *what =
        xasprintf("plugging node '%s' into bridge %s", m->name, have->bridge);

    return shell_check(m->host->host, what, "ip link set dev \"$1\" master \"$2\" up\n", args,
                       &options, NULL, err);
}

static int move(const struct machine *m, virDomainPtr domain, struct error **err)
{
    const struct domain_view *live = &m->found->live;

    for (size_t i = 0; i < live->nic_count; i++) {
        const struct nic *nic = nic_diff_moved(m, &live->nics[i]);
        auto_free char *name = nic ? machine_network(m, nic) : NULL;
        bool is_network = nic && network_mode(nic->net)->plug == PLUG_NETWORK;

        if (nic && replug_nic(domain, nic->mac, is_network, name, false, err) < 0)
            return -1;
        if (nic_diff_is_off(m, &live->nics[i]) && put_back(m, &live->nics[i], err) < 0)
            return -1;
    }
    return 0;
}

static int attach(const struct machine *m, virDomainPtr domain,
                  const struct domain_parts *parts, struct error **err)
{
    list_each(struct nic, m->node->nics, nic)
    {
        const struct domain_nic *part = part_of(parts, nic->mac);
        auto_free char *xml = NULL;

        if (!part || is_there(m, nic))
            continue;
        if (domain_nic_xml(part, &xml, err) < 0)
            return -1;
        if (virDomainAttachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
            return error_virt(err, "plugging node '%s' into network '%s'", m->name,
                              nic->network);
    }
    return 0;
}

/* The tag has the MAC too: it is looked for among the devices. */
static bool is_plugged(virDomainPtr domain, struct mac mac)
{
    auto_free char *xml = virDomainGetXMLDesc(domain, 0);
    struct domain_view view = {0};
    bool found = false;

    if (!xml || domain_view_parse(xml, &view, NULL) < 0)
        return false;
    for (size_t i = 0; i < view.nic_count; i++)
        found = found || memcmp(&view.nics[i].mac, &mac, sizeof mac) == 0;
    domain_view_done(&view);
    return found;
}

/* The guest lets go in its own time, after libvirt's call. */
static int wait_gone(const struct machine *m, virDomainPtr domain, struct mac mac,
                     struct task *task, struct error **err)
{
    char text[MAC_TEXT];

    for (int i = 0; i < 300; i++) { /* 30 s */
        if (!is_plugged(domain, mac))
            return 0;
        if (task_wait(task, 100))
            break;
    }
    error_set(err, ERROR_TIMEOUT, "the guest of node '%s' does not let go of the NIC %s",
              m->name, mac_format(mac, text));
    return error_hint(err, "run `virtopo up` again, or restart the node");
}

static int detach(const struct machine *m, virDomainPtr domain, struct task *task,
                  struct error **err)
{
    const struct domain_view *live = &m->found->live;

    for (size_t i = 0; i < live->nic_count; i++) {
        struct domain_nic gone = {.network = live->nics[i].network,
                                  .bridge = live->nics[i].bridge,
                                  .dev = live->nics[i].dev,
                                  .is_user = live->nics[i].is_user};
        auto_free char *xml = NULL;

        bool is_ours = gone.network || gone.bridge || gone.dev || gone.is_user;

        if (!is_ours || nic_diff_wanted(m, &live->nics[i]) || nic_diff_moved(m, &live->nics[i]))
            continue;
        mac_format(live->nics[i].mac, gone.mac);
        if (domain_nic_xml(&gone, &xml, err) < 0)
            return -1;
        if (virDomainDetachDeviceFlags(domain, xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
            return error_virt(err, "unplugging the NIC %s of node '%s'", gone.mac, m->name);
        if (wait_gone(m, domain, live->nics[i].mac, task, err) < 0)
            return -1;
    }
    return 0;
}

int nic_plug(const struct machine *m, virDomainPtr domain, struct task *task,
             struct error **err)
{
    auto_parts struct domain_parts parts = {0};

    if (!m->found || !m->found->has_live)
        return 0;
    domain_parts_build(m, &parts);
    if (move(m, domain, err) < 0 || detach(m, domain, task, err) < 0)
        return -1;
    return attach(m, domain, &parts, err);
}
