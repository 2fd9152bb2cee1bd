/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "templates/build_guest_xml.h"

#define RECIPE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct build_medium layer_media[] = {
    {.path = "/var/lib/virtopo/build-0123456789ab-disk.qcow2", .format = "qcow2", .boot = 1},
    {.path = "/var/lib/virtopo/build-0123456789ab-seed.iso", .format = "raw", .readonly = true},
    {.path = "/var/lib/virtopo/build-0123456789ab-work.tar",
     .format = "raw",
     .serial = "virtopo-build",
     .readonly = true},
};
static const struct build_medium install_media[] = {
    {.path = "/var/lib/virtopo/build-0123456789ab-disk.qcow2", .format = "qcow2"},
    {.path = "/var/lib/virtopo/a&b.iso", .format = "raw", .cdrom = true},
    {.path = "/var/lib/virtopo/answers.iso", .format = "raw", .cdrom = true},
};

static void check(const struct build_guest_template *t, const char *file)
{
    struct error *err = NULL;
    auto_free char *xml = NULL;
    auto_free char *recipe = NULL;

    expect_ok(build_guest_xml(t, &xml, &err), &err);
    schema_check("domain", xml);
    recipe = build_guest_recipe(xml);
    assert_string_equal(recipe, RECIPE);
    golden_check(file, xml);
}

static void expected_texts(void **state)
{
    struct build_guest_template t = {.name = "virtopo-build-0123456789ab",
                                     .recipe = RECIPE,
                                     .image = "k8s",
                                     .owner = "ann@desk",
                                     .type = "kvm",
                                     .arch = "x86_64",
                                     .machine = "q35",
                                     .media = layer_media,
                                     .media_count = ARRAY_SIZE(layer_media),
                                     .cpus = 2,
                                     .memory = 1ull << 30,
                                     .network = true,
                                     .channel = true};

    (void)state;
    check(&t, "build-guest-layer.xml");
    t.type = "qemu";
    t.media = install_media;
    t.media_count = ARRAY_SIZE(install_media);
    t.kernel = "/var/lib/virtopo/build-0123456789ab-kernel";
    t.initrd = "/var/lib/virtopo/build-0123456789ab-initrd";
    t.cmdline = "console=ttyS0 a=<b>";
    t.nvram = "/var/lib/virtopo/build-0123456789ab-nvram.fd";
    t.owner = NULL;
    t.network = t.channel = false;
    check(&t, "build-guest-install.xml");
    t.arch = "aarch64";
    t.machine = "virt";
    check(&t, "build-guest-arm.xml");
}

static void others_are_not_ours(void **state)
{
    (void)state;
    assert_null(build_guest_recipe("<domain><name>virtopo-build-0123456789ab</name></domain>"));
    assert_null(
        build_guest_recipe("<domain><metadata><guest recipe='x'/></metadata></domain>"));
    assert_null(build_guest_recipe("no xml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_texts),
        cmocka_unit_test(others_are_not_ours),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
