/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "templates/network_xml.h"
#include "util/buffer.h"

static bool is_six(const char *address)
{
    return strchr(address, ':') != NULL;
}

/* "dhcp-option=option:dns-server,10.0.0.1", or NULL where the list has none of the family. */
static char *servers_option(const struct string_list *servers, bool six)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < servers->count; i++) {
        if (is_six(servers->items[i]) == six)
            buffer_printf(&out, six ? ",[%s]" : ",%s", servers->items[i]);
    }
    return out.length
               ? xasprintf("dhcp-option=%s:dns-server%s", six ? "option6" : "option", out.data)
               : NULL;
}

static char *search_option(const struct string_list *search, const char *domain, bool six)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < search->count; i++)
        buffer_printf(&out, ",%s", search->items[i]);
    return out.length ? xasprintf("dhcp-option=%s:domain-search,%s%s",
                                  six ? "option6" : "option", domain, out.data)
                      : NULL;
}

/* A client that takes these does not look for a router any more: the default one is here too.
 */
static char *routes_option(const struct network *network)
{
    auto_buffer struct buffer out = {0};
    char gateway[IP4_TEXT];
    bool has_default = !network_mode(network)->leads_out;

    list_each(const struct route, network->routes, route)
    {
        if (route->six)
            continue;
        buffer_printf(&out, ",%s,%s", route->to, route->via);
        has_default = has_default || route_is_default(route);
    }
    if (out.length && !has_default)
        buffer_printf(&out, ",0.0.0.0/0,%s", ip4_format(network->gateway, gateway));
    return out.length ? xasprintf("dhcp-option=option:classless-static-route%s", out.data)
                      : NULL;
}

char **network_options(const struct network *network, const char *domain, size_t *count)
{
    const struct dns_setting *dns = &network->dns;
    bool six = network->subnet6.prefix && network->dhcp6.enabled;
    bool four = network->dhcp.enabled;
    char *all[] = {four ? servers_option(&dns->servers, false) : NULL,
                   six ? servers_option(&dns->servers, true) : NULL,
                   four ? search_option(&dns->search, domain, false) : NULL,
                   six ? search_option(&dns->search, domain, true) : NULL,
                   four ? routes_option(network) : NULL};
    char **options = NULL;

    *count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
        if (all[i])
            vector_push(options, *count, all[i]);
    }
    return options;
}
