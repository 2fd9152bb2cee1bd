/* SPDX-License-Identifier: Apache-2.0 */
/* IPv6 addresses and subnets: strict parsing (no zones, nothing behind the end), the canonical
 * text, arithmetic on the last 64 bits, where all the hosts of a subnet are told apart. */
#ifndef UTIL_IP6_H
#define UTIL_IP6_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

#define IP6_TEXT 46 /* INET6_ADDRSTRLEN */
#define CIDR6_TEXT 50

/* In network order; all zero is "not given". */
struct ip6 {
    uint8_t bytes[16];
};

struct cidr6 {
    struct ip6 address; /* as written: may have host bits set; cidr6_network masks them */
    unsigned prefix;    /* 0 to 128 */
};

/* Any of the forms of RFC 4291. The messages name the text and what was expected: "'fd00::g' is
 * not an IPv6 address". */
int ip6_parse(const char *text, struct ip6 *ret, struct error **err) MUST_CHECK;
/* "fd00:21::/64"; the prefix is required. */
int cidr6_parse(const char *text, struct cidr6 *ret, struct error **err) MUST_CHECK;

/* The form of RFC 5952: lower case, the longest run of zeros as "::". */
const char *ip6_format(struct ip6 address, char out[IP6_TEXT]);
const char *cidr6_format(struct cidr6 cidr, char out[CIDR6_TEXT]);

bool ip6_is_set(struct ip6 address);
/* As memcmp. */
int ip6_compare(struct ip6 a, struct ip6 b);
/* The last 64 bits as a number; the same address with others. */
uint64_t ip6_low(struct ip6 address);
struct ip6 ip6_with_low(struct ip6 address, uint64_t low);
/* The address that many behind; it stays within the last 64 bits, beginning anew at their end.
 */
struct ip6 ip6_add(struct ip6 address, uint64_t count);

struct ip6 cidr6_network(struct cidr6 cidr);
/* The last address. */
struct ip6 cidr6_last(struct cidr6 cidr);
bool cidr6_contains(struct cidr6 cidr, struct ip6 address);
bool cidr6_overlaps(struct cidr6 a, struct cidr6 b);
/* The first address a machine can have: the one of all zeros means "any router". Of a /127 and
 * a /128 it is the first one. */
struct ip6 cidr6_first_host(struct cidr6 cidr);

#endif
