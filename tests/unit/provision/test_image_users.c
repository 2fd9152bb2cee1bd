/* SPDX-License-Identifier: Apache-2.0 */
/* Who uses an image, on libvirt's test driver. */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/image_users.h"
#include "provision/store.h"

#define BASE "sha256-0000000000000000000000000000000000000000000000000000000000000001.qcow2"
#define LAYER "sha256-0000000000000000000000000000000000000000000000000000000000000002.qcow2"
#define OTHER "sha256-0000000000000000000000000000000000000000000000000000000000000003.raw"

static virConnectPtr connection;
static struct site_host host;

static int start(void **state)
{
    (void)state;
    connection = virConnectOpen("test:///default");
    host = (struct site_host){.host = host_offline("local", "test:///default", "/store")};
    return connection ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    host_close(host.host);
    survey_pool_done(&host.survey.store);
    virConnectClose(connection);
    return 0;
}

static virStoragePoolPtr make_pool(const char *name, const char *path)
{
    auto_free char *xml = xasprintf("<pool type='dir'><name>%s</name><target><path>%s</path>"
                                    "</target></pool>",
                                    name, path);
    virStoragePoolPtr pool;

    pool = virStoragePoolDefineXML(connection, xml, 0);
    assert_non_null(pool);
    assert_int_equal(virStoragePoolCreate(pool, 0), 0);
    return pool;
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

/* "node a of b, domain c": who uses an image that is at /store/NAME. */
static void expect_users(const char *name, const char *except, const char *expected)
{
    auto_image_users struct image_users users = {0};
    auto_buffer struct buffer text = {0};
    auto_free char *path = xasprintf("/store/%s", name);
    const struct image_user *user = NULL;
    struct error *err = NULL;

    expect_ok(image_users_read(&host, connection, USERS_FRESH, except, &users, &err), &err);
    assert_null(users.unknown);
    buffer_puts(&text, "");
    while ((user = image_users_next(&users, path, user)))
        buffer_printf(&text, "%s%s", text.length ? ", " : "", user->by);
    assert_string_equal(text.data, expected);
    assert_int_equal(image_users_has(&users, path), *expected != '\0');
}

static void volumes(void **state)
{
    auto_pool virStoragePoolPtr lab = make_pool("virtopo_lab", "/store/lab");
    auto_pool virStoragePoolPtr other = make_pool("other", "/other");

    (void)state;
    expect_users(BASE, "/store/lab", "");
    make_volume(lab, "web-1.root.qcow2", "/store/" BASE);
    expect_users(BASE, "/store/lab", "");
    expect_users(BASE, NULL, "node web-1 of lab");
    make_volume(other, "b", "/store/another");
    expect_users(BASE, "/store/lab", "");
    make_volume(other, "c", "/store/" BASE);
    expect_users(BASE, "/store/lab", "volume c of pool other");
}

/* A pool of ours that is stopped is looked into, and stopped again. */
static void stopped_pools(void **state)
{
    auto_pool virStoragePoolPtr lab = make_pool("virtopo_lab", "/store/lab");
    auto_pool virStoragePoolPtr other = make_pool("other", "/other");

    (void)state;
    make_volume(lab, "web.root.qcow2", "/store/" BASE);
    make_volume(other, "c", "/store/" BASE);
    virStoragePoolDestroy(lab);
    virStoragePoolDestroy(other);
    expect_users(BASE, NULL, "node web of lab");
    assert_int_equal(virStoragePoolIsActive(lab), 0);
    assert_int_equal(virStoragePoolIsActive(other), 0);
}

static virDomainPtr make_domain(const char *name, const char *disk, const char *below)
{
    auto_free char *backing =
        below ? xasprintf("<backingStore type='file'><format type='qcow2'/><source file='%s'/>"
                          "<backingStore/></backingStore>",
                          below)
              : xstrdup("");
    auto_free char *xml =
        xasprintf("<domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type>"
                  "<kernel>/store/vmlinuz</kernel></os><devices><disk type='file'>"
                  "<driver name='qemu' type='qcow2'/><source file='%s'/>%s<target dev='vda'/>"
                  "</disk></devices></domain>",
                  name, disk, backing);

    return virDomainDefineXML(connection, xml);
}

static void domains(void **state)
{
    auto_domain virDomainPtr own = make_domain("lab_web", "/store/lab/web.root.qcow2", NULL);
    auto_domain virDomainPtr foreign = NULL, deep = NULL;

    (void)state;
    assert_non_null(own);
    expect_users(BASE, "/store/lab", "");
    foreign = make_domain("foreign", "/store/" BASE, NULL);
    expect_users(BASE, "/store/lab", "domain foreign");
    expect_users("vmlinuz", "/store/lab", "domain foreign");
    deep = make_domain("deep", "/elsewhere/a.qcow2", "/store/" LAYER);
    assert_non_null(foreign);
    assert_non_null(deep);
    expect_users(LAYER, "/store/lab", "domain deep");
}

static void add(const char *name, const char *backing)
{
    struct survey_pool *store = &host.survey.store;
    struct survey_volume v = {
        .name = xstrdup(name), .path = xasprintf("/store/%s", name), .readable = true};

    v.view.backing_path = backing ? xasprintf("/store/%s", backing) : NULL;
    vector_push(store->volumes, store->volume_count, v);
}

static void expect_unused(const struct image_users *users, const char *expected)
{
    auto_free bool *unused = image_users_unused(&host, users);
    char text[8] = "";

    for (size_t i = 0; i < host.survey.store.volume_count; i++)
        text[i] = unused[i] ? '1' : '0';
    assert_string_equal(text, expected);
}

/* A layer that nothing uses goes with what only it uses; one that is used keeps all below. */
static void unused_layers(void **state)
{
    struct image_user items[] = {{(char *)"/store/" BASE, (char *)"image layer", true},
                                 {(char *)"/store/" LAYER, (char *)"node web of lab", false}};
    struct image_users users = {.items = items, .count = 1};

    (void)state;
    add(BASE, NULL);
    add(OTHER, NULL);
    add(LAYER, BASE);
    add(LAYER ".sealed-1-1.0", NULL);
    add("lab", NULL);
    expect_unused(&users, "11100");
    users.count = 2;
    expect_unused(&users, "01000");
    users.unknown = (char *)"virtopo_lab";
    expect_unused(&users, "00000");
}

#define USERS_TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        USERS_TEST(volumes),
        USERS_TEST(stopped_pools),
        USERS_TEST(domains),
        USERS_TEST(unused_layers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
