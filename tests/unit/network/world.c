/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/address_plan.h"
#include "network/network.h"

void world_load(struct world *w, const char *text)
{
    auto_free char *all = xasprintf(WORLD_HEAD "%s", text);
    auto_buffer struct buffer out = {0};

    *w = (struct world){0};
    if (cluster_load_text("t.yaml", "/cluster", all, strlen(all), NULL, &w->d, &w->arena,
                          &w->cluster) < 0 ||
        w->d.count) {
        diagnostics_render(&w->d, false, &out);
        fail_msg("%s", out.data);
    }
    site_offline(w->cluster, &w->site);
}

void world_open(struct world *w, const char *text)
{
    struct error *err = NULL;

    world_load(w, text);
    expect_ok(address_plan(w->cluster, NULL, 0, &err), &err);
}

void world_done(struct world *w)
{
    site_close(&w->site);
    cluster_free(w->cluster);
    diagnostics_done(&w->d);
    arena_free(w->arena);
    *w = (struct world){0};
}

char *world_network_xml(struct world *w, const char *name)
{
    auto_resource_set struct resource_set set = {0};
    const struct network *network = cluster_network(w->cluster, name);
    struct error *err = NULL;
    char *xml = NULL;

    assert_non_null(network);
    expect_ok(network_render(network_want(&set, &w->site, network, "local"), &xml, &err), &err);
    return xml;
}

struct survey_network *world_add_network(struct world *w, const char *xml, bool ours)
{
    struct survey *survey = &w->site.hosts[0].survey;
    struct survey_network n = {.active = true, .persistent = true, .ours = ours};
    struct error *err = NULL;

    expect_ok(network_view_parse(xml, &n.view, &err), &err);
    n.name = xstrdup(n.view.name);
    if (ours)
        identity_network_uuid(w->cluster->name, n.view.tag.name, n.uuid);
    vector_push(survey->networks, survey->network_count, n);
    return &survey->networks[survey->network_count - 1];
}

char *world_addresses(const struct world *w, const char *name)
{
    const struct node *node = cluster_node(w->cluster, name);
    auto_buffer struct buffer out = {0};
    char text[IP4_TEXT];

    assert_non_null(node);
    list_each(struct nic, node->nics, nic)
        buffer_printf(&out, "%s%s", out.length ? " " : "", ip4_format(nic->ip, text));
    return buffer_take(&out);
}

char *changes_text(const struct change_list *list)
{
    static const char *const classes[] = {"live", "restart", "recreate", "data-loss"};
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < list->count; i++) {
        const struct change *c = &list->items[i];

        buffer_printf(&out, "%s %s %s -> %s", classes[c->class], c->what,
                      c->from ? c->from : "nothing", c->to ? c->to : "nothing");
        if (c->note)
            buffer_printf(&out, " (%s)", c->note);
        buffer_puts(&out, "\n");
    }
    return buffer_take(&out);
}

void expect_ok(int result, struct error **err)
{
    auto_free char *text = *err ? error_text(*err) : NULL;

    if (result || *err) {
        error_clear(err);
        fail_msg("%s", text ? text : "failed without an error");
    }
}

void expect_error(int result, struct error **err, const char *message, const char *hint)
{
    auto_free char *text = *err ? error_text(*err) : NULL;
    auto_free char *remedy = *err ? xstrdup_null((*err)->hint) : NULL;

    error_clear(err);
    assert_int_equal(result, -1);
    assert_non_null(text);
    assert_string_equal(text, message);
    assert_string_equal(remedy ? remedy : "", hint ? hint : "");
}
