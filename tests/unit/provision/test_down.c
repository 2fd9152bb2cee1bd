/* SPDX-License-Identifier: Apache-2.0 */
/* `down`, in all its ways, on what a cluster left in libvirt's test driver. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/store.h"

#define NODES                                       \
    "networks: { lan: { subnet: 10.20.0.0/24 } }\n" \
    "nodes:\n"                                      \
    "  web: { image: tiny, networks: [lan], disks: [{ name: data, size: 1G }] }\n"

#define TINY "16d978beb7c053b5b407aeabce361318094a0f28c1a10d521829ac21c2c52609"

static void expect_down(bool keep_disks, bool prune, const char *expected)
{
    auto_world struct world w;
    auto_free char *shown = NULL;

    world_plan_down(&w, keep_disks, prune);
    shown = world_plan_text(&w);
    assert_string_equal(shown, expected);
    world_apply(&w);
}

static void add_pool(struct buffer *out, const char *name)
{
    auto_pool virStoragePoolPtr pool = virStoragePoolLookupByName(keeper, name);

    if (pool)
        buffer_printf(out, " %s(%d)", name, virStoragePoolNumOfVolumes(pool));
}

/* "1 1: virtopo(2)": the number of domains and networks, virtopo's pools and their volumes. */
static char *what_is_there(void)
{
    auto_buffer struct buffer out = {0};
    int domains = virConnectListAllDomains(keeper, NULL, 0);
    int networks = virConnectListAllNetworks(keeper, NULL, 0);

    buffer_printf(&out, "%d %d:", domains, networks);
    add_pool(&out, "virtopo");
    add_pool(&out, "virtopo_lab");
    return buffer_take(&out);
}

static void expect_there(const char *expected)
{
    auto_free char *text = what_is_there();

    assert_string_equal(text, expected);
}

/* The driver comes with a domain, a network and a pool of its own. */
static void all_but_images(void **state)
{
    (void)state;
    expect_there("1 1:");
    world_settle(NODES);
    expect_down(false, false,
                "-   network lan\n"
                "-   node    web  loses disk data, loses disk root\n"
                "Plan: 2 to remove.\n");
    expect_there("1 1: virtopo(2)");
    expect_down(false, false, "No changes.\n");
}

static void with_images(void **state)
{
    (void)state;
    world_settle(NODES);
    expect_down(false, true,
                "-   image   sha256-" TINY ".raw\n"
                "-   network lan\n"
                "-   node    web  loses disk data, loses disk root\n"
                "Plan: 3 to remove.\n");
    expect_there("1 1:");
    expect_down(false, true, "No changes.\n");
}

static void images_that_others_use(void **state)
{
    auto_pool virStoragePoolPtr store = NULL, other = NULL;
    virStorageVolPtr *volumes = NULL;
    const char *xml = "<pool type='dir'><name>foreign</name><target><path>/foreign</path>"
                      "</target></pool>";
    struct volume_template t = {
        .name = "x", .format = "qcow2", .backing_format = "raw", .capacity = 1 << 20};
    auto_volume virStorageVolPtr made = NULL;
    auto_free char *base = NULL;
    struct error *err = NULL;
    int count;

    (void)state;
    world_settle(NODES);
    store = virStoragePoolLookupByName(keeper, IDENTITY_STORE);
    count = virStoragePoolListAllVolumes(store, &volumes, 0);
    for (int i = 0; i < count; i++) {
        if (!strstr(virStorageVolGetName(volumes[i]), ".sealed-"))
            base = virStorageVolGetPath(volumes[i]);
        virStorageVolFree(volumes[i]);
    }
    free(volumes);
    other = virStoragePoolCreateXML(keeper, xml, 0);
    t.backing_path = base;
    t.mode = "0600";
    expect_ok(store_create(other, &t, STORE_REPLACE, &made, &err), &err);
    expect_down(false, true,
                "-   network lan\n"
                "-   node    web  loses disk data, loses disk root\n"
                "Plan: 2 to remove.\n");
    expect_there("1 1: virtopo(2)");
}

static void disks_are_kept(void **state)
{
    (void)state;
    world_settle(NODES);
    expect_down(true, false,
                "-   network lan\n"
                "-   node    web\n"
                "Plan: 2 to remove.\n");
    expect_there("1 1: virtopo(2) virtopo_lab(2)");
    /* and are taken up again */
    expect_plan(NODES, "+   network lan  nat        10.20.0.0/24\n"
                       "+   node    web  1 vCPU, 1 GiB, disk 1 MiB on tiny, data 1 GiB, lan "
                       "10.20.0.2\n"
                       "Plan: 2 to add.\n");
    world_settle(NODES);
    expect_plan(NODES, "No changes.\n");
}

static void kept_disks_of_another_image(void **state)
{
    (void)state;
    world_settle(NODES);
    expect_down(true, false,
                "-   network lan\n"
                "-   node    web\n"
                "Plan: 2 to remove.\n");
    expect_plan(
        "networks: { lan: { subnet: 10.20.0.0/24 } }\n"
        "nodes: { web: { image: other, networks: [lan] } }\n",
        "+   image   other  copy 2 MiB from @/other.raw\n"
        "+   network lan    nat        10.20.0.0/24\n"
        "+   node    web    1 vCPU, 1 GiB, disk 2 MiB on other, lan 10.20.0.2, loses the "
        "disk data that was kept, loses the disk root that was kept, which is on another "
        "image\n"
        "Plan: 3 to add.\n");
}

static void the_last_node_goes(void **state)
{
    (void)state;
    world_settle(NODES);
    expect_plan("nodes: {}\n",
                "-   network lan  not in the file any more\n"
                "-   node    web  not in the file any more, loses disk data, loses disk root\n"
                "Plan: 2 to remove.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(all_but_images),
        WORLD_TEST(with_images),
        WORLD_TEST(images_that_others_use),
        WORLD_TEST(disks_are_kept),
        WORLD_TEST(kept_disks_of_another_image),
        WORLD_TEST(the_last_node_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
