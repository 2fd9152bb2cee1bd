/* SPDX-License-Identifier: Apache-2.0 */
#include "network/users.h"

#include <string.h>

static bool is_on_network(virConnectPtr connection, const struct survey_domain *d,
                          const char *name)
{
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(connection, d->uuid);
    auto_free char *xml = domain ? virDomainGetXMLDesc(domain, 0) : NULL;
    struct domain_view view = {0};
    bool found = false;

    if (!xml || domain_view_parse(xml, &view, NULL) < 0)
        return false;
    for (size_t i = 0; i < view.nic_count; i++)
        found = found || (view.nics[i].network && strcmp(view.nics[i].network, name) == 0);
    domain_view_done(&view);
    return found;
}

int users_refuse_foreign(const struct site_host *host, const char *name, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    auto_buffer struct buffer names = {0};
    size_t count = 0;

    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];

        if (d->ours || !is_on_network(call.connection, d, name))
            continue;
        buffer_printf(&names, "%s'%s'", count++ ? ", " : "", d->name);
    }
    if (!count)
        return 0;
    error_set(err, ERROR_CONFLICT,
              "network '%s' on host '%s' cannot go: domain%s %s, not virtopo's, use%s it", name,
              host_name(host->host), count == 1 ? "" : "s", names.data, count == 1 ? "s" : "");
    return error_hint(err, "detach them from it first (virsh detach-interface, or virsh edit)");
}
