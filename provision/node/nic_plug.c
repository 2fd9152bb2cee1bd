/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/nic_plug.h"

#include <string.h>

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

static int attach(const struct machine *m, virDomainPtr domain,
                  const struct domain_parts *parts, struct error **err)
{
    list_each(struct nic, m->node->nics, nic)
    {
        const struct domain_nic *part = part_of(parts, nic->mac);
        auto_free char *xml = NULL;

        if (!part || nic_diff_find(m, &m->found->live, nic))
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
                                  .dev = live->nics[i].dev};
        auto_free char *xml = NULL;

        if ((!gone.network && !gone.bridge && !gone.dev) || nic_diff_wanted(m, &live->nics[i]))
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
    if (detach(m, domain, task, err) < 0)
        return -1;
    return attach(m, domain, &parts, err);
}
