/* SPDX-License-Identifier: Apache-2.0 */
#include "network/subnet.h"

#include <string.h>

static bool parse_four(const char *text, struct cidr *ret)
{
    *ret = (struct cidr){.prefix = 32};
    return strchr(text, '/') ? cidr_parse(text, ret, NULL) == 0
                             : ip4_parse(text, &ret->address, NULL) == 0;
}

static bool parse_six(const char *text, struct cidr6 *ret)
{
    *ret = (struct cidr6){.prefix = 128};
    return strchr(text, '/') ? cidr6_parse(text, ret, NULL) == 0
                             : ip6_parse(text, &ret->address, NULL) == 0;
}

bool subnet_parse(const char *text, struct subnet *ret)
{
    *ret = (struct subnet){.six = strchr(text, ':') != NULL};
    return ret->six ? parse_six(text, &ret->of6) : parse_four(text, &ret->four);
}

bool subnet_overlaps(const struct subnet *a, const struct subnet *b)
{
    if (a->six != b->six)
        return false;
    return a->six ? cidr6_overlaps(a->of6, b->of6) : cidr_overlaps(a->four, b->four);
}

const char *subnet_format(const struct subnet *subnet, char out[SUBNET_TEXT])
{
    if (subnet->six)
        return subnet->of6.prefix == 128 ? ip6_format(subnet->of6.address, out)
                                         : cidr6_format(subnet->of6, out);
    return subnet->four.prefix == 32 ? ip4_format(subnet->four.address, out)
                                     : cidr_format(subnet->four, out);
}

size_t subnet_of(const struct network *network, struct subnet ret[2])
{
    size_t count = 0;

    if (network->usable)
        ret[count++] = (struct subnet){.four = network->subnet, .key = "subnet"};
    if (network->usable6)
        ret[count++] = (struct subnet){.six = true, .of6 = network->subnet6, .key = "subnet6"};
    return count;
}
