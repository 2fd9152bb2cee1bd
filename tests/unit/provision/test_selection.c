/* SPDX-License-Identifier: Apache-2.0 */
/* What `up NODE` takes along, and what it leaves alone. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define NODES                                                   \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n"             \
    "defaults: { image: tiny, networks: [lan], ready: none }\n" \
    "nodes:\n"                                                  \
    "  db: {}\n"                                                \
    "  cache: { image: other }\n"                               \
    "  web: { count: 2, depends_on: [db] }\n"                   \
    "  front: { depends_on: [web-2] }\n"

/* The nodes that a run for some would make, in order. */
static void expect_nodes(const char *selected, const char *expected)
{
    auto_world struct world w;
    auto_buffer struct buffer out = {0};

    world_plan(&w, NODES, selected);
    for (size_t i = 0; i < w.plan.step_count; i++) {
        const struct resource *r = w.plan.steps[i].resource;

        if (strcmp(r->kind->name, "node") == 0)
            buffer_printf(&out, "%s%s", out.length ? " " : "", r->name);
    }
    assert_string_equal(out.data ? out.data : "", expected);
}

static void with_dependencies(void **state)
{
    (void)state;
    expect_nodes("", "cache db web-1 web-2 front");
    expect_nodes("cache", "cache");
    expect_nodes("db", "db");
    expect_nodes("web-1", "db web-1");
    expect_nodes("web", "db web-1 web-2");
    expect_nodes("front", "db web-2 front");
    expect_nodes("front cache front", "cache db web-2 front");
}

static void only_what_they_need(void **state)
{
    (void)state;
    expect_plan_of(NODES, "cache",
                   "+   image   other  copy 2 MiB from @/other.raw\n"
                   "+   network lan    nat        10.20.0.0/24\n"
                   "+   node    cache  1 vCPU, 1 GiB, disk 2 MiB on other, lan 10.20.0.3\n"
                   "Plan: 3 to add.\n");
}

static void unknown_names(void **state)
{
    (void)state;
    expect_plan_of(NODES, "wbe",
                   "error: there is no node 'wbe' in t.yaml\n"
                   "hint: did you mean 'web'?\n");
    expect_plan_of(NODES, "web-3",
                   "error: there is no node 'web-3' in t.yaml\n"
                   "hint: did you mean 'web-1'?\n");
    expect_plan_of(NODES, "web something", "error: there is no node 'something' in t.yaml\n");
}

/* Neither what changed elsewhere nor what is not in the file any more. */
static void the_rest_is_left_alone(void **state)
{
    const char *later = "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                        "defaults: { image: tiny, networks: [lan], ready: none }\n"
                        "nodes:\n"
                        "  db: { memory: 2G }\n"
                        "  web: { count: 1, cpus: 2, depends_on: [db] }\n"
                        "  new: {}\n";

    (void)state;
    world_settle(NODES);
    expect_plan_of(NODES, "web", "No changes.\n");
    expect_plan_of(later, "db",
                   "~   node db  memory 1 GiB -> 2 GiB  restart\n"
                   "Plan: 1 to change.\n");
    /* cache has .3 still, though the file does not know it any more */
    expect_plan_of(later, "new",
                   "~   network lan  address of new added (10.20.0.7)  live\n"
                   "+   node    new  1 vCPU, 1 GiB, disk 1 MiB on tiny, lan 10.20.0.7\n"
                   "Plan: 1 to add, 1 to change.\n");
    expect_plan(later, "~   network lan    address of new added (10.20.0.7)      live\n"
                       "~   network lan    address of cache removed (10.20.0.3)  live\n"
                       "~   network lan    address of web-2 removed (10.20.0.5)  live\n"
                       "~   network lan    address of front removed (10.20.0.6)  live\n"
                       "+   node    new    1 vCPU, 1 GiB, disk 1 MiB on tiny, lan 10.20.0.7\n"
                       "~   node    db     memory 1 GiB -> 2 GiB                 restart\n"
                       "~   node    web-1  cpus 1 -> 2                           restart\n"
                       "-   node    cache  not in the file any more, loses disk root\n"
                       "-   node    front  not in the file any more, loses disk root\n"
                       "-   node    web-2  not in the file any more, loses disk root\n"
                       "Plan: 1 to add, 3 to change, 3 to remove.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(with_dependencies),
        WORLD_TEST(only_what_they_need),
        WORLD_TEST(unknown_names),
        WORLD_TEST(the_rest_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
