/* SPDX-License-Identifier: Apache-2.0 */
/* What a network's names are: its server, and what guests are told of others. */
#ifndef CONFIG_DNS_H
#define CONFIG_DNS_H

#include "config/schema/schema.h"

struct dns_record {
    const char *name;             /* "api", or with dots: as it stands */
    struct string_list addresses; /* of both families, canonical */
    const struct document_node *source;
};

struct dns_setting {
    bool enabled;                  /* a server on the gateway's address; default true */
    struct string_list forwarders; /* addresses whom it asks; empty: whom the host asks */
    struct string_list servers;    /* addresses whom guests ask instead of it */
    struct string_list search;     /* domains after the cluster's */
    struct list records;           /* struct dns_record */
    const struct document_node *source;
};

extern const struct schema dns_schema;

#endif
