/* SPDX-License-Identifier: Apache-2.0 */
#include "host/hardware/cpu_compare.h"

#include <string.h>

#include "templates/xmlwriter.h"

static int write_cpu(const struct cpu_setting *cpus, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "cpu");
    xml_attribute(&w, "mode", "custom");
    xml_attribute(&w, "match", "exact");
    xml_element(&w, "model", cpus->model);
    list_each(struct cpu_feature, cpus->features, feature) xml_empty(
        &w, "feature", "policy", cpu_policies[feature->policy], "name", feature->name, NULL);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

/* libvirt ends its message with the list. */
static char *missing_of(const char *message)
{
    const char *list = strstr(message, "required features: ");

    return xstrdup(list ? strchr(list, ':') + 2 : "features of it");
}

int cpu_compare(struct host *host, const struct domcaps *guest, const struct cpu_setting *cpus,
                enum host_answer *ret, char **missing, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host);
    auto_error struct error *reason = NULL;
    auto_free char *xml = NULL;
    int outcome;

    *ret = HOST_UNKNOWN;
    if (write_cpu(cpus, &xml, err) < 0)
        return -1;
    outcome = virConnectCompareHypervisorCPU(call.connection, NULL, guest->arch, guest->machine,
                                             guest->type, xml,
                                             VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE);
    if (outcome > 0) {
        *ret = HOST_YES;
        return 0;
    }
    error_virt(&reason, "comparing CPUs");
    if (reason->code == VIR_ERR_CPU_INCOMPATIBLE) {
        *ret = HOST_NO;
        *missing = missing_of(reason->message);
    }
    return 0;
}
