/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: defaults, counts, short forms, references, specs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "loading.h"
#include "util/size.h"

#define NODES LOADING_HEAD "defaults: { image: debian12 }\nnodes:\n"

static const struct nic *nic_of(const struct node *node, size_t i)
{
    assert_true(i < node->nics.count);
    return (const struct nic *)node->nics.items + i;
}

static void assert_ip(const struct nic *nic, const char *expected)
{
    char text[IP4_TEXT];

    assert_string_equal(ip4_format(nic->ip, text), expected);
}

static void node_defaults(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *node;

    (void)state;
    loading_good(&l, NODES "  a:\n  b: { networks: [lan] }\n");
    assert_int_equal(l.cluster->node_count, 2);
    node = &l.cluster->nodes[0];
    assert_string_equal(node->name, "a");
    assert_string_equal(node->group, "a");
    assert_string_equal(node->host, "local");
    assert_ptr_equal(node->image, cluster_image(l.cluster, "debian12"));
    assert_true(node->cpus.count == 1 && node->memory.size == GIB && node->disk.size == 0);
    assert_true(node->count == 0 && node->index == 0 && !node->autostart);
    assert_int_equal(node->virt, VIRT_AUTO);
    assert_int_equal(node->ready.kind, READY_NONE); /* nothing could answer */
    assert_int_equal(l.cluster->nodes[1].ready.kind, READY_SSH);
    assert_false(l.cluster->nodes[1].ready.given);
}

static void merging(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *a, *b;
    char *text;

    (void)state;
    loading_good(
        &l, LOADING_HEAD
        "defaults: { image: debian12, cpus: 2, labels: { x: 1, y: 2 }, run: [one], "
        "cloud_init: { k: { a: 1, b: [1] } }, ready: { timeout: 9s }, networks: [lan] }\n"
        "nodes:\n"
        "  a: { cpus: 4, labels: { y: 3, z: 4 }, run: [two], "
        "cloud_init: { k: { b: [2], c: 3 } }, ready: { kind: none } }\n"
        "  b: { networks: [], run: [] }\n");
    a = &l.cluster->nodes[0];
    b = &l.cluster->nodes[1];
    assert_true(a->cpus.count == 4 && b->cpus.count == 2);
    assert_int_equal(a->labels.count, 3);
    assert_string_equal(a->labels.items[0].value, "3");
    assert_int_equal(b->labels.count, 2);
    assert_int_equal(a->run.count, 1);
    assert_string_equal(a->run.items[0], "two");
    assert_int_equal(b->run.count, 0);
    assert_int_equal(b->nics.count, 0);
    assert_true(a->ready.kind == READY_NONE && a->ready.timeout == 9000 && a->ready.given);
    text = json_dumps(a->cloud_init, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, "{\"k\":{\"a\":1,\"b\":[2],\"c\":3}}");
    free(text);
    assert_string_equal(document_get(b->source, "cpus")->origin, "defaults");
    assert_null(document_get(a->source, "cpus")->origin);
    assert_string_equal(document_get(document_get(a->source, "labels"), "x")->origin,
                        "defaults");
}

static const char *label_of(const struct node *node, const char *name)
{
    for (size_t i = 0; i < node->labels.count; i++) {
        if (!strcmp(node->labels.items[i].name, name))
            return node->labels.items[i].value;
    }
    return NULL;
}

/* A short form over a mapping, and under one, counts as the mapping that it stands for. */
static void profiles_with_short_forms(void **state)
{
    auto_loading struct loading l = {0};
    const struct document_node *cpus;

    (void)state;
    loading_good(&l, LOADING_HEAD "defaults: { image: debian12, cpus: { count: 2 } }\n"
                                  "profiles: { four: { cpus: 4 }, map: { cpus: {} } }\n"
                                  "nodes: { a: { cpus: 3 }, b: { profile: [four, map] } }\n");
    cpus = document_get(l.cluster->nodes[0].source, "cpus");
    assert_int_equal(cpus->kind, DOCUMENT_MAPPING);
    assert_int_equal(l.cluster->nodes[0].cpus.count, 3);
    assert_null(document_get(cpus, "count")->origin);
    cpus = document_get(l.cluster->nodes[1].source, "cpus");
    assert_int_equal(l.cluster->nodes[1].cpus.count, 4);
    assert_string_equal(document_get(cpus, "count")->origin, "profiles.four");
}

/* Large files stay bounded: no more values than the limit come of nodes times profiles. */
static void profiles_in_bounds(void **state)
{
    auto_loading struct loading l = {0};
    auto_buffer struct buffer text = {0};

    (void)state;
    buffer_puts(&text,
                LOADING_HEAD "defaults: { image: debian12 }\nprofiles: { big: { labels: {");
    for (int i = 0; i < 30000; i++)
        buffer_printf(&text, "k%d: v,", i);
    buffer_puts(&text, "} } }\nnodes: {");
    for (int i = 0; i < 400; i++)
        buffer_printf(&text, "n%d: { profile: big, labels: { a: b } },", i);
    buffer_puts(&text, "}\n");
    loading_start(&l, text.data);
    assert_null(l.cluster);
    for (size_t i = 0; i < l.d.count; i++) {
        if (!strcmp(l.d.items[i].check, "composed-size"))
            return;
    }
    fail_msg("not bounded");
}

/* defaults < base < big < small < the node; `base` counts where it comes first. */
static void profiles(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *a, *b, *c;

    (void)state;
    loading_good(&l, LOADING_HEAD
                 "defaults: { image: debian12, cpus: 2, disk: 9G, profile: small, "
                 "labels: { x: defaults, y: defaults } }\n"
                 "profiles:\n"
                 "  base: { memory: 2G, labels: { x: base, z: base } }\n"
                 "  big: { profile: [base], cpus: 8, memory: 8G, labels: { x: big } }\n"
                 "  small: { profile: base, cpus: 1, disk: ~, labels: { y: ~ } }\n"
                 "nodes:\n"
                 "  a: {}\n"
                 "  b: { profile: [big, small], labels: { z: own } }\n"
                 "  c: { profile: [] }\n");
    a = &l.cluster->nodes[0];
    b = &l.cluster->nodes[1];
    c = &l.cluster->nodes[2];
    assert_true(a->cpus.count == 1 && a->memory.size == 2ULL << 30 && a->disk.size == 0);
    assert_true(b->cpus.count == 1 && b->memory.size == 8ULL << 30 && b->disk.size == 0);
    assert_true(c->cpus.count == 2 && c->memory.size == 1ULL << 30 &&
                c->disk.size == 9ULL << 30);
    assert_string_equal(label_of(a, "x"), "base");
    assert_null(label_of(a, "y"));
    assert_string_equal(label_of(b, "x"), "big");
    assert_string_equal(label_of(b, "z"), "own");
    assert_string_equal(label_of(c, "y"), "defaults");
    assert_string_equal(document_get(a->source, "memory")->origin, "profiles.base");
    assert_string_equal(document_get(b->source, "memory")->origin, "profiles.big");
    assert_null(document_get(b->source, "disk"));
}

static void counts(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *node;

    (void)state;
    loading_good(&l, NODES "  web: { count: 3, networks: [{ lan: 10.20.0.252 }, san] }\n"
                           "  one: { count: 1 }\n  last: {}\n");
    assert_int_equal(l.cluster->node_count, 5);
    node = cluster_node(l.cluster, "web-3");
    assert_ptr_equal(node, &l.cluster->nodes[2]);
    assert_string_equal(node->group, "web");
    assert_true(node->count == 3 && node->index == 3);
    assert_ip(nic_of(&l.cluster->nodes[0], 0), "10.20.0.252");
    assert_ip(nic_of(node, 0), "10.20.0.254");
    assert_int_equal(nic_of(node, 1)->ip, 0);
    assert_true(nic_of(node, 0) != nic_of(&l.cluster->nodes[1], 0));
    assert_string_equal(l.cluster->nodes[3].name, "one-1");
    assert_string_equal(l.cluster->nodes[4].name, "last");
    assert_null(cluster_node(l.cluster, "web"));
}

static void nic_forms(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *node;
    char mac[MAC_TEXT];

    (void)state;
    loading_good(&l,
                 "cluster: lab\nimages: { d: { file: d } }\n"
                 "networks: { lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.50, 10.20.0.60] }, "
                 "san: { subnet: 10.30.0.0/24, mtu: 9000 } }\n"
                 "nodes: { a: { image: d, networks: [san, { lan: 10.20.0.10 }, { lan: dhcp }, "
                 "{ network: san, ip: 10.30.0.7, mac: '52:54:00:AA:bb:01', model: e1000e, "
                 "mtu: 4000 }, { network: lan, ip: dhcp }, { network: lan }] } }\n");
    node = &l.cluster->nodes[0];
    assert_int_equal(node->nics.count, 6);
    assert_ptr_equal(nic_of(node, 0)->net, cluster_network(l.cluster, "san"));
    assert_true(!nic_of(node, 0)->ip_explicit && !nic_of(node, 0)->dynamic);
    assert_ip(nic_of(node, 1), "10.20.0.10");
    assert_true(nic_of(node, 1)->ip_explicit && !nic_of(node, 1)->mac_explicit);
    assert_true(nic_of(node, 2)->dynamic && !nic_of(node, 2)->ip_explicit);
    assert_ip(nic_of(node, 3), "10.30.0.7");
    assert_true(nic_of(node, 3)->mac_explicit);
    assert_string_equal(mac_format(nic_of(node, 3)->mac, mac), "52:54:00:aa:bb:01");
    assert_int_equal(nic_of(node, 3)->model, NIC_E1000E);
    assert_int_equal(nic_of(node, 3)->mtu, 4000);
    assert_true(nic_of(node, 4)->dynamic);
    assert_int_equal(nic_of(node, 5)->model, NIC_VIRTIO);
}

static void disks(void **state)
{
    auto_loading struct loading l = {0};
    const struct disk *disk;

    (void)state;
    loading_good(&l,
                 NODES "  a: { disk: 10G, disks: [{ name: data, size: 1.5G }, { name: log, "
                       "size: 512M, bus: scsi, cache: none, discard: unmap, serial: L1 }] }\n");
    assert_int_equal(l.cluster->nodes[0].disk.size, 10 * GIB);
    disk = l.cluster->nodes[0].disks.items;
    assert_string_equal(disk[0].serial, "data");
    assert_int_equal(disk[0].size, 1536 * MIB);
    assert_true(disk[0].bus == DISK_VIRTIO && disk[0].cache == DISK_CACHE_DEFAULT);
    assert_string_equal(disk[1].serial, "L1");
    assert_true(disk[1].bus == DISK_SCSI && disk[1].cache == DISK_CACHE_NONE &&
                disk[1].discard == DISK_DISCARD_UNMAP);
}

static void dependencies(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *app;

    (void)state;
    loading_good(&l, NODES "  app: { count: 2, depends_on: [web, db-2, cache] }\n"
                           "  web: { count: 2 }\n  db: { count: 3 }\n  cache: {}\n");
    app = cluster_node(l.cluster, "app-2");
    assert_int_equal(app->dependency_count, 4);
    assert_string_equal(app->dependencies[0]->name, "web-1");
    assert_string_equal(app->dependencies[1]->name, "web-2");
    assert_string_equal(app->dependencies[2]->name, "db-2");
    assert_ptr_equal(app->dependencies[3], cluster_node(l.cluster, "cache"));
    assert_int_equal(cluster_node(l.cluster, "web-1")->dependency_count, 0);
}

/* Several paths to one node are no circle. */
static void diamond(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_good(&l, NODES "  a: { depends_on: [b, c] }\n  b: { depends_on: [d] }\n"
                           "  c: { depends_on: [d] }\n  d: {}\n");
    loading_bad(NODES "  a: { depends_on: [b, c] }\n  b: { depends_on: [d] }\n"
                      "  c: { depends_on: [d] }\n  d: { depends_on: [c] }\n",
                "depends-cycle", 8, 20);
}

static void ready_forms(void **state)
{
    auto_loading struct loading l = {0};
    const struct node *nodes;

    (void)state;
    loading_good(&l, NODES "  a: { ready: none, networks: [lan] }\n"
                           "  b: { ready: ssh, networks: [lan] }\n"
                           "  c: { ready: { timeout: 2m }, networks: [lan] }\n");
    nodes = l.cluster->nodes;
    assert_true(nodes[0].ready.kind == READY_NONE && nodes[0].ready.given);
    assert_true(nodes[1].ready.kind == READY_SSH && nodes[1].ready.timeout == 0);
    assert_true(nodes[2].ready.kind == READY_SSH && nodes[2].ready.timeout == 120000);
}

static void assert_spec(const struct node *node, const char *expected)
{
    json_t *spec = cluster_node_spec(node);
    char *text = json_dumps(spec, JSON_COMPACT);

    assert_string_equal(text, expected);
    free(text);
    json_decref(spec);
}

static void spec(void **state)
{
    auto_loading struct loading l = {0};
    struct nic *nic;

    (void)state;
    loading_good(&l, NODES
                 "  plain:\n"
                 "  full: { count: 2, description: 'a b', cpus: 2, memory: 1536M, disk: 8G, "
                 "disks: [{ name: x, size: 1G }], networks: [{ lan: 10.20.0.9 }], "
                 "depends_on: [plain], ready: { timeout: 90s }, files: [{ path: /a, content: "
                 "secret }], packages: [p], run: [r], labels: { k: v }, virt: qemu, "
                 "cloud_init: { z: 1 }, autostart: true }\n");
    assert_spec(&l.cluster->nodes[0],
                "{\"autostart\":false,\"cpus\":1,\"host\":\"local\",\"image\":\"debian12\","
                "\"memory\":\"1G\",\"ready\":{\"kind\":\"none\"},\"virt\":\"auto\"}");
    nic = l.cluster->nodes[2].nics.items;
    assert_int_equal(mac_parse("52:54:00:00:00:01", &nic->mac, NULL), 0);
    assert_spec(&l.cluster->nodes[2],
                "{\"autostart\":true,\"cloud_init\":\"sha256:9d80fd5b8b1e66e0\",\"cpus\":2,"
                "\"depends_on\":["
                "\"plain\"],\"description\":\"a b\",\"disk\":\"8G\",\"disks\":[{\"name\":\"x\","
                "\"serial\":\"x\",\"size\":\"1G\"}],\"files\":[{\"mode\":\"0644\",\"owner\":"
                "\"root:root\",\"path\":\"/a\",\"sha256\":"
                "\"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\"}],"
                "\"host\":\"local\",\"image\":\"debian12\",\"labels\":{\"k\":\"v\"},"
                "\"memory\":\"1536M\",\"networks\":[{\"ip\":\"10.20.0.10\",\"mac\":"
                "\"52:54:00:00:00:01\",\"model\":\"virtio\",\"network\":\"lan\"}],"
                "\"packages\":[\"p\"],\"ready\":{\"kind\":\"ssh\",\"timeout\":\"90s\"},"
                "\"run\":\"sha256:bfa0ea552d18e057\",\"virt\":\"qemu\"}");
}

/* A value of `defaults` is reported where it stands, and once. */
static void findings_in_defaults(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_start(&l, LOADING_HEAD "defaults: { image: debian12, cpus: 0, x: 1 }\n"
                                   "nodes: { a: {}, b: {}, c: { count: 9 } }\n");
    assert_int_equal(l.d.errors, 2);
    loading_bad(LOADING_HEAD "defaults: { cpus: 0 }\n", "range", 4, 19);
    loading_bad(LOADING_HEAD "defaults: { image: debian12, disks: [{ name: x }] }\nnodes: { a: "
                             "}\n",
                "required", 4, 38);
    loading_bad(LOADING_HEAD "defaults: { image: nope }\nnodes: { a: }\n", "unknown-image", 4,
                20);
}

/* Where a finding must stand when the value came the long way round. */
static void places(void **state)
{
    (void)state;
    loading_bad(NODES "  a: { networks: [{ network: lan, ip: 10.21.0.1 }] }\n",
                "address-subnet", 6, 39);
    loading_bad(NODES "  a: { networks: [{ nope: 10.21.0.1 }] }\n", "unknown-network", 6, 21);
    loading_bad(NODES "  a: { networks: [lan, nope] }\n", "unknown-network", 6, 24);
    loading_bad(NODES "  a: &x { cpus: 0 }\n  b: *x\n", "range", 6, 17);
    loading_bad(NODES "  a: { disk: 1500K }\n", "size-step", 6, 14);
}

static char *thousand_nodes(void)
{
    struct buffer text = {0};

    buffer_puts(&text, "cluster: big\nimages: { d: { file: d } }\n"
                       "networks: { lan: { subnet: 10.20.0.0/16 } }\n"
                       "defaults: { image: d, ready: none }\nnodes:\n  n0: {}\n");
    for (int i = 1; i < 1000; i++)
        buffer_printf(&text,
                      "  n%d:\n    networks: [{ lan: 10.20.%d.%d }]\n"
                      "    depends_on: [n%d]\n    labels: { role: x }\n",
                      i, 1 + i / 250, 1 + i % 250, i - 1);
    return buffer_take(&text);
}

static void thousand(void **state)
{
    auto_free char *text = thousand_nodes();
    auto_loading struct loading l = {0};
    clock_t start = clock();

    (void)state;
    loading_good(&l, text);
    assert_int_equal(l.cluster->node_count, 1000);
    assert_string_equal(l.cluster->nodes[999].dependencies[0]->name, "n998");
    /* Some 10 ms; sanitizers and valgrind multiply that, a quadratic step would by hundreds. */
    assert_true((clock() - start) / (CLOCKS_PER_SEC / 1000) < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(node_defaults),
        cmocka_unit_test(merging),
        cmocka_unit_test(profiles),
        cmocka_unit_test(profiles_in_bounds),
        cmocka_unit_test(profiles_with_short_forms),
        cmocka_unit_test(counts),
        cmocka_unit_test(nic_forms),
        cmocka_unit_test(disks),
        cmocka_unit_test(dependencies),
        cmocka_unit_test(diamond),
        cmocka_unit_test(ready_forms),
        cmocka_unit_test(spec),
        cmocka_unit_test(findings_in_defaults),
        cmocka_unit_test(places),
        cmocka_unit_test(thousand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
