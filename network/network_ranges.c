/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_ranges.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"
#include "util/ip6.h"

struct range {
    bool six;
    char *first, *last; /* canonical */
};

struct range_list {
    struct range *items;
    size_t count;
};

static void free_ranges(struct range_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].first);
        free(list->items[i].last);
    }
    free(list->items);
}
#define auto_ranges __attribute__((cleanup(free_ranges)))

static bool is_six(xmlNodePtr ip)
{
    return xmlreader_is(ip, "family", "ipv6");
}

/* libvirt may write an IPv6 address in another way than it was given. */
static char *canonical(xmlNodePtr node, const char *name, bool six)
{
    char *text = xmlreader_attribute(node, name);
    char formatted[IP6_TEXT];
    struct ip6 address;

    if (!six || !text || ip6_parse(text, &address, NULL))
        return text ? text : xstrdup("?");
    free(text);
    return xstrdup(ip6_format(address, formatted));
}

static void read_ranges(xmlNodePtr network, struct range_list *ret)
{
    for (xmlNodePtr ip = xmlreader_child(network, "ip"); ip; ip = xmlreader_next(ip)) {
        xmlNodePtr node = xmlreader_child(xmlreader_child(ip, "dhcp"), "range");

        for (; node; node = xmlreader_next(node)) {
            struct range range = {.six = is_six(ip),
                                  .first = canonical(node, "start", is_six(ip)),
                                  .last = canonical(node, "end", is_six(ip))};

            vector_push(ret->items, ret->count, range);
        }
    }
}

static bool has_range(const struct range_list *list, const struct range *range)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].first, range->first) == 0 &&
            strcmp(list->items[i].last, range->last) == 0)
            return true;
    }
    return false;
}

char *network_ranges_text(xmlNodePtr network, bool six)
{
    auto_ranges struct range_list list = {0};
    auto_buffer struct buffer out = {0};

    read_ranges(network, &list);
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].six == six)
            buffer_printf(&out, "%s%s - %s", out.length ? ", " : "", list.items[i].first,
                          list.items[i].last);
    }
    return out.length ? buffer_take(&out) : xstrdup("none");
}

/* Which of the network's <ip> elements the range belongs to: the first of its family. */
static int place_of(xmlNodePtr network, bool six)
{
    int place = 0;

    for (xmlNodePtr ip = xmlreader_child(network, "ip"); ip; ip = xmlreader_next(ip)) {
        if (is_six(ip) == six)
            return place;
        place++;
    }
    return -1;
}

static int update(virNetworkPtr network, unsigned command, int place, const struct range *range,
                  unsigned flags, struct error **err)
{
    auto_free char *xml = NULL;
    struct xmlwriter w;

    xml_start(&w);
    xml_empty(&w, "range", "start", range->first, "end", range->last, NULL);
    if (xml_finish(&w, &xml, err) < 0)
        return -1;
    if (virNetworkUpdate(network, command, VIR_NETWORK_SECTION_IP_DHCP_RANGE, place, xml,
                         flags) < 0)
        return error_virt(err, "changing the range of network '%s' to %s - %s",
                          virNetworkGetName(network), range->first, range->last);
    return 0;
}

/* New ones first: a network that has no range at all, and no reservation, would stop its
 * dnsmasq. */
int network_ranges_apply(virNetworkPtr network, xmlNodePtr have, xmlNodePtr want,
                         unsigned flags, struct error **err)
{
    auto_ranges struct range_list old = {0}, new = {0};

    read_ranges(have, &old);
    read_ranges(want, &new);
    for (size_t i = 0; i < new.count; i++) {
        const struct range *range = &new.items[i];

        if (!has_range(&old, range) &&
            update(network, VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, place_of(have, range->six),
                   range, flags, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < old.count; i++) {
        const struct range *range = &old.items[i];

        if (!has_range(&new, range) &&
            update(network, VIR_NETWORK_UPDATE_COMMAND_DELETE, place_of(have, range->six),
                   range, flags, err) < 0)
            return -1;
    }
    return 0;
}
