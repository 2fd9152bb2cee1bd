/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "schema.h"

#include <stdlib.h>

#include "templates/storage_xml.h"
#include "util/virt.h"

#define POOL_UUID "11111111-2222-5333-8444-555555555557"

static const struct volume_template overlay = {
    .name = "web-1.qcow2",
    .format = "qcow2",
    .capacity = UINT64_C(40) << 30,
    .backing_path = "/var/lib/virtopo/images/0011.qcow2",
    .backing_format = "qcow2",
    .mode = "0600",
};
static const struct volume_template raw = {
    .name = "seed.iso", .format = "raw", .capacity = 69632, .mode = "0600"};

static void expected_texts(void **state)
{
    struct error *err = NULL;
    auto_free char *pool = NULL, *first = NULL, *second = NULL;

    (void)state;
    expect_ok(pool_xml("virtopo-lab", POOL_UUID, "/var/lib/virtopo/lab", &pool, &err), &err);
    schema_check("storagepool", pool);
    golden_check("pool.xml", pool);
    expect_ok(volume_xml(&overlay, &first, &err), &err);
    schema_check("storagevol", first);
    golden_check("volume-overlay.xml", first);
    expect_ok(volume_xml(&raw, &second, &err), &err);
    schema_check("storagevol", second);
    golden_check("volume-raw.xml", second);
}

static void libvirt_takes_and_keeps_it(void **state)
{
    virConnectPtr connection = schema_connect();
    struct volume_view view = {0};
    struct error *err = NULL;
    auto_free char *pool_text = NULL, *volume_text = NULL, *back = NULL, *pool_back = NULL;
    auto_free char *path = NULL;
    virStoragePoolPtr pool;
    virStorageVolPtr volume;

    (void)state;
    expect_ok(pool_xml("virtopo-lab", POOL_UUID, "/srv/lab", &pool_text, &err), &err);
    pool = virStoragePoolCreateXML(connection, pool_text, 0);
    assert_non_null(pool);
    pool_back = virStoragePoolGetXMLDesc(pool, 0);
    expect_ok(pool_view_path(pool_back, &path, &err), &err);
    assert_string_equal(path, "/srv/lab");
    expect_ok(volume_xml(&overlay, &volume_text, &err), &err);
    volume = virStorageVolCreateXML(pool, volume_text, 0);
    assert_non_null(volume);
    back = virStorageVolGetXMLDesc(volume, 0);
    expect_ok(volume_view_parse(back, &view, &err), &err);
    assert_string_equal(view.name, overlay.name);
    assert_string_equal(view.path, "/srv/lab/web-1.qcow2");
    assert_string_equal(view.format, "qcow2");
    assert_string_equal(view.backing_path, overlay.backing_path);
    assert_string_equal(view.backing_format, "qcow2");
    assert_int_equal(view.capacity, overlay.capacity);
    assert_int_equal(view.allocation, 0);
    volume_view_done(&view);
    virStorageVolFree(volume);
    virStoragePoolFree(pool);
    virConnectClose(connection);
}

static void volume_of_a_daemon(void **state)
{
    static const char xml[] =
        "<volume type='file'><name>a.qcow2</name><key>/p/a.qcow2</key>"
        "<capacity unit='bytes'>1073741824</capacity><allocation "
        "unit='bytes'>200704</allocation>"
        "<physical unit='bytes'>196616</physical><target><path>/p/a.qcow2</path>"
        "<format type='qcow2'/><timestamps><atime>1700000000.1</atime>"
        "<mtime>1700000001.123456789</mtime></timestamps><compat>1.1</compat></target></"
        "volume>";
    struct volume_view view = {0};
    struct error *err = NULL;

    (void)state;
    expect_ok(volume_view_parse(xml, &view, &err), &err);
    assert_int_equal(view.capacity, 1 << 30);
    assert_int_equal(view.allocation, 200704);
    assert_int_equal(view.physical, 196616);
    assert_string_equal(view.mtime, "1700000001.123456789");
    assert_null(view.backing_path);
    volume_view_done(&view);
    expect_ok(volume_view_parse("<volume/>", &view, &err), &err);
    assert_null(view.name);
    assert_null(view.mtime);
    assert_int_equal(view.capacity, 0);
    volume_view_done(&view);
}

static void names_are_escaped_or_refused(void **state)
{
    static const char nasty[] = "<x>&\"'";
    struct volume_template t = overlay;
    struct volume_view view = {0};
    struct error *err = NULL;
    auto_free char *xml = NULL, *pool = NULL, *path = NULL, *none = NULL;

    (void)state;
    t.name = t.backing_path = nasty;
    expect_ok(volume_xml(&t, &xml, &err), &err);
    expect_ok(volume_view_parse(xml, &view, &err), &err);
    assert_string_equal(view.name, nasty);
    assert_string_equal(view.backing_path, nasty);
    volume_view_done(&view);
    expect_ok(pool_xml("p", POOL_UUID, nasty, &pool, &err), &err);
    expect_ok(pool_view_path(pool, &path, &err), &err);
    assert_string_equal(path, nasty);
    t.name = "a\nb";
    expect_error(volume_xml(&t, &none, &err), &err, "name: character U+000A at byte 2");
    expect_error(pool_xml("p", POOL_UUID, "/\t", &none, &err), &err, "path: character U+0009");
    expect_error(pool_view_path("<pool/>", &none, &err), &err, "no folder");
    expect_error(pool_view_path("<volume/>", &none, &err), &err, "<pool> was expected");
    expect_error(volume_view_parse("<pool/>", &view, &err), &err, "<volume> was expected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_texts),     cmocka_unit_test(libvirt_takes_and_keeps_it),
        cmocka_unit_test(volume_of_a_daemon), cmocka_unit_test(names_are_escaped_or_refused),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
