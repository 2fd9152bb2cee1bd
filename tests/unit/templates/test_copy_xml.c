/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "templates/copy_xml.h"

static void disk(void **state)
{
    auto_free char *xml = NULL;

    (void)state;
    assert_int_equal(copy_disk_xml("/pool/a<b.raw", "raw", &xml, NULL), 0);
    assert_string_equal(xml, "<disk type=\"file\">\n"
                             "  <driver type=\"raw\"/>\n"
                             "  <source file=\"/pool/a&lt;b.raw\"/>\n"
                             "</disk>\n");
}

static void domain(void **state)
{
    static const struct copy_disk disks[] = {{"/pool/a.qcow2", "qcow2", "vda"}};
    auto_free char *xml = NULL;

    (void)state;
    assert_int_equal(
        copy_domain_xml("copy", "qemu", "x86_64", "pc-q35-7.2", disks, 1, &xml, NULL), 0);
    assert_string_equal(xml, "<domain type=\"qemu\">\n"
                             "  <name>copy</name>\n"
                             "  <memory unit=\"MiB\">32</memory>\n"
                             "  <os>\n"
                             "    <type arch=\"x86_64\" machine=\"pc-q35-7.2\">hvm</type>\n"
                             "  </os>\n"
                             "  <devices>\n"
                             "    <disk type=\"file\">\n"
                             "      <driver type=\"qcow2\"/>\n"
                             "      <source file=\"/pool/a.qcow2\"/>\n"
                             "      <target dev=\"vda\" bus=\"virtio\"/>\n"
                             "    </disk>\n"
                             "    <memballoon model=\"none\"/>\n"
                             "  </devices>\n"
                             "</domain>\n");
}

/* Copies that somebody else makes, elsewhere, are theirs. */
static void under_way(void **state)
{
    static const char xml[] =
        "<domain><devices>"
        "<disk type='file'><source file='/pool/lab/a'/><target dev='vda'/></disk>"
        "<disk type='file'><mirror type='file' job='copy'><source file='/other/b'/></mirror>"
        "<target dev='vdb'/></disk>"
        "<disk type='file'><mirror type='file' job='copy' ready='yes'>"
        "<source file='/pool/lab/c'/></mirror><target dev='vdc'/></disk>"
        "</devices></domain>";
    auto_free char *target = NULL, *none = NULL;

    (void)state;
    assert_true(copy_under_way(xml, "/pool/lab", &target));
    assert_string_equal(target, "vdc");
    assert_false(copy_under_way(xml, "/pool/la", &none));
    assert_false(copy_under_way(xml, "/pool/lab/c", &none));
    assert_false(copy_under_way("<network/>", "/pool/lab", &none));
    assert_false(copy_under_way("no XML", "/pool/lab", &none));
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disk),
        cmocka_unit_test(domain),
        cmocka_unit_test(under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
