/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "network/guard/guard.h"

static const struct nic *explicit_nic(const struct guard *guard, struct mac mac,
                                      const struct node **node)
{
    const struct cluster *cluster = guard->site->cluster;

    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (!nic->mac_explicit || memcmp(&nic->mac, &mac, sizeof mac) != 0)
                continue;
            *node = &cluster->nodes[i];
            return nic;
        }
    return NULL;
}

static bool any_explicit(const struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->node_count; i++)
        list_each(struct nic, cluster->nodes[i].nics, nic)
        {
            if (nic->mac_explicit)
                return true;
        }
    return false;
}

static void report(const struct guard *guard, const struct survey_domain *other, struct mac mac)
{
    const struct node *node = NULL;
    const struct nic *nic = explicit_nic(guard, mac, &node);
    const struct document_node *value = nic ? document_get(nic->source, "mac") : NULL;
    char text[MAC_TEXT];

    if (!nic || site_host(guard->site, node->host) != guard->host)
        return;
    diagnostic_hint(diagnostics_error(
                        guard->d, value ? value->position : nic->source->position, "mac-in-use",
                        "MAC address %s of node '%s' is already the one of domain '%s' on "
                        "host '%s'",
                        mac_format(mac, text), node->name, other->name, node->host),
                    "leave it out to have one derived that nobody else has");
}

static void check_domain(const struct guard *guard, virConnectPtr connection,
                         const struct survey_domain *other)
{
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(connection, other->uuid);
    auto_free char *xml = domain ? virDomainGetXMLDesc(domain, 0) : NULL;
    struct domain_view view = {0};

    /* one that has gone meanwhile has no address */
    if (!xml || domain_view_parse(xml, &view, NULL) < 0)
        return;
    for (size_t i = 0; i < view.nic_count; i++)
        report(guard, other, view.nics[i].mac);
    domain_view_done(&view);
}

/* Derived ones are nobody else's, and reading all domains costs a call for each. */
void guard_mac(const struct guard *guard)
{
    const struct survey *survey = &guard->host->survey;

    if (!any_explicit(guard->site->cluster) || survey->host == NULL)
        return;
    auto_call struct host_call call = host_call_begin(guard->host->host);
    for (size_t i = 0; i < survey->domain_count; i++) {
        if (!survey->domains[i].ours)
            check_domain(guard, call.connection, &survey->domains[i]);
    }
}
