/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_xml.h"

#include <stdlib.h>
#include <string.h>

#include "templates/domain/user_net_xml.h"
#include "templates/xmlreader.h"

static void read_disks(xmlNodePtr devices, struct domain_view *view)
{
    for (xmlNodePtr d = xmlreader_child(devices, "disk"); d; d = xmlreader_next(d)) {
        struct domain_view_disk disk = {
            .path = xmlreader_child_attribute(d, "source", "file"),
            .target = xmlreader_child_attribute(d, "target", "dev"),
            .alias = xmlreader_child_attribute(d, "alias", "name"),
            .device = xmlreader_attribute(d, "device"),
            .format = xmlreader_child_attribute(d, "driver", "type"),
            .bus = xmlreader_child_attribute(d, "target", "bus"),
            .serial = xmlreader_child_text(d, "serial"),
            .cache = xmlreader_child_attribute(d, "driver", "cache"),
            .discard = xmlreader_child_attribute(d, "driver", "discard"),
        };

        if (!disk.device)
            disk.device = xstrdup("disk"); /* libvirt's default */
        if (!disk.path)
            disk.path = xmlreader_child_attribute(d, "source", "dev");
        vector_push(view->disks, view->disk_count, disk);
    }
}

static struct domain_view_nic read_nic(xmlNodePtr root, xmlNodePtr element)
{
    xmlNodePtr source = xmlreader_child(element, "source");
    auto_free char *mac = xmlreader_child_attribute(element, "mac", "address");
    auto_free char *mtu = xmlreader_child_attribute(element, "mtu", "size");
    struct domain_view_nic nic = {
        .network = xmlreader_attribute(source, "network"),
        .bridge = xmlreader_attribute(source, "bridge"),
        .dev = xmlreader_attribute(source, "dev"),
        .port_id = xmlreader_child_attribute(xmlreader_child(element, "virtualport"),
                                             "parameters", "interfaceid"),
        .target = xmlreader_child_attribute(element, "target", "dev"),
        .model = xmlreader_child_attribute(element, "model", "type"),
        .mtu = xmlreader_number(mtu, 0),
        .link_down = xmlreader_is(xmlreader_child(element, "link"), "state", "down"),
        .alias = xmlreader_child_attribute(element, "alias", "name"),
    };

    if (!mac || mac_parse(mac, &nic.mac, NULL))
        nic.mac = (struct mac){0};
    nic.is_user = xmlreader_is(element, "type", "user");
    if (nic.is_user && nic.alias)
        user_net_read(root, nic.alias, &nic);
    return nic;
}

static void read_run_state(xmlNodePtr root, struct domain_view *view)
{
    xmlNodePtr state =
        xmlreader_child_ns(xmlreader_child(root, "metadata"), TAG_RUN_URI, "state");

    view->ready = xmlreader_attribute(state, "ready");
}

static void read_cpus(xmlNodePtr root, struct domain_view *view)
{
    xmlNodePtr vcpu = xmlreader_child(root, "vcpu");
    auto_free char *most = xmlreader_text(vcpu);
    auto_free char *current = xmlreader_attribute(vcpu, "current");

    view->cpus_max = xmlreader_number(most, 1);
    view->cpus = xmlreader_number(current, view->cpus_max);
}

static void read_dimms(xmlNodePtr devices, struct domain_view *view)
{
    for (xmlNodePtr d = xmlreader_child(devices, "memory"); d; d = xmlreader_next(d)) {
        xmlNodePtr target = xmlreader_child(d, "target");
        auto_free char *cell = xmlreader_child_text(target, "node");
        struct domain_view_dimm dimm = {
            .alias = xmlreader_child_attribute(d, "alias", "name"),
            .size = xmlreader_bytes(xmlreader_child(target, "size"), "KiB"),
            .cell = xmlreader_number(cell, 0),
        };

        vector_push(view->dimms, view->dimm_count, dimm);
    }
}

static void read_memory(xmlNodePtr root, xmlNodePtr devices, struct domain_view *view)
{
    xmlNodePtr most = xmlreader_child(root, "maxMemory");
    xmlNodePtr numa = xmlreader_child(xmlreader_child(root, "cpu"), "numa");
    xmlNodePtr balloon = xmlreader_child(devices, "memballoon");
    auto_free char *slots = xmlreader_attribute(most, "slots");

    view->memory = xmlreader_bytes(xmlreader_child(root, "memory"), "KiB");
    view->memory_current = xmlreader_bytes(xmlreader_child(root, "currentMemory"), "KiB");
    if (!view->memory_current)
        view->memory_current = view->memory;
    view->memory_max = xmlreader_bytes(most, "KiB");
    view->memory_slots = xmlreader_number(slots, 0);
    view->balloon = balloon && !xmlreader_is(balloon, "model", "none");
    for (xmlNodePtr c = xmlreader_child(numa, "cell"); c; c = xmlreader_next(c)) {
        uint64_t bytes = xmlreader_attribute_bytes(c, "memory", "KiB");

        vector_push(view->cells, view->cell_count, bytes);
    }
    read_dimms(devices, view);
}

int domain_view_parse(const char *xml, struct domain_view *ret, struct error **err)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, err);
    xmlNodePtr root = document ? xmlreader_root(document, "domain", err) : NULL;
    xmlNodePtr devices = xmlreader_child(root, "devices");
    xmlNodePtr serial = xmlreader_child(devices, "serial");
    xmlNodePtr type = xmlreader_child(xmlreader_child(root, "os"), "type");

    if (!root)
        return -1;
    *ret = (struct domain_view){
        .name = xmlreader_child_text(root, "name"),
        .xml = xstrdup(xml),
        .type = xmlreader_attribute(root, "type"),
        .arch = xmlreader_attribute(type, "arch"),
        .machine = xmlreader_attribute(type, "machine"),
        .description = xmlreader_child_text(root, "description"),
        .console_log = xmlreader_child_attribute(serial, "log", "file"),
    };
    read_memory(root, devices, ret);
    read_cpus(root, ret);
    read_disks(devices, ret);
    for (xmlNodePtr n = xmlreader_child(devices, "interface"); n; n = xmlreader_next(n))
        vector_push(ret->nics, ret->nic_count, read_nic(root, n));
    tag_read(root, &ret->tag);
    read_run_state(root, ret);
    faults_read(root, &ret->faults);
    return 0;
}

static void disk_done(struct domain_view_disk *disk)
{
    free(disk->path);
    free(disk->target);
    free(disk->alias);
    free(disk->device);
    free(disk->format);
    free(disk->bus);
    free(disk->serial);
    free(disk->cache);
    free(disk->discard);
}

static void nic_done(struct domain_view_nic *nic)
{
    free(nic->network);
    free(nic->bridge);
    free(nic->dev);
    free(nic->port_id);
    free(nic->target);
    free(nic->model);
    free(nic->alias);
    for (size_t i = 0; i < nic->forward_count; i++)
        free(nic->forwards[i]);
    free(nic->forwards);
}

void domain_view_done(struct domain_view *view)
{
    for (size_t i = 0; i < view->disk_count; i++)
        disk_done(&view->disks[i]);
    for (size_t i = 0; i < view->nic_count; i++)
        nic_done(&view->nics[i]);
    for (size_t i = 0; i < view->dimm_count; i++)
        free(view->dimms[i].alias);
    free(view->dimms);
    free(view->cells);
    free(view->disks);
    free(view->nics);
    free(view->xml);
    free(view->arch);
    free(view->machine);
    free(view->name);
    free(view->type);
    free(view->description);
    free(view->console_log);
    free(view->ready);
    tag_done(&view->tag);
    faults_done(&view->faults);
    *view = (struct domain_view){0};
}
