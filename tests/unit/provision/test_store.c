/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "provision/node/machine.h"
#include "provision/node/volume.h"
#include "provision/pool.h"
#include "provision/store.h"

#define POOL_XML "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>"

static virStorageVolPtr make(virStoragePoolPtr pool, uint64_t capacity, enum store_leftover how)
{
    const struct volume_template t = {
        .name = "v", .format = "raw", .capacity = capacity, .mode = "0600"};
    virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    expect_ok(store_create(pool, &t, how, &volume, &err), &err);
    return volume;
}

static uint64_t capacity_of(virStorageVolPtr volume)
{
    virStorageVolInfo info;

    assert_int_equal(virStorageVolGetInfo(volume, &info), 0);
    return info.capacity;
}

static void leftovers(void **state)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolCreateXML(keeper, POOL_XML, 0);
    auto_volume virStorageVolPtr first = NULL, adopted = NULL, second = NULL;
    struct error *err = NULL;

    (void)state;
    first = make(pool, 1 << 20, STORE_REPLACE);
    assert_int_equal(capacity_of(first), 1 << 20);
    adopted = make(pool, 2 << 20, STORE_ADOPT);
    assert_int_equal(capacity_of(adopted), 1 << 20);
    second = make(pool, 2 << 20, STORE_REPLACE);
    assert_int_equal(capacity_of(second), 2 << 20);
    assert_int_equal(virStoragePoolNumOfVolumes(pool), 1);
    expect_ok(store_delete(pool, "v", &err), &err);
    assert_int_equal(virStoragePoolNumOfVolumes(pool), 0);
    expect_ok(store_delete(pool, "v", &err), &err);
}

/* The reason is that of the call that failed, not of asking for a name. */
static void reasons(void **state)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolCreateXML(keeper, POOL_XML, 0);
    struct error *err = NULL;

    (void)state;
    assert_null(virStorageVolLookupByName(pool, "v"));
    error_virt(&err, "looking in pool '%s'", virStoragePoolGetName(pool));
    expect_error(-1, &err,
                 "looking in pool 'p': Storage volume not found: no storage vol with matching "
                 "name 'v'",
                 NULL);
}

static void pools_are_started(void **state)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolDefineXML(keeper, POOL_XML, 0);
    auto_pool virStoragePoolPtr found = NULL;
    struct error *err = NULL;

    (void)state;
    assert_int_equal(virStoragePoolIsActive(pool), 0);
    expect_ok(store_pool(keeper, "p", &found, &err), &err);
    assert_int_equal(virStoragePoolIsActive(pool), 1);
    expect_ok(store_refresh(found, &err), &err);
    expect_error(
        store_pool(keeper, "other", &found, &err), &err,
        "looking for pool 'other': Storage pool not found: no storage pool with matching "
        "name 'other'",
        NULL);
}

#define NODES "nodes: { web: { image: tiny, disks: [{ name: data, size: 1G }] } }\n"

static struct resource *find(const struct world *w, const struct resource_kind *kind,
                             const char *name)
{
    struct resource *r = resource_set_find(&w->provision.set, kind, "local", name);

    assert_non_null(r);
    return r;
}

static void create(struct world *w, const struct resource_kind *kind, const char *name)
{
    struct error *err = NULL;

    expect_ok(kind->create(&w->provision, find(w, kind, name), NULL, &err), &err);
}

static void leave(const char *name, const char *backing)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(keeper, "virtopo_lab");
    const struct volume_template t = {.name = name,
                                      .format = "qcow2",
                                      .capacity = UINT64_C(1) << 30,
                                      .backing_path = backing,
                                      .backing_format = backing ? "qcow2" : NULL,
                                      .mode = "0600"};
    auto_volume virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    expect_ok(store_create(pool, &t, STORE_REPLACE, &volume, &err), &err);
}

/* Volumes that came to be after the look: taken up when they are what is wanted. */
static void disks_that_are_there(void **state)
{
    auto_world struct world w;
    struct error *err = NULL;

    (void)state;
    world_plan(&w, NODES, NULL);
    create(&w, &pool_kind, POOL_STORE);
    create(&w, &pool_kind, POOL_VOLUMES);
    create(&w, &pool_kind, POOL_VOLUMES); /* again */
    leave("web.data.qcow2", NULL);
    create(&w, &volume_kind, "web/data");
    create(&w, &volume_kind, "web/data");
    leave("web.data.qcow2", "/somewhere");
    expect_error(
        volume_kind.create(&w.provision, find(&w, &volume_kind, "web/data"), NULL, &err), &err,
        "volume 'web.data.qcow2' exists already, on another base image",
        "run `virtopo up` again to see what it would lose");
    leave("web.root.qcow2", NULL);
    expect_error(
        volume_kind.create(&w.provision, find(&w, &volume_kind, "web/root"), NULL, &err), &err,
        "volume 'web.root.qcow2' exists already, on another base image",
        "run `virtopo up` again to see what it would lose");
    expect_ok(volume_kind.destroy(&w.provision, find(&w, &volume_kind, "web/root"), NULL, &err),
              &err);
    create(&w, &volume_kind, "web/root");
    expect_ok(volume_kind.destroy(&w.provision, find(&w, &volume_kind, "web/root"), NULL, &err),
              &err);
    expect_ok(volume_kind.destroy(&w.provision, find(&w, &volume_kind, "web/root"), NULL, &err),
              &err);
}

static void pool_elsewhere(void **state)
{
    const char *there = "hosts: { local: { uri: 'test:///default', dir: /srv/v } }\n" NODES;

    (void)state;
    world_settle(NODES);
    expect_plan(there, "error: comparing pool 'store': pool 'virtopo' on host 'local' is in "
                       "/var/lib/virtopo, not in "
                       "/srv/v\n"
                       "hint: set hosts.local.dir to the folder that is in use\n");
}

static void pool_that_was_stopped(void **state)
{
    auto_pool virStoragePoolPtr pool = NULL;

    (void)state;
    world_settle(NODES);
    pool = virStoragePoolLookupByName(keeper, "virtopo_lab");
    assert_int_equal(virStoragePoolDestroy(pool), 0);
    {
        auto_world struct world w;
        auto_free char *steps = NULL;

        world_plan(&w, NODES, NULL);
        steps = world_steps(&w);
        assert_string_equal(steps, "update pool volumes");
        world_apply(&w);
    }
    assert_int_equal(virStoragePoolIsActive(pool), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(leftovers),         WORLD_TEST(reasons),
        WORLD_TEST(pools_are_started), WORLD_TEST(disks_that_are_there),
        WORLD_TEST(pool_elsewhere),    WORLD_TEST(pool_that_was_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
