/* SPDX-License-Identifier: Apache-2.0 */
/* IPv4 addresses, subnets and MAC addresses: strict parsing (no leading zeros, no short
 * forms, nothing behind the end), formatting, arithmetic. IPv4 values are in host order. */
#ifndef UTIL_ADDRESS_H
#define UTIL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

#define IP4_TEXT 16 /* "255.255.255.255" and its NUL */
#define CIDR_TEXT 20
#define MAC_TEXT 18

struct cidr {
    uint32_t address; /* as written: may have host bits set; cidr_network masks them */
    unsigned prefix;  /* 0 to 32 */
};

struct mac {
    uint8_t bytes[6];
};

/* The messages name the text and what was expected: "'10.0.0.256' is not an IPv4 address". */
int ip4_parse(const char *text, uint32_t *ret, struct error **err) MUST_CHECK;
/* "10.20.0.0/24"; the prefix is required. */
int cidr_parse(const char *text, struct cidr *ret, struct error **err) MUST_CHECK;
/* Six pairs of hex digits with ':'; lower case or upper. Multicast addresses are refused. */
int mac_parse(const char *text, struct mac *ret, struct error **err) MUST_CHECK;

const char *ip4_format(uint32_t address, char out[IP4_TEXT]);
const char *cidr_format(struct cidr cidr, char out[CIDR_TEXT]);
const char *mac_format(struct mac mac, char out[MAC_TEXT]);

uint32_t cidr_netmask(struct cidr cidr);
uint32_t cidr_network(struct cidr cidr);
uint32_t cidr_broadcast(struct cidr cidr);
bool cidr_contains(struct cidr cidr, uint32_t address);
bool cidr_overlaps(struct cidr a, struct cidr b);
/* The first and last address a machine can have. A /31 has two, a /32 one. */
uint32_t cidr_first_host(struct cidr cidr);
uint32_t cidr_last_host(struct cidr cidr);

#endif
