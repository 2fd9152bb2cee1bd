/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

#include "util/size.h"

/* libvirt's table counts in KiB a second, and the burst in KiB. */
static void write_rate(struct xmlwriter *w, const char *element, const struct nic_rate *rate)
{
    if (!rate->average)
        return;
    xml_open(w, element);
    xml_attributef(w, "average", "%llu", (unsigned long long)(rate->average / KIB));
    if (rate->peak)
        xml_attributef(w, "peak", "%llu", (unsigned long long)(rate->peak / KIB));
    if (rate->burst)
        xml_attributef(w, "burst", "%llu", (unsigned long long)(rate->burst / KIB));
    xml_close(w);
}

static void write_bandwidth(struct xmlwriter *w, const struct nic_bandwidth *bandwidth)
{
    if (!bandwidth || (!bandwidth->in.average && !bandwidth->out.average))
        return;
    xml_open(w, "bandwidth");
    write_rate(w, "inbound", &bandwidth->in);
    write_rate(w, "outbound", &bandwidth->out);
    xml_close(w);
}

static void write_driver(struct xmlwriter *w, const struct domain_nic *nic)
{
    if (nic->driver == NIC_DRIVER_DEFAULT && nic->queues <= 1)
        return;
    xml_open(w, "driver");
    if (nic->driver != NIC_DRIVER_DEFAULT)
        xml_attribute(w, "name", nic_driver_words[nic->driver]);
    if (nic->queues > 1)
        xml_attributef(w, "queues", "%lld", nic->queues);
    xml_close(w);
}

static void write_source(struct xmlwriter *w, const struct domain_nic *nic)
{
    if (nic->is_user)
        return;
    xml_open(w, "source");
    xml_attribute(w, "network", nic->network);
    xml_attribute(w, "bridge", nic->bridge);
    xml_attribute(w, "dev", nic->dev);
    xml_attribute(w, "mode", nic->dev_mode);
    xml_close(w);
    if (!*nic->port_id)
        return;
    xml_open(w, "virtualport");
    xml_attribute(w, "type", "openvswitch");
    xml_empty(w, "parameters", "interfaceid", nic->port_id, NULL);
    xml_close(w);
}

static void write_vlan_id(struct xmlwriter *w, long long id, bool is_native)
{
    xml_open(w, "tag");
    xml_attributef(w, "id", "%lld", id);
    xml_attribute(w, "nativeMode", is_native ? "untagged" : NULL);
    xml_close(w);
}

static void write_vlan(struct xmlwriter *w, const struct vlan_setting *vlan)
{
    bool is_trunk = vlan && vlan->trunk.count;

    if (!vlan || !vlan_is_set(vlan))
        return;
    xml_open(w, "vlan");
    xml_attribute(w, "trunk", is_trunk ? "yes" : NULL);
    if (vlan->tag)
        write_vlan_id(w, vlan->tag, is_trunk);
    list_each(struct vlan_id, vlan->trunk, item)
    {
        if (item->id != vlan->tag)
            write_vlan_id(w, item->id, false);
    }
    xml_close(w);
}

void nic_xml_write(struct xmlwriter *w, const struct domain_nic *nic)
{
    xml_open(w, "interface");
    xml_attribute(w, "type",
                  nic->is_user   ? "user"
                  : nic->network ? "network"
                  : nic->dev     ? "direct"
                                 : "bridge");
    xml_empty(w, "mac", "address", nic->mac, NULL);
    write_source(w, nic);
    write_vlan(w, nic->vlan);
    write_bandwidth(w, nic->bandwidth);
    xml_empty(w, "model", "type", nic_model_words[nic->model], NULL);
    write_driver(w, nic);
    if (nic->filter)
        xml_empty(w, "filterref", "filter", nic->filter, NULL);
    if (nic->link == NIC_LINK_DOWN)
        xml_empty(w, "link", "state", "down", NULL);
    if (nic->mtu > 0) {
        xml_open(w, "mtu");
        xml_attributef(w, "size", "%lld", nic->mtu);
        xml_close(w);
    }
    domain_write_boot_order(w, nic->boot_order);
    /* the firmware would load a network boot ROM that is never used */
    if (!nic->boot_order)
        xml_empty(w, "rom", "enabled", "no", NULL);
    domain_write_alias(w, nic->alias);
    xml_close(w);
}

int domain_nic_xml(const struct domain_nic *nic, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    nic_xml_write(&w, nic);
    return xml_finish(&w, ret, err);
}
