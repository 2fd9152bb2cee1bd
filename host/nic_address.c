/* SPDX-License-Identifier: Apache-2.0 */
#include "host/nic_address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/memory.h"

static uint32_t first_ip4(const virDomainInterface *nic)
{
    uint32_t ip = 0;

    for (unsigned i = 0; i < nic->naddrs && !ip; i++) {
        if (nic->addrs[i].type == VIR_IP_ADDR_TYPE_IPV4 &&
            ip4_parse(nic->addrs[i].addr, &ip, NULL) < 0)
            ip = 0;
    }
    return ip;
}

static uint32_t ask(virDomainPtr domain, const char *mac, unsigned source)
{
    virDomainInterfacePtr *nics = NULL;
    int count = virDomainInterfaceAddresses(domain, &nics, source, 0);
    uint32_t ip = 0;

    for (int i = 0; i < count; i++) {
        if (!ip && nics[i]->hwaddr && strcasecmp(nics[i]->hwaddr, mac) == 0)
            ip = first_ip4(nics[i]);
        virDomainInterfaceFree(nics[i]);
    }
    free(nics);
    return ip;
}

uint32_t nic_address(virDomainPtr domain, struct mac mac)
{
    static const unsigned sources[] = {VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
                                       VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
                                       VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT};
    char text[MAC_TEXT];
    uint32_t ip = 0;

    mac_format(mac, text);
    for (size_t i = 0; i < ARRAY_SIZE(sources) && !ip; i++)
        ip = ask(domain, text, sources[i]);
    return ip;
}
