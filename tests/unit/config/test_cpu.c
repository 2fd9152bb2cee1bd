/* SPDX-License-Identifier: Apache-2.0 */
/* What is left out of `cpus`, its cells and `memory`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "loading.h"

#define WITH(cpus) \
    LOADING_HEAD "nodes: { web: { image: debian12, memory: 3G, cpus: " cpus " } }\n"

static const struct cpu_setting *load(struct loading *l, const char *text)
{
    loading_good(l, text);
    return &l->cluster->nodes[0].cpus;
}

static void modes(void **state)
{
    auto_loading struct loading l = {0}, m = {0}, n = {0};

    (void)state;
    assert_int_equal(cpu_mode_of(load(&l, WITH("2"))), CPU_MODE_AUTO);
    assert_int_equal(cpu_mode_of(load(&m, WITH("{ model: Haswell }"))), CPU_MODE_CUSTOM);
    assert_int_equal(cpu_mode_of(load(&n, WITH("{ mode: maximum }"))), CPU_MODE_MAXIMUM);
}

static void topologies(void **state)
{
    static const struct {
        const char *text;
        long long max, sockets, dies, cores, threads;
    } cases[] = {
        {WITH("{ count: 8, topology: { cores: 2, threads: 2 } }"), 8, 2, 1, 2, 2},
        {WITH("{ count: 1, max: 6, topology: { dies: 3 } }"), 6, 2, 3, 1, 1},
        {WITH("{ count: 3, topology: { sockets: 3 } }"), 3, 3, 1, 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_loading struct loading l = {0};
        const struct cpu_setting *cpus = load(&l, cases[i].text);
        struct cpu_topology topology;

        assert_true(cpu_topology_of(cpus, &topology));
        assert_int_equal(cpu_max(cpus), cases[i].max);
        assert_int_equal(topology.sockets, cases[i].sockets);
        assert_int_equal(topology.dies, cases[i].dies);
        assert_int_equal(topology.cores, cases[i].cores);
        assert_int_equal(topology.threads, cases[i].threads);
    }
}

static void no_topology(void **state)
{
    auto_loading struct loading l = {0};
    struct cpu_topology topology;

    (void)state;
    assert_false(cpu_topology_of(load(&l, WITH("4")), &topology));
}

static void pins(void **state)
{
    auto_loading struct loading l = {0};
    const struct cpu_setting *cpus =
        load(&l, WITH("{ count: 2, iothreads: 3, pin: { iothread2: 7, \"1,0\": \"5,4\", "
                      "iothreads: 8-9 } }"));

    (void)state;
    assert_null(cpu_pin_of(cpus, 0));
    assert_string_equal(cpu_pin_of(cpus, 1), "8-9");
    assert_string_equal(cpu_pin_of(cpus, 2), "7");
    assert_string_equal(cpu_pin_of(cpus, 3), "8-9");
    assert_string_equal(((const struct cpu_pin *)cpus->pins.items)[1].cpus, "4-5");
}

static void distances(void **state)
{
    auto_loading struct loading l = {0};
    const struct list *cells =
        &load(&l, WITH("{ count: 2, numa: [{ cpus: 0, memory: 1G, distances: { 2: 31 } }, "
                       "{ cpus: 1, memory: 1G }, { memory: 1G }] }"))
             ->cells;

    (void)state;
    assert_true(numa_has_distances(cells));
    assert_int_equal(numa_distance(cells, 0, 0), 10);
    assert_int_equal(numa_distance(cells, 0, 2), 31);
    assert_int_equal(numa_distance(cells, 2, 0), 31);
    assert_int_equal(numa_distance(cells, 0, 1), 20);
}

static void specs(void **state)
{
    auto_loading struct loading l = {0};
    json_t *spec;

    (void)state;
    load(&l, WITH("{ count: 2, features: { aes: {}, hle: { policy: disable } }, pin: { 0: "
                  "\"1,0\" }, nested: false, mode: auto }"));
    spec = cluster_node_spec(&l.cluster->nodes[0]);
    {
        auto_free char *text =
            json_dumps(json_object_get(spec, "cpus"), JSON_COMPACT | JSON_SORT_KEYS);

        assert_string_equal(text, "{\"count\":2,\"features\":{\"aes\":\"require\",\"hle\":"
                                  "\"disable\"},\"nested\":false,\"pin\":{\"0\":\"0-1\"}}");
    }
    json_decref(spec);
}

static void huge_pages(void **state)
{
    static const struct {
        const char *value;
        bool has;
        size_t sizes;
    } cases[] = {{"true", true, 0},
                 {"false", false, 0},
                 {"2M", true, 1},
                 {"[2M]", true, 1},
                 {"{ enabled: true }", true, 0},
                 {"{ pages: [{ size: 1G }] }", true, 1},
                 {"{ enabled: false }", false, 0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_loading struct loading l = {0};
        auto_free char *text =
            xasprintf(LOADING_HEAD "nodes: { web: { image: debian12, memory: { size: 2G, "
                                   "hugepages: %s } } }\n",
                      cases[i].value);
        const struct memory_setting *memory;

        loading_good(&l, text);
        memory = &l.cluster->nodes[0].memory;
        assert_int_equal(memory_has_hugepages(memory), cases[i].has);
        assert_int_equal(memory->hugepages.pages.count, cases[i].sizes);
        assert_false(memory_can_grow(memory));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes),       cmocka_unit_test(topologies),
        cmocka_unit_test(no_topology), cmocka_unit_test(pins),
        cmocka_unit_test(distances),   cmocka_unit_test(specs),
        cmocka_unit_test(huge_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
