/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "provision/status.h"

#define NODES                                                                                \
    "networks: { lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.110] } }\n"        \
    "defaults: { image: tiny }\n"                                                            \
    "nodes:\n"                                                                               \
    "  web: { count: 2, cpus: 2, memory: 256M, networks: [{ lan: 10.20.0.11 }, { lan: dhcp " \
    "}] }\n"                                                                                 \
    "  box: {}\n"

/* One line a node, then one a network. */
static char *status_text(const struct status *s)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < s->node_count; i++) {
        const struct node_status *n = &s->nodes[i];

        buffer_printf(&out, "%s/%s %s %lld cpus %llu MiB %s%s%s%s", n->cluster, n->name,
                      node_state_name(n->state), n->cpus, (unsigned long long)n->memory >> 20,
                      n->image ? n->image : "-", n->ready ? " ready" : "",
                      n->unwanted ? " unwanted" : "", n->drifted ? " drifted" : "");
        for (size_t a = 0; a < n->address_count; a++)
            buffer_printf(&out, " %s=%s", n->addresses[a].network, n->addresses[a].ip);
        buffer_puts(&out, "\n");
    }
    for (size_t i = 0; i < s->network_count; i++)
        buffer_printf(&out, "%s/%s %s %s\n", s->networks[i].cluster, s->networks[i].name,
                      s->networks[i].active ? "running" : "stopped", s->networks[i].subnet);
    return buffer_take(&out);
}

static void expect_status(const char *text, const char *expected)
{
    auto_world struct world w;
    auto_status struct status s = {0};
    auto_free char *shown = NULL;

    world_plan(&w, text, NULL);
    status_read(&w.provision.site, &s);
    shown = status_text(&s);
    assert_string_equal(shown, expected);
}

static void nothing_there(void **state)
{
    (void)state;
    expect_status(NODES, "lab/box missing 1 cpus 1024 MiB tiny\n"
                         "lab/web-1 missing 2 cpus 256 MiB tiny\n"
                         "lab/web-2 missing 2 cpus 256 MiB tiny\n");
}

static void running(void **state)
{
    auto_domain virDomainPtr box = NULL, web = NULL;

    (void)state;
    world_settle(NODES);
    expect_status(NODES, "lab/box running 1 cpus 1024 MiB tiny\n"
                         "lab/web-1 running 2 cpus 256 MiB tiny ready lan=10.20.0.11 lan=\n"
                         "lab/web-2 running 2 cpus 256 MiB tiny ready lan=10.20.0.12 lan=\n"
                         "lab/lan running 10.20.0.0/24\n");
    box = virDomainLookupByName(keeper, "lab_box");
    web = virDomainLookupByName(keeper, "lab_web-1");
    assert_int_equal(virDomainSuspend(box), 0);
    assert_int_equal(virDomainDestroy(web), 0);
    expect_status(NODES, "lab/box paused 1 cpus 1024 MiB tiny\n"
                         "lab/web-1 stopped 2 cpus 256 MiB tiny lan=10.20.0.11 lan=\n"
                         "lab/web-2 running 2 cpus 256 MiB tiny ready lan=10.20.0.12 lan=\n"
                         "lab/lan running 10.20.0.0/24\n");
}

static void not_in_the_file(void **state)
{
    (void)state;
    world_settle(NODES);
    expect_status("networks: { san: { subnet: 10.30.0.0/24 } }\n"
                  "nodes: { box: { image: tiny }, new: { image: other } }\n",
                  "lab/box running 1 cpus 1024 MiB tiny\n"
                  "lab/new missing 1 cpus 1024 MiB other\n"
                  "lab/web-1 running 2 cpus 256 MiB tiny ready unwanted lan=10.20.0.11 lan=\n"
                  "lab/web-2 running 2 cpus 256 MiB tiny ready unwanted lan=10.20.0.12 lan=\n"
                  "lab/lan running 10.20.0.0/24\n");
}

static void without_the_file(void **state)
{
    auto_world struct world w;
    auto_status struct status s = {0};
    auto_free char *shown = NULL;

    (void)state;
    world_settle(NODES);
    world_plan_down(&w, false, false);
    status_read(&w.provision.site, &s);
    shown = status_text(&s);
    assert_string_equal(shown,
                        "lab/box running 1 cpus 1024 MiB tiny\n"
                        "lab/web-1 running 2 cpus 256 MiB tiny ready lan=10.20.0.11 lan=\n"
                        "lab/web-2 running 2 cpus 256 MiB tiny ready lan=10.20.0.12 lan=\n"
                        "lab/lan running 10.20.0.0/24\n");
}

static void as_json(void **state)
{
    auto_world struct world w;
    auto_status struct status s = {0};
    auto_free char *node = NULL;
    auto_free char *network = NULL;
    json_t *object;

    (void)state;
    world_settle(NODES);
    world_plan(&w, NODES, NULL);
    status_read(&w.provision.site, &s);
    object = status_node_json(&s.nodes[1]);
    json_object_set_new(object, "owner", json_string("ann@desk"));
    node = json_dumps(object, JSON_SORT_KEYS);
    json_decref(object);
    assert_string_equal(
        node,
        "{\"addresses\": [{\"ip\": \"10.20.0.11\", \"ip6\": null, \"mac\": "
        "\"52:1a:ba:8a:ee:19\", "
        "\"network\": \"lan\"}, {\"ip\": null, \"ip6\": null, \"mac\": \"52:86:23:c7:a9:cf\", "
        "\"network\": "
        "\"lan\"}], \"cluster\": \"lab\", \"cpus\": 2, \"faults\": [], \"host\": \"local\", "
        "\"host_key\": "
        "\"ssh-ed25519 web-1\", \"image\": \"tiny\", \"in_file\": true, \"memory_bytes\": "
        "268435456, \"name\": \"web-1\", \"owner\": \"ann@desk\", \"ready_since\": "
        "\"2026-01-31T12:00:00Z\", \"state\": \"running\", \"user\": \"root\", "
        "\"waits_for_restart\": false}");
    object = status_network_json(&s.networks[0]);
    network = json_dumps(object, JSON_SORT_KEYS);
    json_decref(object);
    assert_string_equal(network,
                        "{\"bridge\": \"lan-790c75f0\", \"cluster\": \"lab\", \"host\": "
                        "\"local\", \"name\": \"lan\", \"state\": \"running\", "
                        "\"subnet\": \"10.20.0.0/24\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(nothing_there), WORLD_TEST(running),          WORLD_TEST(not_in_the_file),
        WORLD_TEST(as_json),       WORLD_TEST(without_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
