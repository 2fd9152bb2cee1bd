/* SPDX-License-Identifier: Apache-2.0 */
#include "network/persist/persist_files.h"

#include <string.h>

#include "host/shell.h"
#include "network/own_bridge/before.h"
#include "network/own_bridge/own_bridge.h"

int persist_look_at(struct site_host *host, const char *cluster, const char *uplink,
                    struct persist_view *ret, struct error **err)
{
    const char *const args[] = {cluster, uplink ? uplink : "", NULL};
    struct shell_options options = {.root = true};
    auto_buffer struct buffer text = {0};

    if (shell_check(host->host, "looking for the network manager", persist_look, args, &options,
                    &text, err) < 0)
        return -1;
    persist_view_parse(text.data ? text.data : "", ret);
    return 0;
}

int persist_read_record(const struct persist_object *o, char **ret, struct error **err)
{
    const struct network_object *n = o->network->data;
    auto_call struct host_call call = host_call_begin(o->host->host);
    auto_network virNetworkPtr network = virNetworkLookupByUUIDString(call.connection, n->uuid);
    auto_free char *xml =
        network ? virNetworkGetXMLDesc(network, VIR_NETWORK_XML_INACTIVE) : NULL;
    struct network_view view = {0};

    if (!xml)
        return error_virt(err, "reading network '%s'", n->name);
    if (network_view_parse(xml, &view, err) < 0)
        return -1;
    *ret = xstrdup_null(view.before);
    network_view_done(&view);
    return 0;
}

static void take_lines(struct persist_bridge *b, const struct bridge_script *script)
{
    for (size_t i = 0; i < ARRAY_SIZE(script->addresses); i++) {
        if (script->addresses[i])
            persist_take_address(b, script->addresses[i]);
    }
    for (size_t i = 0; i < script->moved_addresses.count; i++)
        persist_take_address(b, script->moved_addresses.items[i]);
    for (size_t i = 0; i < script->moved_routes.count; i++)
        persist_take_route(b, script->moved_routes.items[i]);
}

int persist_files_of(const struct persist_object *o, const char *before_text,
                     struct persist_files *ret, struct error **err)
{
    const struct network_object *n = o->network->data;
    auto_before struct bridge_before before = {0};
    struct bridge_names names;
    struct bridge_script script;
    struct persist_bridge b;

    if (before_text && bridge_before_parse(before_text, &before, err) < 0)
        return -1;
    own_bridge_script(n, before_text ? &before : NULL, &script, &names);
    b = (struct persist_bridge){
        .cluster = o->cluster,
        .network = n->network->name,
        .bridge = n->bridge,
        .uplink = script.uplink,
        .vlan_device = script.vlan_device,
        .vlan = script.vlan,
        .stp = script.stp,
        .forward_delay = script.forward_delay,
        .mtu = script.mtu,
        .mac = script.vlan_device ? NULL : script.uplink_mac,
        .uplink_file = o->view.uplink_file,
    };
    take_lines(&b, &script);
    persist_render(o->manager, &b, ret);
    persist_bridge_done(&b);
    return 0;
}

void persist_note_conflicts(const struct persist_object *o, struct task *task)
{
    const char *manager = persist_manager_words[o->manager];
    auto_free char *lines = xstrdup(o->view.in_the_way ? o->view.in_the_way : "");
    char *rest = NULL;

    /* With a VLAN, the uplink keeps its own. */
    if (o->wanted->vlan.tag)
        return;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(manager);

        if (strncmp(line, manager, length) == 0 && line[length] == ' ')
            task_note(
                task,
                "%s gives %s addresses at boot, which now belong on the bridge: take them "
                "out there",
                line + length + 1, o->wanted->uplink);
    }
}
