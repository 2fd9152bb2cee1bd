/* SPDX-License-Identifier: Apache-2.0 */
/* <interface>: its network is one that somebody else made, and that virtopo only uses. */
#include "config/hardware/nic.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* The file's name of the network that `kind` ("network", "bridge") and `name` stand for. */
static const char *network_of(struct import_world *world, const char *kind, const char *name)
{
    auto_free char *known = xasprintf("%s %s", kind, name);
    auto_free char *ours = NULL;
    json_t *network;
    bool is_bridge = strcmp(kind, "bridge") == 0;

    if (json_object_get(world->names, known))
        return json_string_value(json_object_get(world->names, known));
    ours = import_name(name, "net", world->networks);
    network = json_pack("{s:s}", "mode", is_bridge ? "bridge" : "external");
    if (is_bridge || strcmp(ours, name) != 0)
        import_set_text(network, is_bridge ? "bridge" : "external", name);
    json_object_set_new(world->networks, ours, network);
    json_object_set_new(world->names, known, json_string(ours));
    return json_string_value(json_object_get(world->names, known));
}

static void import_tuning(json_t *nic, xmlNodePtr interface)
{
    static const struct import_row rows[] = {
        {"mac", "mac@address", IMPORT_TEXT},
        {"mtu", "mtu@size", IMPORT_NUMBER},
        {"link", "link@state", IMPORT_WORD, nic_link_words},
        {"driver", "driver@name", IMPORT_WORD, nic_driver_words},
        {"queues", "driver@queues", IMPORT_NUMBER},
        {"boot", "boot@order", IMPORT_NUMBER},
        {"filter", "filterref@filter", IMPORT_TEXT},
        {"bandwidth.in.average", "bandwidth/inbound@average", IMPORT_KIB},
        {"bandwidth.in.peak", "bandwidth/inbound@peak", IMPORT_KIB},
        {"bandwidth.in.burst", "bandwidth/inbound@burst", IMPORT_KIB},
        {"bandwidth.out.average", "bandwidth/outbound@average", IMPORT_KIB},
        {"bandwidth.out.peak", "bandwidth/outbound@peak", IMPORT_KIB},
        {"bandwidth.out.burst", "bandwidth/outbound@burst", IMPORT_KIB},
        {0},
    };
    auto_free char *model = import_text(interface, "model@type");

    import_rows(nic, interface, rows);
    import_set_word(nic, "model", nic_model_words, model);
}

/* The file's name of the network that it is plugged into is by its type. */
static char *place_of(xmlNodePtr interface, const char *type)
{
    auto_free char *path = type ? xasprintf("source@%s", type) : NULL;

    return path ? import_text(interface, path) : NULL;
}

bool import_is_nic(xmlNodePtr interface)
{
    auto_free char *type = xmlreader_attribute(interface, "type");
    auto_free char *name = place_of(interface, type);

    return type && name && (strcmp(type, "network") == 0 || strcmp(type, "bridge") == 0) &&
           !xmlreader_child(interface, "virtualport");
}

void import_nics(json_t *node, xmlNodePtr domain, struct import_world *world)
{
    json_t *nics = json_array();

    import_each(xmlreader_child(domain, "devices"), "interface", n)
    {
        auto_free char *type = xmlreader_attribute(n, "type");
        auto_free char *name = place_of(n, type);
        json_t *nic;

        if (!import_is_nic(n))
            continue;
        nic = json_pack("{s:s}", "network", network_of(world, type, name));
        import_tuning(nic, n);
        json_array_append_new(nics, nic);
    }
    import_set(node, "networks", nics);
}
