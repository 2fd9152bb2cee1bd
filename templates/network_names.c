/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/network_names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "templates/network_xml.h"

static void add_name(struct network_name *entry, const char *name)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (!strcasecmp(entry->names[i], name))
            return;
    }
    vector_push(entry->names, entry->count, xstrdup(name));
}

/* A name alone is in the domain too, as dnsmasq itself would have it. */
static void add_names(struct network_name *entry, const char *name, const char *domain)
{
    auto_free char *full = NULL;

    add_name(entry, name);
    if (!domain || strchr(name, '.'))
        return;
    full = xasprintf("%s.%s", name, domain);
    add_name(entry, full);
}

static struct network_name *add_entry(struct network_names *names, const char *address,
                                      const char *node)
{
    struct network_name entry = {.node = node};

    snprintf(entry.address, sizeof entry.address, "%s", address);
    vector_push(names->items, names->count, entry);
    return &names->items[names->count - 1];
}

static struct network_name *find_entry(struct network_names *names, const char *address)
{
    for (size_t i = 0; i < names->count; i++) {
        if (!strcmp(names->items[i].address, address))
            return &names->items[i];
    }
    return NULL;
}

static void add_records(const struct network *network, const char *domain,
                        struct network_names *names)
{
    list_each(const struct dns_record, network->dns.records, record)
    {
        for (size_t i = 0; i < record->addresses.count; i++) {
            const char *address = record->addresses.items[i];
            struct network_name *entry = find_entry(names, address);

            add_names(entry ? entry : add_entry(names, address, NULL), record->name, domain);
        }
    }
}

void network_names(const struct network *network, const char *domain,
                   const struct network_host *hosts, size_t host_count,
                   struct network_names *ret)
{
    char text[IP6_TEXT];

    *ret = (struct network_names){0};
    if (!network->dns.enabled)
        return;
    for (size_t i = 0; i < host_count; i++) {
        if (hosts[i].ip && !hosts[i].nameless)
            add_names(add_entry(ret, ip4_format(hosts[i].ip, text), hosts[i].name),
                      hosts[i].name, domain);
    }
    for (size_t i = 0; i < host_count; i++) {
        if (ip6_is_set(hosts[i].ip6) && !hosts[i].nameless)
            add_names(add_entry(ret, ip6_format(hosts[i].ip6, text), hosts[i].name),
                      hosts[i].name, domain);
    }
    add_records(network, domain, ret);
}

void network_names_done(struct network_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        for (size_t n = 0; n < names->items[i].count; n++)
            free(names->items[i].names[n]);
        free(names->items[i].names);
    }
    free(names->items);
    *names = (struct network_names){0};
}
