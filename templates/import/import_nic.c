/* SPDX-License-Identifier: Apache-2.0 */
/* <interface>: its network is one that somebody else made, and that virtopo only uses. */
#include "config/hardware/nic.h"

#include <stdlib.h>
#include <string.h>

#include "config/network/network.h"
#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* What an interface is plugged into. */
struct place {
    const char *mode; /* of the network that stands for it in the file; NULL: none can */
    char *name;
    char *how; /* a macvtap's */
};

static void place_done(struct place *place)
{
    free(place->name);
    free(place->how);
}
#define auto_place __attribute__((cleanup(place_done)))

static bool is_open_vswitch(xmlNodePtr port)
{
    xmlNodePtr parameters = xmlreader_child(port, "parameters");

    return xmlreader_is(port, "type", "openvswitch") && !xmlreader_has(parameters, "profileid");
}

static struct place place_of(xmlNodePtr interface)
{
    static const char *const kinds[][3] = {{"network", "source@network", "external"},
                                           {"bridge", "source@bridge", "bridge"},
                                           {"direct", "source@dev", "macvtap"}};
    xmlNodePtr port = xmlreader_child(interface, "virtualport");
    struct place place = {0};

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (xmlreader_is(interface, "type", kinds[i][0]) &&
            (place.name = import_text(interface, kinds[i][1])))
            place.mode = kinds[i][2];
    }
    if (place.mode && port)
        place.mode = strcmp(place.mode, "bridge") == 0 && is_open_vswitch(port) ? "ovs" : NULL;
    if (place.mode && strcmp(place.mode, "macvtap") == 0) {
        place.how = import_text(interface, "source@mode");
        if (place.how && !import_has_word(network_macvtap_words, place.how))
            place.mode = NULL;
    }
    return place;
}

/* The key that says which one it is. */
static const char *key_of(const char *mode)
{
    if (strcmp(mode, "external") == 0)
        return mode;
    return strcmp(mode, "macvtap") == 0 ? "dev" : "bridge";
}

/* The file's name of the network that stands for the place. */
static const char *network_of(struct import_world *world, const struct place *place)
{
    auto_free char *known =
        xasprintf("%s %s %s", place->mode, place->name, place->how ? place->how : "");
    auto_free char *ours = NULL;
    json_t *network;

    if (json_object_get(world->names, known))
        return json_string_value(json_object_get(world->names, known));
    ours = import_name(place->name, "net", world->networks);
    network = json_pack("{s:s}", "mode", place->mode);
    if (strcmp(place->mode, "external") != 0 || strcmp(ours, place->name) != 0)
        import_set_text(network, key_of(place->mode), place->name);
    if (place->how)
        import_set_text(network, "type", place->how);
    json_object_set_new(world->networks, ours, network);
    json_object_set_new(world->names, known, json_string(ours));
    return json_string_value(json_object_get(world->names, known));
}

static void import_vlan(json_t *nic, xmlNodePtr interface)
{
    xmlNodePtr vlan = xmlreader_child(interface, "vlan");
    bool is_trunk =
        xmlreader_is(vlan, "trunk", "yes") || xmlreader_next(xmlreader_child(vlan, "tag"));
    json_t *trunk = json_array();

    import_each(vlan, "tag", tag)
    {
        auto_free char *id = xmlreader_attribute(tag, "id");
        json_t *number = json_integer(xmlreader_number(id, 0));

        if (!is_trunk || xmlreader_is(tag, "nativeMode", "untagged"))
            import_set(nic, "vlan", json_incref(number));
        if (is_trunk)
            json_array_append(trunk, number);
        json_decref(number);
    }
    import_set(nic, "trunk", trunk);
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

bool import_is_nic(xmlNodePtr interface)
{
    auto_place struct place place = place_of(interface);

    return place.mode != NULL;
}

void import_nics(json_t *node, xmlNodePtr domain, struct import_world *world)
{
    json_t *nics = json_array();

    import_each(xmlreader_child(domain, "devices"), "interface", n)
    {
        auto_place struct place place = place_of(n);
        json_t *nic;

        if (!place.mode)
            continue;
        nic = json_pack("{s:s}", "network", network_of(world, &place));
        import_tuning(nic, n);
        if (strcmp(place.mode, "ovs") == 0)
            import_vlan(nic, n);
        json_array_append_new(nics, nic);
    }
    import_set(node, "networks", nics);
}
