/* SPDX-License-Identifier: Apache-2.0 */
/* The tables themselves: a bad row is a bug, and every example is a file that loads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/describe/place.h"
#include "config/schema/schema_types.h"
#include "loading.h"

/* All tables, found from the top one. */
static struct arena *table_arena;
static const struct schema **tables;
static size_t table_count;

static bool is_known(const struct schema *schema)
{
    for (size_t i = 0; i < table_count; i++) {
        if (tables[i] == schema)
            return true;
    }
    return false;
}

static int find_tables(void **state)
{
    struct place_list all;
    const struct place *place;

    (void)state;
    table_arena = arena_new();
    all = place_all(table_arena);
    arena_push(table_arena, tables, table_count, &cluster_schema);
    place_each (&all, place) {
        if (place->field->schema && !is_known(place->field->schema))
            arena_push(table_arena, tables, table_count, place->field->schema);
    }
    assert_true(table_count > 9);
    return 0;
}

static int forget_tables(void **state)
{
    (void)state;
    arena_free(table_arena);
    return 0;
}

static void check_row(const struct schema *schema, const struct field *field)
{
    bool is_compound =
        field->type == FIELD_STRUCT || field->type == FIELD_LIST || field->type == FIELD_MAP;
    bool needs_default =
        schema_type_is_scalar(field->type) && !(field->flags & (FIELD_REQUIRED | FIELD_KEY));

    if (!field->summary || !*field->summary || strchr(field->summary, '\n') ||
        field->summary[strlen(field->summary) - 1] == '.' || !field->example)
        fail_msg("%s.%s needs a summary (one line, no full stop) and an example", schema->name,
                 field->key);
    if (field->offset >= schema->size && !(field->flags & FIELD_DEFERRED))
        fail_msg("%s.%s lies outside of its struct", schema->name, field->key);
    if (is_compound != (field->schema != NULL) ||
        (field->type == FIELD_ENUM) != (field->words != NULL) ||
        (field->type == FIELD_CUSTOM) !=
            (field->parse && (field->dump || (field->flags & FIELD_NO_SPEC))))
        fail_msg("%s.%s has not what its type needs", schema->name, field->key);
    if (field->min > field->max)
        fail_msg("%s.%s has its limits reversed", schema->name, field->key);
    /* Without a default, zero must mean "not given": texts can, choices cannot. */
    if (needs_default && !field->default_text &&
        (field->type == FIELD_ENUM || field->type == FIELD_BOOL))
        fail_msg("%s.%s needs a default", schema->name, field->key);
}

/* What another tool calls a key must lead to that key alone. */
static void check_other_words(const struct schema *schema, const struct field *field,
                              struct arena *arena)
{
    char *words = arena_strdup(arena, field->also ? field->also : ""), *rest;

    for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        schema_each (schema, other) {
            const char *padded = arena_printf(arena, " %s ", other->also ? other->also : "");

            if ((!strcmp(other->key, w) && !(other->flags & FIELD_KEY)) ||
                (other != field && strstr(padded, arena_printf(arena, " %s ", w))))
                fail_msg("%s.%s: '%s' leads to %s too", schema->name, field->key, w,
                         other->key);
        }
    }
}

static void other_words(void **state)
{
    auto_arena struct arena *arena = arena_new();

    (void)state;
    for (size_t t = 0; t < table_count; t++) {
        schema_each (tables[t], field)
            check_other_words(tables[t], field, arena);
    }
}

static void rows(void **state)
{
    (void)state;
    for (size_t t = 0; t < table_count; t++) {
        schema_each (tables[t], field) {
            check_row(tables[t], field);
            schema_each (tables[t], other) {
                if (field != other && !strcmp(field->key, other->key))
                    fail_msg("%s.%s is there twice", tables[t]->name, field->key);
            }
        }
    }
}

static void defaults_parse(void **state)
{
    auto_arena struct arena *arena = arena_new();
    auto_diagnostics struct diagnostics d = {0};
    struct binder b = {.arena = arena, .diagnostics = &d, .folder = "/"};

    (void)state;
    for (size_t t = 0; t < table_count; t++) {
        void *target = arena_alloc(arena, tables[t]->size);
        struct document_node empty = {.kind = DOCUMENT_MAPPING};

        b.partial = true;
        schema_bind(&b, tables[t], &empty, target);
        if (d.count > 0)
            fail_msg("%s: %s", tables[t]->name, d.items[0].message);
    }
}

/* A file whose one value is the example of `field` must load. */
static void check_example(const char *before, const struct field *field, const char *after)
{
    auto_loading struct loading l = {0};
    auto_free char *text = xasprintf("%s%s: %s%s", before, field->key, field->example, after);

    loading_start(&l, text);
    for (size_t i = 0; i < l.d.count; i++) {
        /* `from` names a file that is not there, examples for several keys name other things.
         */
        if (strcmp(l.d.items[i].check, "file-from") != 0 &&
            strcmp(l.d.items[i].check, "unknown-node") != 0 &&
            strcmp(l.d.items[i].check, "unknown-host") != 0)
            fail_msg("%s\n%s", text, l.d.items[i].message);
    }
}

static void check_examples(const struct schema *schema, const char *before, const char *after,
                           const char *others)
{
    auto_free char *skip = xasprintf(",%s,", others);

    schema_each (schema, field) {
        auto_free char *key = xasprintf(",%s,", field->key);

        if (!(field->flags & FIELD_KEY) && !strstr(skip, key))
            check_example(before, field, after);
    }
}

#define NODE                                       \
    LOADING_HEAD "defaults: { image: debian12 }\n" \
                 "profiles: { big: {}, nfv: {} }\nnodes: { web: { networks: [lan], "

#define OVS_NIC                                     \
    "cluster: lab\nimages: { a: { file: x } }\n"    \
    "networks: { lan: { mode: ovs, bridge: o } }\n" \
    "nodes: { web: { image: a, networks: [{ network: lan, "

#define IP6 "cluster: lab\nnetworks: { a: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\", "

#define IMAGE "cluster: lab\nimages: { debian12: { file: x }, a: { "
#define DOWNLOAD \
    "url,urls,sha256,sha512,checksums,signature,keyring,insecure,allow_http,size_limit"

/* Keys by where the image comes from: only such a one has them. */
static void check_images(void)
{
    static const struct {
        const char *keys, *before;
    } groups[] = {
        {"file script from stored iso", ""},
        {"url urls", "insecure: true, "},
        {"inputs", "script: x, "},
        {"sha256 sha512 checksums insecure", "url: \"https://example.org/a.qcow2\", "},
        {"allow_http size_limit timeout",
         "url: \"https://example.org/a.qcow2\", insecure: true, "},
        {"keyring", "url: \"https://example.org/a.qcow2\", checksums: /a, "},
        {"signature", "url: \"https://example.org/a.qcow2\", checksums: /a, keyring: /k, "},
        {"copy files packages run cache flatten size network cpus memory timeout uefi",
         "from: debian12, "},
        {"answers cmdline size network", "iso: a.iso, "},
        {"format user", "file: x, "},
    };

    for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
        auto_free char *before = xasprintf(IMAGE "%s", groups[i].before);
        auto_free char *keys = xstrdup(groups[i].keys);
        char *rest = keys, *key;

        while ((key = strsep(&rest, " ")))
            check_example(before, schema_field(&image_schema, key), " } }");
    }
    check_examples(&layer_copy_schema, IMAGE "from: debian12, copy: [{ from: x, to: /x, ",
                   " }] } }", "from,to");
    check_examples(&answers_schema, IMAGE "iso: a.iso, answers: { kind: preseed, file: x, ",
                   " } } }", "kind,file");
    check_examples(&install_medium_schema, IMAGE "iso: { file: a.iso, ", " } } }",
                   DOWNLOAD ",file,timeout");
}

static void examples(void **state)
{
    (void)state;
    check_examples(&ssh_schema, "cluster: lab\nssh: { ", " }", "");
    check_examples(&host_schema, "cluster: lab\nhosts: { alpha: { ", " } }", "");
    check_images();
    check_examples(&network_schema, "cluster: lab\nnetworks: { a: { subnet: 10.20.0.0/24, ",
                   " } }",
                   "subnet,external,dev,type,vlan,trunk,gateway6,dhcp6,uplink,address,address6,"
                   "create,confirm,persist,forward");
    check_example(IP6, schema_field(&network_schema, "gateway6"), " } }");
    check_example(IP6, schema_field(&network_schema, "dhcp6"), " } }");
    check_examples(&dns_schema, "cluster: lab\nnetworks: { a: { subnet: 10.20.0.0/24, dns: { ",
                   " } } }", "");
    check_example("cluster: lab\nimages: { a: { file: x } }\n"
                  "networks: { lan: { subnet: 10.20.0.0/24, subnet6: \"fd00:21::/64\" } }\n"
                  "nodes: { web: { image: a, networks: [{ network: lan, ",
                  schema_field(&nic_schema, "ip6"), " }] } }");
    check_examples(&network_own_bridge_schema,
                   "cluster: lab\nnetworks: { a: { mode: bridge, uplink: eth1, ", " } }",
                   "uplink");
    check_example("cluster: lab\nnetworks: { a: { mode: bridge, ",
                  schema_field(&network_schema, "uplink"), " } }");
    check_example("cluster: lab\nimages: { a: { file: x } }\n"
                  "nodes: { web: { image: a, networks: [a] } }\n"
                  "networks: { a: { mode: user, ",
                  schema_field(&network_schema, "forward"), " } }");
    check_example("cluster: lab\nnetworks: { a: { mode: external, ",
                  schema_field(&network_schema, "external"), " } }");
    check_example("cluster: lab\nnetworks: { a: { mode: macvtap, ",
                  schema_field(&network_schema, "dev"), " } }");
    check_example("cluster: lab\nnetworks: { a: { mode: macvtap, dev: eth1, ",
                  schema_field(&network_schema, "type"), " } }");
    check_example("cluster: lab\nnetworks: { a: { mode: ovs, bridge: a, ",
                  schema_field(&network_schema, "vlan"), " } }");
    check_example("cluster: lab\nnetworks: { a: { mode: ovs, bridge: a, ",
                  schema_field(&network_schema, "trunk"), " } }");
    check_examples(&node_schema, NODE, " } }", "networks,initrd,cmdline,dtb");
    check_example(NODE "kernel: /k, ", schema_field(&node_schema, "initrd"), " } }");
    check_example(NODE "kernel: /k, ", schema_field(&node_schema, "cmdline"), " } }");
    check_example(NODE "kernel: /k, ", schema_field(&node_schema, "dtb"), " } }");
    check_examples(&firmware_schema, NODE "firmware: { ", " } } }",
                   "enrolled_keys,nvram_template");
    check_example(NODE "firmware: { kind: uefi-secure, ",
                  schema_field(&firmware_schema, "enrolled_keys"), " } } }");
    check_example(NODE "firmware: { kind: uefi, loader: /l, ",
                  schema_field(&firmware_schema, "nvram_template"), " } } }");
    check_examples(&boot_schema, NODE "boot: { ", " } } }", "");
    check_examples(&clock_schema, NODE "clock: { ", " } } }", "adjustment,basis");
    check_example(NODE "clock: { offset: variable, ", schema_field(&clock_schema, "adjustment"),
                  " } } }");
    check_example(NODE "clock: { offset: variable, ", schema_field(&clock_schema, "basis"),
                  " } } }");
    check_examples(&timers_schema, NODE "clock: { timers: { ", " } } } }", "");
    check_examples(&features_schema, NODE "features: { ", " } } }", "");
    check_examples(&hyperv_schema, NODE "features: { hyperv: { ", " } } } }",
                   "vpindex,synic,stimer,tlbflush,ipi");
    check_example(NODE "features: { hyperv: { vpindex: true, synic: true, ",
                  schema_field(&hyperv_schema, "stimer"), " } } } }");
    check_examples(&smm_schema, NODE "features: { smm: { ", " } } } }", "");
    check_examples(&kvm_schema, NODE "features: { kvm: { ", " } } } }", "");
    check_examples(&pm_schema, NODE "pm: { ", " } } }", "");
    check_examples(&smbios_schema, NODE "smbios: { ", " } } }", "");
    check_examples(&fw_cfg_schema, NODE "fw_cfg: { opt/a: { ", " } } } }", "");
    check_example(LOADING_HEAD "nodes: { web: { image: debian12, ",
                  schema_field(&node_schema, "networks"), " } }");
    check_examples(&cpu_schema, NODE "cpus: { ", " } } }", "vendor_id");
    check_example(NODE "cpus: { mode: host-model, ", schema_field(&cpu_schema, "vendor_id"),
                  " } } }");
    check_examples(&cpu_feature_schema, NODE "cpus: { features: { aes: { ", " } } } } }", "");
    check_examples(&cpu_pin_schema, NODE "cpus: { pin: { 0: { ", " } } } } }", "");
    check_examples(&cpu_topology_schema, NODE "cpus: { topology: { ", " } } } }", "");
    check_examples(&cpu_quota_schema, NODE "cpus: { iothreads: 1, quota: { vcpu: 1000, ",
                   " } } } }", "vcpu");
    check_examples(&numa_cell_schema, NODE "cpus: { numa: [{ memory: 1G, cpus: 0, nodes: 0, ",
                   " }] } } }", "memory,cpus,nodes");
    check_examples(&numa_distance_schema,
                   NODE "memory: 2G, cpus: { numa: [{ memory: 1G, cpus: 0 }, { memory: 1G, "
                        "distances: { 0: { ",
                   " } } }] } } }", "");
    check_examples(&memory_schema, NODE "memory: { ", " } } }", "slots,mode");
    check_example(NODE "memory: { max: 4G, ", schema_field(&memory_schema, "slots"), " } } }");
    check_example(NODE "memory: { nodes: 0, ", schema_field(&memory_schema, "mode"), " } } }");
    check_examples(&hugepages_schema, NODE "memory: { hugepages: { ", " } } } }", "");
    check_examples(&hugepage_schema,
                   NODE "cpus: { numa: [{ cpus: 0, memory: 1G }] }, memory: { hugepages: [{ "
                        "size: 1G, ",
                   " }] } } }", "size");
    check_examples(&disk_schema, NODE "disks: [{ name: a, source: /a.raw, ", " }] } }",
                   "name,size,source");
    check_example(NODE "disks: [{ name: a, ", schema_field(&disk_schema, "size"), " }] } }");
    check_example(NODE "disks: [{ name: a, ", schema_field(&disk_schema, "source"), " }] } }");
    check_examples(&root_disk_schema, NODE "disk: { ", " } } }", "");
    check_examples(&disk_source_schema, NODE "disks: [{ name: a, format: raw, source: { ",
                   " } }] } }", "");
    check_examples(&disk_nfs_schema,
                   NODE
                   "disks: [{ name: a, format: raw, source: { nfs: { server: a, path: /a, ",
                   " } } }] } }", "server,path");
    check_examples(&disk_iscsi_schema,
                   NODE "disks: [{ name: a, source: { iscsi: { server: a, target: iqn.a, ",
                   " } } }] } }", "server,target");
    check_examples(&disk_rbd_schema,
                   NODE "disks: [{ name: a, source: { rbd: { pool: a, image: a, ",
                   " } } }] } }", "pool,image");
    check_examples(&cdrom_schema, NODE "cdroms: [{ ", " }] } }", "");
    check_examples(&guest_file_schema, NODE "files: [{ path: /a, content: a, ", " }] } }",
                   "path,content,from");
    check_examples(&ready_schema, NODE "ready: { ", " } } }", "");
    check_examples(&nic_schema,
                   "cluster: lab\nimages: { a: { file: x } }\n"
                   "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
                   "nodes: { web: { image: a, networks: [{ network: lan, ",
                   " }] } }", "network,ip6,vlan,trunk");
    check_example(OVS_NIC, schema_field(&nic_schema, "vlan"), " }] } }");
    check_example(OVS_NIC, schema_field(&nic_schema, "trunk"), " }] } }");
}

/* What cannot be found in the examples: text and struct and text again. */
static void dump(void **state)
{
    auto_loading struct loading l = {0};
    const struct network *lan;
    json_t *spec;
    char *text;

    (void)state;
    loading_good(&l, "cluster: lab\nnetworks:\n  lan: { subnet: 10.20.0.0/24, gateway: "
                     "10.20.0.254, dhcp: false, forward_delay: 1500ms, mtu: 9000, bridge: br7 "
                     "}\n");
    lan = cluster_network(l.cluster, "lan");
    spec = cluster_network_spec(lan);
    text = json_dumps(spec, JSON_COMPACT);
    assert_string_equal(text, "{\"autostart\":false,\"bridge\":\"br7\",\"dhcp\":false,\"dns\":"
                              "true,\"forward_delay\":\"1500ms\",\"gateway\":\"10.20.0.254\","
                              "\"mode\":\"nat\",\"mtu\":9000,\"stp\":false,\"subnet\":"
                              "\"10.20.0.0/24\"}");
    free(text);
    json_decref(spec);
}

static void durations(void **state)
{
    static const struct {
        uint64_t ms;
        const char *text;
    } cases[] = {{0, "0s"},      {1, "1ms"},     {1500, "1500ms"},
                 {90000, "90s"}, {120000, "2m"}, {7200000, "2h"}};
    char out[SIZE_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(schema_duration_exact(cases[i].ms, out), cases[i].text);
}

static void names(void **state)
{
    auto_arena struct arena *arena = arena_new();

    (void)state;
    assert_true(schema_is_name("a", 1));
    assert_true(schema_is_name("a-1", 3));
    assert_false(schema_is_name("a-1", 2));
    assert_false(schema_is_name("", 9));
    assert_false(schema_is_name("-a", 9));
    assert_false(schema_is_name("a-", 9));
    assert_false(schema_is_name("A", 9));
    assert_string_equal(schema_nearest_name(arena, "My_Lab", 9), "my-lab");
    assert_null(schema_nearest_name(arena, "_a", 9));
    assert_null(schema_nearest_name(arena, "gr\xc3\xb6\xc3\x9f\x65", 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),           cmocka_unit_test(other_words),
        cmocka_unit_test(defaults_parse), cmocka_unit_test(examples),
        cmocka_unit_test(dump),           cmocka_unit_test(durations),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, find_tables, forget_tables);
}
