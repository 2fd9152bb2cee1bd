/* SPDX-License-Identifier: Apache-2.0 */
#include "util/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* inet_pton wants all four parts, decimal, without leading zeros, and nothing else. */
static bool ip4_read(const char *text, uint32_t *ret)
{
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    *ret = ntohl(address.s_addr);
    return true;
}

int ip4_parse(const char *text, uint32_t *ret, struct error **err)
{
    const char *slash = strchr(text, '/');
    struct cidr cidr;

    if (ip4_read(text, ret))
        return 0;
    error_set(err, ERROR_CONFIG, "'%s' is not an IPv4 address", text);
    if (slash && cidr_parse(text, &cidr, NULL) == 0)
        return error_hint(err, "write %.*s", (int)(slash - text), text);
    return -1;
}

/* "0" to "32", without leading zeros. */
static bool prefix_read(const char *text, unsigned *ret)
{
    unsigned value = 0;

    if (!*text || (text[0] == '0' && text[1]))
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > 32)
            return false;
    }
    *ret = value;
    return true;
}

int cidr_parse(const char *text, struct cidr *ret, struct error **err)
{
    const char *slash = strchr(text, '/');
    char address[IP4_TEXT] = "";
    struct cidr cidr;

    if (!slash) {
        error_set(err, ERROR_CONFIG,
                  "'%s' is not an IPv4 subnet: expected an address and a prefix", text);
        if (ip4_read(text, &cidr.address))
            return error_hint(err, "write %s/24", text);
        return -1;
    }
    if ((size_t)(slash - text) < sizeof address)
        memcpy(address, text, (size_t)(slash - text));
    if (!ip4_read(address, &cidr.address))
        return error_set(err, ERROR_CONFIG,
                         "'%s' is not an IPv4 subnet: '%.*s' is not an IPv4 address", text,
                         (int)(slash - text), text);
    if (!prefix_read(slash + 1, &cidr.prefix))
        return error_set(err, ERROR_CONFIG,
                         "'%s' is not an IPv4 subnet: the prefix '%s' is not 0 to 32", text,
                         slash + 1);
    *ret = cidr;
    return 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool mac_read(const char *text, char separator, struct mac *ret)
{
    if (strnlen(text, MAC_TEXT) != MAC_TEXT - 1)
        return false;
    for (int i = 0; i < 6; i++) {
        const char *pair = text + i * 3;
        int high = hex_digit(pair[0]), low = hex_digit(pair[1]);

        if (high < 0 || low < 0 || (i < 5 && pair[2] != separator))
            return false;
        ret->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

int mac_parse(const char *text, struct mac *ret, struct error **err)
{
    char written[MAC_TEXT];
    struct mac mac;

    if (!mac_read(text, ':', &mac)) {
        error_set(err, ERROR_CONFIG,
                  "'%s' is not a MAC address: expected six pairs of hex digits with ':'", text);
        if (mac_read(text, '-', &mac))
            error_hint(err, "write %s", mac_format(mac, written));
        return -1;
    }
    if (mac.bytes[0] & 1) {
        error_set(err, ERROR_CONFIG, "'%s' is a multicast MAC address", text);
        mac.bytes[0] &= 0xfe;
        return error_hint(err, "the first pair of a machine's address is even: %s",
                          mac_format(mac, written));
    }
    *ret = mac;
    return 0;
}

const char *ip4_format(uint32_t address, char out[IP4_TEXT])
{
    snprintf(out, IP4_TEXT, "%u.%u.%u.%u", address >> 24, address >> 16 & 0xff,
             address >> 8 & 0xff, address & 0xff);
    return out;
}

const char *cidr_format(struct cidr cidr, char out[CIDR_TEXT])
{
    char address[IP4_TEXT];

    snprintf(out, CIDR_TEXT, "%s/%u", ip4_format(cidr.address, address), cidr.prefix);
    return out;
}

const char *mac_format(struct mac mac, char out[MAC_TEXT])
{
    const uint8_t *b = mac.bytes;

    snprintf(out, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4],
             b[5]);
    return out;
}

uint32_t cidr_netmask(struct cidr cidr)
{
    return cidr.prefix ? UINT32_MAX << (32 - cidr.prefix) : 0;
}

uint32_t cidr_network(struct cidr cidr)
{
    return cidr.address & cidr_netmask(cidr);
}

uint32_t cidr_broadcast(struct cidr cidr)
{
    return cidr.address | ~cidr_netmask(cidr);
}

bool cidr_contains(struct cidr cidr, uint32_t address)
{
    return (address & cidr_netmask(cidr)) == cidr_network(cidr);
}

bool cidr_overlaps(struct cidr a, struct cidr b)
{
    return cidr_contains(a, cidr_network(b)) || cidr_contains(b, cidr_network(a));
}

uint32_t cidr_first_host(struct cidr cidr)
{
    return cidr.prefix >= 31 ? cidr_network(cidr) : cidr_network(cidr) + 1;
}

uint32_t cidr_last_host(struct cidr cidr)
{
    return cidr.prefix >= 31 ? cidr_broadcast(cidr) : cidr_broadcast(cidr) - 1;
}
