/* SPDX-License-Identifier: Apache-2.0 */
#include "util/ip6.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "util/address.h"

int ip6_parse(const char *text, struct ip6 *ret, struct error **err)
{
    const char *slash = strchr(text, '/');
    const char *zone = strchr(text, '%');
    struct ip6 ignored;
    uint32_t ip4;
    auto_free char *inside = NULL;
    size_t length = strlen(text);

    if (inet_pton(AF_INET6, text, ret->bytes) == 1)
        return 0;
    error_set(err, ERROR_CONFIG, "'%s' is not an IPv6 address", text);
    if (zone || slash) {
        const char *end = zone && (!slash || zone < slash) ? zone : slash;

        inside = xasprintf("%.*s", (int)(end - text), text);
    } else if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
        inside = xasprintf("%.*s", (int)(length - 2), text + 1);
    }
    if (inside && inet_pton(AF_INET6, inside, ignored.bytes) == 1)
        return error_hint(err, "write %s", inside);
    if (ip4_parse(text, &ip4, NULL) == 0)
        return error_hint(err, "it is an IPv4 one");
    return -1;
}

/* "0" to "128", without leading zeros. */
static bool prefix_read(const char *text, unsigned *ret)
{
    unsigned value = 0;

    if (!*text || (text[0] == '0' && text[1]))
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > 128)
            return false;
    }
    *ret = value;
    return true;
}

int cidr6_parse(const char *text, struct cidr6 *ret, struct error **err)
{
    const char *slash = strchr(text, '/');
    auto_free char *address = NULL;
    struct cidr6 cidr;

    if (!slash) {
        error_set(err, ERROR_CONFIG,
                  "'%s' is not an IPv6 subnet: expected an address and a prefix", text);
        if (inet_pton(AF_INET6, text, cidr.address.bytes) == 1)
            return error_hint(err, "write %s/64", text);
        return -1;
    }
    address = xasprintf("%.*s", (int)(slash - text), text);
    if (inet_pton(AF_INET6, address, cidr.address.bytes) != 1)
        return error_set(err, ERROR_CONFIG,
                         "'%s' is not an IPv6 subnet: '%s' is not an IPv6 address", text,
                         address);
    if (!prefix_read(slash + 1, &cidr.prefix))
        return error_set(err, ERROR_CONFIG,
                         "'%s' is not an IPv6 subnet: the prefix '%s' is not 0 to 128", text,
                         slash + 1);
    *ret = cidr;
    return 0;
}

const char *ip6_format(struct ip6 address, char out[IP6_TEXT])
{
    /* cannot fail: the family is known and the room is enough */
    if (!inet_ntop(AF_INET6, address.bytes, out, IP6_TEXT))
        out[0] = '\0';
    return out;
}

const char *cidr6_format(struct cidr6 cidr, char out[CIDR6_TEXT])
{
    char address[IP6_TEXT];

    snprintf(out, CIDR6_TEXT, "%s/%u", ip6_format(cidr.address, address), cidr.prefix);
    return out;
}

bool ip6_is_set(struct ip6 address)
{
    static const struct ip6 unset = {{0}};

    return ip6_compare(address, unset) != 0;
}

int ip6_compare(struct ip6 a, struct ip6 b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

uint64_t ip6_low(struct ip6 address)
{
    uint64_t low = 0;

    for (size_t i = 8; i < 16; i++)
        low = low << 8 | address.bytes[i];
    return low;
}

struct ip6 ip6_with_low(struct ip6 address, uint64_t low)
{
    for (size_t i = 16; i-- > 8; low >>= 8)
        address.bytes[i] = (uint8_t)(low & 0xff);
    return address;
}

struct ip6 ip6_add(struct ip6 address, uint64_t count)
{
    return ip6_with_low(address, ip6_low(address) + count);
}

/* The bits of byte `i` that belong to the network. */
static uint8_t mask_of(unsigned prefix, size_t i)
{
    unsigned bits = prefix > i * 8 ? prefix - (unsigned)i * 8 : 0;

    return bits >= 8 ? 0xff : (uint8_t)(0xff00 >> bits);
}

struct ip6 cidr6_network(struct cidr6 cidr)
{
    for (size_t i = 0; i < 16; i++)
        cidr.address.bytes[i] &= mask_of(cidr.prefix, i);
    return cidr.address;
}

struct ip6 cidr6_last(struct cidr6 cidr)
{
    for (size_t i = 0; i < 16; i++)
        cidr.address.bytes[i] |= (uint8_t)~mask_of(cidr.prefix, i);
    return cidr.address;
}

bool cidr6_contains(struct cidr6 cidr, struct ip6 address)
{
    struct cidr6 other = {address, cidr.prefix};

    return ip6_compare(cidr6_network(cidr), cidr6_network(other)) == 0;
}

bool cidr6_overlaps(struct cidr6 a, struct cidr6 b)
{
    return cidr6_contains(a, cidr6_network(b)) || cidr6_contains(b, cidr6_network(a));
}

struct ip6 cidr6_first_host(struct cidr6 cidr)
{
    struct ip6 network = cidr6_network(cidr);

    return cidr.prefix >= 127 ? network : ip6_add(network, 1);
}
