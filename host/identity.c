/* SPDX-License-Identifier: Apache-2.0 */
#include "host/identity.h"

#include <stdio.h>
#include <string.h>

char *identity_domain(const char *cluster, const char *node)
{
    return xasprintf("%s_%s", cluster, node);
}

char *identity_network(const char *cluster, const char *network)
{
    return xasprintf("%s_%s", cluster, network);
}

char *identity_pool(const char *cluster)
{
    return xasprintf(IDENTITY_STORE "_%s", cluster);
}

char *identity_pool_path(const char *dir, const char *cluster)
{
    return xasprintf("%s/%s", dir, cluster);
}

static void derive(const char *cluster, const char *kind, const char *name, char out[UUID_TEXT])
{
    uint8_t uuid[UUID_BYTES];

    uuid_derive(cluster, kind, name, uuid);
    uuid_format(uuid, out);
}

void identity_domain_uuid(const char *cluster, const char *node, char out[UUID_TEXT])
{
    derive(cluster, "node", node, out);
}

void identity_network_uuid(const char *cluster, const char *network, char out[UUID_TEXT])
{
    derive(cluster, "network", network, out);
}

void identity_port_uuid(const char *cluster, const char *node, struct mac mac,
                        char out[UUID_TEXT])
{
    char text[MAC_TEXT];
    auto_free char *name = xasprintf("%s/%s", node, mac_format(mac, text));

    derive(cluster, "port", name, out);
}

void identity_pool_uuid(const char *cluster, char out[UUID_TEXT])
{
    derive(cluster, "pool", "", out);
}

void identity_store_uuid(char out[UUID_TEXT])
{
    derive("", "store", "", out);
}

void identity_bridge(const char *cluster, const char *network, char out[BRIDGE_TEXT])
{
    uint8_t uuid[UUID_BYTES];

    uuid_derive(cluster, "bridge", network, uuid);
    snprintf(out, BRIDGE_TEXT, "%.6s-%02x%02x%02x%02x", network, uuid[0], uuid[1], uuid[2],
             uuid[3]);
}

void identity_parked_bridge(const char *cluster, const char *network, char out[BRIDGE_TEXT])
{
    uint8_t uuid[UUID_BYTES];

    uuid_derive(cluster, "parked", network, uuid);
    snprintf(out, BRIDGE_TEXT, "vtp-%02x%02x%02x%02x", uuid[0], uuid[1], uuid[2], uuid[3]);
}

/* Locally administered, of one machine. */
static struct mac mac_of(const char *cluster, const char *kind, const char *name)
{
    uint8_t uuid[UUID_BYTES];
    struct mac mac = {{0x52}};

    uuid_derive(cluster, kind, name, uuid);
    memcpy(mac.bytes + 1, uuid, 5);
    return mac;
}

struct mac identity_bridge_mac(const char *cluster, const char *host, const char *network)
{
    auto_free char *name = xasprintf("%s/%s", host, network);

    return mac_of(cluster, "bridge-mac", name);
}

struct mac identity_mac(const char *cluster, const char *node, const char *network,
                        unsigned index)
{
    auto_free char *name = xasprintf("%s/%s/%u", node, network, index);

    return mac_of(cluster, "mac", name);
}
