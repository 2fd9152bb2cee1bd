/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/import/import_user_net.h"

#include <stdlib.h>
#include <string.h>

#include "network/forward_plan.h"
#include "templates/domain/user_net_xml.h"
#include "templates/xmlreader.h"

static bool is_published(const char *text, const json_t *publish)
{
    const json_t *item;
    size_t i;

    json_array_foreach (publish, i, item) {
        if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
            return true;
    }
    return false;
}

static json_t *forwards_of(const struct domain_view_nic *nic, const json_t *publish)
{
    json_t *list = json_array();

    for (size_t i = 0; i < nic->forward_count; i++) {
        if (!is_published(nic->forwards[i], publish) && !forward_is_chosen(nic->forwards[i]))
            json_array_append_new(list, json_string(nic->forwards[i]));
    }
    return list;
}

json_t *import_user_network(xmlNodePtr domain, xmlNodePtr interface, const json_t *publish)
{
    auto_free char *alias = xmlreader_child_attribute(interface, "alias", "name");
    struct domain_view_nic nic = {0};
    json_t *network, *list;

    if (!xmlreader_is(interface, "type", "user"))
        return NULL;
    if (alias)
        user_net_read(domain, alias, &nic);
    network = json_pack("{s:s}", "mode", "user");
    list = forwards_of(&nic, publish);
    if (json_array_size(list) > 0)
        json_object_set(network, "forward", list);
    json_decref(list);
    for (size_t i = 0; i < nic.forward_count; i++)
        free(nic.forwards[i]);
    free(nic.forwards);
    return network;
}
