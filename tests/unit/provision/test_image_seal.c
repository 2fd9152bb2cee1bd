/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/image_seal.h"
#include "provision/store.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define IMAGE "sha256-" DIGEST ".qcow2"

static void add(struct survey_pool *store, const char *name, uint64_t physical,
                const char *mtime)
{
    struct survey_volume v = {.name = xstrdup(name), .readable = true};

    v.view.physical = physical;
    v.view.mtime = xstrdup_null(mtime);
    vector_push(store->volumes, store->volume_count, v);
}

static void names(void **state)
{
    auto_free char *name = image_seal_volume(DIGEST, "qcow2");

    (void)state;
    assert_string_equal(name, IMAGE);
    assert_true(image_seal_is_image(IMAGE));
    assert_true(image_seal_is_image("sha256-00.raw"));
    assert_false(image_seal_is_image(IMAGE ".sealed-10-1.5"));
    assert_false(image_seal_is_image("lab"));
    assert_false(image_seal_is_image("debian12.qcow2"));
    assert_false(image_seal_is_image(""));
}

static void found_by_digest(void **state)
{
    struct survey_pool store = {0};

    (void)state;
    add(&store, "lab", 0, NULL);
    add(&store, IMAGE ".sealed-10-1.5", 0, NULL);
    assert_null(image_seal_find(&store, DIGEST));
    add(&store, IMAGE, 10, "1.5");
    assert_string_equal(image_seal_find(&store, DIGEST)->name, IMAGE);
    survey_pool_done(&store);
}

static void states(void **state)
{
    struct survey_pool store = {0};

    (void)state;
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_ABSENT);
    add(&store, "sha256-00.raw.sealed-10-1.5", 0, NULL); /* of another one */
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_ABSENT);
    add(&store, IMAGE, 10, "1.5");
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_PARTIAL);
    add(&store, IMAGE ".sealed-10-1.5", 0, NULL);
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_SEALED);
    store.volumes[1].view.physical = 11;
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_CHANGED);
    add(&store, IMAGE ".sealed-11-1.5", 0, NULL); /* two: one that fits is enough */
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_SEALED);
    store.volumes[1].readable = false; /* its file is gone: it is copied again */
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_ABSENT);
    survey_pool_done(&store);
}

static void changed_time(void **state)
{
    struct survey_pool store = {0};

    (void)state;
    add(&store, IMAGE, 10, "1.5");
    add(&store, IMAGE ".sealed-10-1.4", 0, NULL);
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_CHANGED);
    survey_pool_done(&store);
}

/* The image is gone, its seal is not: it is copied again. */
static void seal_without_image(void **state)
{
    struct survey_pool store = {0};

    (void)state;
    add(&store, IMAGE ".sealed-10-1.5", 0, NULL);
    assert_int_equal(image_seal_state(&store, IMAGE), IMAGE_ABSENT);
    survey_pool_done(&store);
}

static virConnectPtr connection;
static virStoragePoolPtr pool;

static virStoragePoolPtr make_pool(const char *name, const char *path)
{
    auto_free char *xml = xasprintf("<pool type='dir'><name>%s</name><target><path>%s</path>"
                                    "</target></pool>",
                                    name, path);

    return virStoragePoolCreateXML(connection, xml, 0);
}

static int open_pool(void **state)
{
    virt_init();
    connection = virConnectOpen("test:///default");
    pool = connection ? make_pool("store", "/store") : NULL;
    return pool ? scratch_open(state) : -1;
}

static int close_pool(void **state)
{
    virStoragePoolFree(pool);
    virConnectClose(connection);
    return scratch_close(state);
}

static void make_volume(virStoragePoolPtr where, const char *name, const char *backing)
{
    struct volume_template t = {.name = name,
                                .format = backing ? "qcow2" : "raw",
                                .capacity = 1 << 20,
                                .backing_path = backing,
                                .backing_format = backing ? "qcow2" : NULL,
                                .mode = "0600"};
    auto_volume virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    expect_ok(store_create(where, &t, STORE_REPLACE, &volume, &err), &err);
}

static void expect_state(enum image_state expected)
{
    enum image_state state = IMAGE_ABSENT;
    struct error *err = NULL;

    expect_ok(image_seal_read(pool, IMAGE, &state, &err), &err);
    assert_int_equal(state, expected);
}

static void sealed_in_libvirt(void **state)
{
    auto_volume virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    (void)state;
    expect_state(IMAGE_ABSENT);
    make_volume(pool, IMAGE, NULL);
    expect_state(IMAGE_PARTIAL);
    volume = virStorageVolLookupByName(pool, IMAGE);
    expect_ok(image_seal(pool, volume, IMAGE, &err), &err);
    expect_state(IMAGE_SEALED);
    expect_ok(image_seal(pool, volume, IMAGE, &err), &err); /* once more */
    expect_state(IMAGE_SEALED);
    assert_int_equal(virStoragePoolNumOfVolumes(pool), 2);
    expect_ok(image_seal_remove(pool, IMAGE, &err), &err);
    expect_state(IMAGE_ABSENT);
    assert_int_equal(virStoragePoolNumOfVolumes(pool), 0);
    expect_ok(image_seal_remove(pool, IMAGE, &err), &err);
}

#define POOL_TEST(test) cmocka_unit_test_setup_teardown(test, open_pool, close_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(found_by_digest),
        cmocka_unit_test(states),
        cmocka_unit_test(changed_time),
        cmocka_unit_test(seal_without_image),
        POOL_TEST(sealed_in_libvirt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
