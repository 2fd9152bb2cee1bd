/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of `dns`: names, and what there must be for them. */
#include "config/network/network_check.h"

#include <string.h>

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_LONGEST 253
#define LABEL_LONGEST 63

static bool is_dns_name(const char *name)
{
    if (strlen(name) > NAME_LONGEST)
        return false;
    for (const char *label = name;; label++) {
        size_t length = strcspn(label, ".");

        if (length == 0 || length > LABEL_LONGEST || strspn(label, ALNUM "-_") < length ||
            label[0] == '-' || label[length - 1] == '-')
            return false;
        label += length;
        if (!*label)
            return true;
    }
}

static void check_search(struct loader *l, const struct dns_setting *dns)
{
    const struct document_node *list = document_get(dns->source, "search");

    for (size_t i = 0; i < dns->search.count; i++) {
        if (!is_dns_name(dns->search.items[i]))
            finding_error(l->d, list->items[i]->position, "dns-search",
                          "write a domain such as example.test",
                          "'%s' cannot be the name of a domain", dns->search.items[i]);
    }
}

static void check_records(struct loader *l, const struct network *network)
{
    list_each(const struct dns_record, network->dns.records, record)
    {
        if (!is_dns_name(record->name))
            finding_error(l->d, record->source->key_position, "dns-record",
                          "a name has letters, digits, '-' and dots in it",
                          "'%s' cannot be the name of a machine", record->name);
        else if (record->source->kind == DOCUMENT_SEQUENCE && record->source->count == 0)
            finding_error(l->d, record->source->position, "dns-record",
                          "write an address, or remove it", "'%s' has no address",
                          record->name);
        for (size_t i = 0; i < record->addresses.count; i++)
            for (size_t k = 0; k < i; k++) {
                if (!strcmp(record->addresses.items[i], record->addresses.items[k]))
                    finding_error(l->d, record->source->position, "dns-record",
                                  "remove one of the two", "address %s of '%s' is there twice",
                                  record->addresses.items[i], record->name);
            }
    }
}

/* What only a server of ours can do. */
static void check_server(struct loader *l, const struct network *network)
{
    static const char *const keys[] = {"forwarders", "records"};
    const struct document_node *source = network->dns.source;
    const struct document_node *enabled = document_get(source, "enabled");
    const char *mode = network_mode_words[network->mode];

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(source, keys[i]);

        if (value && !network->dns.enabled)
            finding_error(l->d, value->key_position, "dns-server",
                          network_mode(network)->serves ? "remove 'enabled: false', or this"
                                                        : "remove it",
                          "'%s' is for a DNS server of virtopo, and network '%s' has none",
                          keys[i], network->name);
    }
    if (!network_mode(network)->serves && source &&
        (source->kind == DOCUMENT_SCALAR || enabled))
        finding_error(l->d, enabled ? enabled->position : source->position, "dns-server",
                      "servers and search tell the nodes of those that are there",
                      "virtopo makes no DNS server on a network of mode %s", mode);
}

void check_network_dns(struct loader *l, struct network *network)
{
    if (!network_mode(network)->serves)
        network->dns.enabled = false;
    if (!network->dns.source)
        return;
    check_server(l, network);
    if (network->dns.source->kind != DOCUMENT_MAPPING)
        return;
    check_search(l, &network->dns);
    check_records(l, network);
}
