/* SPDX-License-Identifier: Apache-2.0 */
/* What is not ours is named and never touched; what changed behind our back is seen. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/image/image_seal.h"
#include "provision/node/machine.h"
#include "provision/node/volume.h"
#include "provision/pool.h"
#include "provision/store.h"

#define NODES                                       \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n" \
    "nodes:\n"                                      \
    "  web: { image: tiny, networks: [lan] }\n"

static void define(const char *name, const char *more)
{
    auto_free char *xml = xasprintf("<domain type='test'><name>%s</name>%s<memory>1024</memory>"
                                    "<os><type>hvm</type></os></domain>",
                                    name, more);
    auto_domain virDomainPtr domain = virDomainDefineXML(keeper, xml);

    assert_non_null(domain);
}

static void domain_of_our_name(void **state)
{
    (void)state;
    define("lab_web", "");
    expect_plan(NODES,
                "t.yaml:5:3: error: a domain named 'lab_web' is on host 'local' and is not "
                "virtopo's [node-foreign]\n"
                "    5 |   web: { image: tiny, networks: [lan] }\n"
                "      |   ^~~\n"
                "hint: it will not be touched: remove it (virsh destroy lab_web; virsh "
                "undefine lab_web), or rename the "
                "cluster or the node\n");
}

/* Of another cluster, and so not in the way. */
static void domains_of_others(void **state)
{
    (void)state;
    define("other_web", "");
    define("web", "");
    define("lab_other", "");
    world_settle(NODES);
    expect_plan(NODES, "No changes.\n");
}

static void domain_of_our_uuid(void **state)
{
    char uuid[UUID_TEXT];
    auto_free char *element = NULL;
    auto_world struct world w;

    (void)state;
    identity_domain_uuid("lab", "web", uuid);
    element = xasprintf("<uuid>%s</uuid>", uuid);
    define("something", element);
    world_load(&w, NODES);
    {
        struct provision_options how = {.cluster = w.cluster};
        struct error *err = NULL;

        assert_int_equal(provision_open(&how, &w.d, &w.provision, &err), -1);
        assert_null(err);
    }
    assert_int_equal(w.d.count, 1);
    assert_string_equal(w.d.items[0].check, "node-foreign");
    assert_non_null(strstr(w.d.items[0].message, "'something'"));
}

static void pool_of_our_name(void **state)
{
    auto_pool virStoragePoolPtr pool =
        virStoragePoolDefineXML(keeper,
                                "<pool type='dir'><name>virtopo_lab</name><target><path>/x"
                                "</path></target></pool>",
                                0);

    (void)state;
    assert_non_null(pool);
    expect_plan(NODES,
                "error: a storage pool named 'virtopo_lab' is on host 'local' and is not "
                "virtopo's\n"
                "hint: it will not be touched: remove it (virsh pool-undefine virtopo_lab) or "
                "rename the cluster\n");
}

static void network_of_our_name(void **state)
{
    auto_network virNetworkPtr network =
        virNetworkDefineXML(keeper, "<network><name>lab_lan</name></network>");

    (void)state;
    assert_non_null(network);
    expect_plan(
        NODES,
        "t.yaml:3:13: error: a network named 'lab_lan' is on host 'local' and is not "
        "virtopo's [network-foreign]\n"
        "    3 | networks: { lan: { subnet: 10.20.0.0/24 } }\n"
        "      |             ^~~\n"
        "hint: it will not be touched: remove it (virsh net-undefine lab_lan), or rename "
        "the cluster or the network\n");
}

static virStorageVolPtr find_volume(const char *pool_name, const char *part)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(keeper, pool_name);
    virStorageVolPtr *volumes = NULL, found = NULL;
    int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

    for (int i = 0; i < count; i++) {
        if (!found && strstr(virStorageVolGetName(volumes[i]), part))
            found = volumes[i];
        else
            virStorageVolFree(volumes[i]);
    }
    free(volumes);
    assert_non_null(found);
    return found;
}

static void delete_volume(const char *pool, const char *part)
{
    auto_volume virStorageVolPtr volume = find_volume(pool, part);

    assert_int_equal(virStorageVolDelete(volume, 0), 0);
}

/* A seal that does not fit the image any more. */
static void image_that_changed(void **state)
{
    auto_pool virStoragePoolPtr store = NULL;
    auto_volume virStorageVolPtr made = NULL, image = NULL;
    auto_free char *name = NULL;
    auto_free char *path = NULL;
    auto_free char *expected = NULL;
    struct volume_template t = {.format = "raw", .mode = "0444"};
    struct error *err = NULL;

    (void)state;
    world_settle(NODES);
    delete_volume(IDENTITY_STORE, ".sealed-");
    image = find_volume(IDENTITY_STORE, "sha256-");
    name = xasprintf("%s.sealed-1-1.5", virStorageVolGetName(image));
    path = virStorageVolGetPath(image);
    t.name = name;
    store = virStoragePoolLookupByName(keeper, IDENTITY_STORE);
    expect_ok(store_create(store, &t, STORE_REPLACE, &made, &err), &err);
    expected = xasprintf("image 'tiny' changed under its overlays: %s on host 'local'", path);
    {
        auto_world struct world w;

        assert_int_equal(world_try_plan(&w, NODES, NULL, &err), -1);
    }
    assert_non_null(err);
    assert_int_equal(strncmp(err->message, expected, strlen(expected)), 0);
    error_clear(&err);
}

static void volumes_that_are_gone(void **state)
{
    (void)state;
    world_settle(NODES);
    delete_volume("virtopo_lab", ".seed-");
    expect_plan(NODES,
                "~   node web  seed  restart, what the guest hears at its next boot changed\n"
                "Plan: 1 to change.\n");
}

static void stopped_by_hand(void **state)
{
    auto_domain virDomainPtr domain = NULL;

    (void)state;
    world_settle(NODES);
    domain = virDomainLookupByName(keeper, "lab_web");
    assert_int_equal(virDomainSuspend(domain), 0);
    expect_plan(NODES, "~   node web  state paused -> running  live\nPlan: 1 to change.\n");
    assert_int_equal(virDomainDestroy(domain), 0);
    expect_plan(NODES, "~   node web  state stopped -> running  live\nPlan: 1 to change.\n");
    world_settle(NODES);
    expect_plan(NODES, "No changes.\n");
    assert_int_equal(virDomainSetAutostart(domain, 1), 0);
    assert_int_equal(virDomainSetMemoryFlags(domain, 4096,
                                             VIR_DOMAIN_AFFECT_CONFIG | VIR_DOMAIN_MEM_MAXIMUM),
                     0);
    expect_plan(NODES, "~   node web  autostart on -> off    live\n"
                       "~   node web  memory 4 MiB -> 1 GiB  live, changed outside of virtopo\n"
                       "Plan: 1 to change.\n");
}

static void files_in_our_folder(void **state)
{
    auto_world struct world w;
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr made = NULL;
    struct volume_template t = {
        .name = "notes.txt", .format = "raw", .capacity = 1, .mode = "0600"};
    struct resource *r;
    struct error *err = NULL;

    (void)state;
    world_settle(NODES);
    pool = virStoragePoolLookupByName(keeper, "virtopo_lab");
    expect_ok(store_create(pool, &t, STORE_REPLACE, &made, &err), &err);
    expect_plan(NODES, "No changes.\n");
    world_plan_down(&w, false, false);
    /* the pool's own end is the last step */
    assert_ptr_equal(w.plan.steps[w.plan.step_count - 1].resource->kind, &pool_kind);
    w.plan.step_count--;
    world_apply(&w);
    r = w.plan.steps[w.plan.step_count++].resource;
    expect_error(pool_kind.destroy(&w.provision, r, NULL, &err), &err,
                 "/var/lib/virtopo/lab/notes.txt is not virtopo's: left where it is",
                 "move it elsewhere, then run `virtopo down` again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(domain_of_our_name),    WORLD_TEST(domains_of_others),
        WORLD_TEST(domain_of_our_uuid),    WORLD_TEST(pool_of_our_name),
        WORLD_TEST(network_of_our_name),   WORLD_TEST(image_that_changed),
        WORLD_TEST(volumes_that_are_gone), WORLD_TEST(stopped_by_hand),
        WORLD_TEST(files_in_our_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
