/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: util */
/* Whatever an address parser accepts, its formatter writes so that it reads the same again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/ip6.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_failed(int result, struct error *err)
{
    check(result == -1 && err && err->message && err->kind == ERROR_CONFIG);
    error_free(err);
}

static void fuzz_ip4(const char *text)
{
    struct error *err = NULL;
    char out[IP4_TEXT];
    uint32_t value;
    int result = ip4_parse(text, &value, &err);

    if (result == 0)
        check(strcmp(ip4_format(value, out), text) == 0);
    else
        check_failed(result, err);
}

static void fuzz_cidr(const char *text)
{
    struct error *err = NULL;
    char out[CIDR_TEXT];
    struct cidr value;
    int result = cidr_parse(text, &value, &err);

    if (result != 0) {
        check_failed(result, err);
        return;
    }
    check(strcmp(cidr_format(value, out), text) == 0);
    check(cidr_contains(value, value.address) && cidr_overlaps(value, value));
    check(cidr_network(value) <= cidr_first_host(value));
    check(cidr_first_host(value) <= cidr_last_host(value));
    check(cidr_last_host(value) <= cidr_broadcast(value));
}

static void fuzz_mac(const char *text)
{
    struct error *err = NULL;
    char out[MAC_TEXT];
    struct mac value;
    int result = mac_parse(text, &value, &err);

    if (result == 0)
        check(strcasecmp(mac_format(value, out), text) == 0 && !(value.bytes[0] & 1));
    else
        check_failed(result, err);
}

static void fuzz_cidr6(const char *text)
{
    struct error *err = NULL;
    char out[CIDR6_TEXT];
    struct cidr6 value, again;
    int result = cidr6_parse(text, &value, &err);

    if (result != 0) {
        check_failed(result, err);
        return;
    }
    check(cidr6_parse(cidr6_format(value, out), &again, NULL) == 0);
    check(ip6_compare(value.address, again.address) == 0 && value.prefix == again.prefix);
    check(cidr6_contains(value, value.address) && cidr6_overlaps(value, value));
    check(ip6_compare(cidr6_network(value), cidr6_first_host(value)) <= 0);
    check(ip6_compare(cidr6_first_host(value), cidr6_last(value)) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);

    fuzz_ip4(text);
    fuzz_cidr(text);
    fuzz_cidr6(text);
    fuzz_mac(text);
    free(text);
    return 0;
}
