/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/domain/domain_part.h"

static const char *const model_words[] = {"virtio", "e1000", "e1000e", "rtl8139"};

void nic_xml_write(struct xmlwriter *w, const struct domain_nic *nic)
{
    xml_open(w, "interface");
    xml_attribute(w, "type", "network");
    xml_empty(w, "mac", "address", nic->mac, NULL);
    xml_empty(w, "source", "network", nic->network, NULL);
    xml_empty(w, "model", "type", model_words[nic->model], NULL);
    if (nic->mtu > 0) {
        xml_open(w, "mtu");
        xml_attributef(w, "size", "%lld", nic->mtu);
        xml_close(w);
    }
    /* the firmware would load a network boot ROM that is never used */
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
