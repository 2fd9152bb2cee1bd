/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "host/power.h"
#include "provision/fault/fault_field.h"
#include "provision/fault/fault_host.h"

static bool is_changed(const struct fault_node *node)
{
    return node->touched || !faults_equal(&node->now, &node->then);
}

static int set_mark(virDomainPtr domain, const struct faults *faults, unsigned flags,
                    struct error **err)
{
    auto_free char *element = NULL;

    if (faults && faults_element(faults, &element, err) < 0)
        return -1;
    return virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, element,
                                element ? FAULT_PREFIX : NULL, FAULT_URI, flags);
}

/* On the running domain what is done to it; in its definition only that something is. */
static int mark(const struct fault_node *node, virDomainPtr domain, const struct faults *faults,
                struct error **err)
{
    const struct faults none = {.marked = true};
    const struct fault *killed = faults_find(faults, FAULT_KILLED, NULL);
    struct faults kept = {.items = (struct fault *)killed, .count = killed ? 1 : 0};
    bool live = virDomainIsActive(domain) == 1;
    int outcome = 0;

    if (live)
        outcome = set_mark(domain, faults->count ? faults : NULL, VIR_DOMAIN_AFFECT_LIVE, err);
    if (outcome == 0 && node->domain->persistent)
        outcome = set_mark(domain,
                           killed          ? &kept
                           : faults->count ? &none
                                           : NULL,
                           VIR_DOMAIN_AFFECT_CONFIG, err);
    if (outcome < 0 && !(err && *err))
        error_virt(err, "marking node '%s'", node->name);
    return outcome;
}

static int set_link(const struct fault_node *node, virDomainPtr domain,
                    const struct fault_nic *nic, bool up, struct error **err)
{
    auto_free char *xml = virDomainGetXMLDesc(domain, 0);
    auto_free char *device = NULL;

    if (!xml)
        return error_virt(err, "reading node '%s'", node->name);
    if (fault_link_xml(xml, nic->mac, up, &device, err) < 0)
        return error_wrap(err, "node '%s'", node->name);
    if (virDomainUpdateDeviceFlags(domain, device, VIR_DOMAIN_AFFECT_LIVE) < 0)
        return error_virt(err, "taking the link of node '%s' to %s %s", node->name,
                          nic->network, up ? "up" : "down");
    return 0;
}

/* Whether the link is down now, which after a change that failed only libvirt knows. */
static bool is_down(const struct fault_node *node, virDomainPtr domain,
                    const struct fault_nic *nic)
{
    auto_free char *xml = node->undone ? virDomainGetXMLDesc(domain, 0) : NULL;
    struct domain_view view = {0};
    bool down = nic->down;

    if (!xml || domain_view_parse(xml, &view, NULL) < 0)
        return down;
    for (size_t i = 0; i < view.nic_count; i++) {
        if (memcmp(&view.nics[i].mac, &nic->mac, sizeof nic->mac) == 0)
            down = view.nics[i].link_down;
    }
    domain_view_done(&view);
    return down;
}

static int set_links(const struct fault_node *node, virDomainPtr domain,
                     const struct faults *faults, struct error **err)
{
    for (size_t i = 0; i < node->nic_count; i++) {
        const struct fault_nic *nic = &node->nics[i];
        bool down = faults_find(faults, FAULT_LINK_DOWN, nic->network) || !nic->stays_up;

        if (down != is_down(node, domain, nic) && set_link(node, domain, nic, !down, err) < 0)
            return -1;
    }
    return 0;
}

static int set_power(const struct fault_node *node, virDomainPtr domain, struct error **err)
{
    bool killed = faults_find(&node->then, FAULT_KILLED, NULL);

    if (node->runs && killed)
        return power_off(domain, err);
    if (node->runs || killed || !faults_find(&node->now, FAULT_KILLED, NULL) ||
        virDomainCreate(domain) == 0)
        return 0;
    error_virt(err, "starting node '%s'", node->name);
    if (virDomainIsActive(domain) != 1)
        return -1;
    error_clear(err);
    return 0;
}

static virDomainPtr look_up(const struct fault_node *node, virConnectPtr connection,
                            struct error **err)
{
    virDomainPtr domain = virDomainLookupByUUIDString(connection, node->domain->uuid);

    if (!domain)
        error_virt(err, "looking for node '%s'", node->name);
    return domain;
}

/* Before the hosts are touched: what there will be, beside what there is. */
static int announce(const struct fault_node *node, struct error **err)
{
    auto_call struct host_call call = host_call_begin(node->host->host);
    auto_domain virDomainPtr domain = NULL;
    auto_faults struct faults both = {0};

    if (node->then.count == 0)
        return 0; /* it keeps its mark until all is put right */
    domain = look_up(node, call.connection, err);
    if (!domain)
        return -1;
    faults_copy(&node->now, &both);
    for (size_t i = 0; i < node->then.count; i++)
        faults_set(&both, &node->then.items[i]);
    return mark(node, domain, &both, err);
}

static bool has_mark(const struct fault_node *node)
{
    return node->undone || node->then.count || node->now.count ||
           node->domain->config.faults.marked || node->domain->live.faults.marked;
}

static int finish(const struct fault_node *node, struct error **err)
{
    auto_call struct host_call call = host_call_begin(node->host->host);
    auto_domain virDomainPtr domain = look_up(node, call.connection, err);

    if (!domain)
        return -1;
    if (node->runs && !faults_find(&node->then, FAULT_KILLED, NULL) &&
        set_links(node, domain, &node->then, err) < 0)
        return -1;
    if (set_power(node, domain, err) < 0)
        return -1;
    return has_mark(node) ? mark(node, domain, &node->then, err) : 0;
}

/* As it was: without a word, for the reason is told already. */
static void undo(struct fault_field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        struct fault_node *node = &field->nodes[i];

        if (!is_changed(node))
            continue;
        node->touched = node->undone = true;
        faults_done(&node->then);
        faults_copy(&node->now, &node->then);
    }
    for (size_t i = 0; i < field->site->host_count; i++) {
        auto_error struct error *ignored = NULL;

        if (fault_host_apply(field, &field->site->hosts[i], &ignored) < 0)
            continue;
    }
    for (size_t i = 0; i < field->count; i++) {
        auto_error struct error *ignored = NULL;

        if (field->nodes[i].touched && finish(&field->nodes[i], &ignored) < 0)
            continue;
    }
}

static int carry_out(struct fault_field *field, struct error **err)
{
    for (size_t i = 0; i < field->count; i++) {
        if (is_changed(&field->nodes[i]) && announce(&field->nodes[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < field->site->host_count; i++) {
        if (fault_host_apply(field, &field->site->hosts[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < field->count; i++) {
        if (is_changed(&field->nodes[i]) && finish(&field->nodes[i], err) < 0)
            return -1;
    }
    return 0;
}

int fault_field_commit(struct fault_field *field, struct error **err)
{
    if (carry_out(field, err) == 0)
        return 0;
    undo(field);
    return -1;
}
