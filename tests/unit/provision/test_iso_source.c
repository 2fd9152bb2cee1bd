/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "provision/build/iso_source.h"

/* A file of the medium: its text, or with '>' before it a symlink. */
struct member {
    const char *name, *text;
};

static void add(struct archive *archive, const struct member *member)
{
    struct archive_entry *entry = archive_entry_new();
    bool link = member->text[0] == '>';

    archive_entry_set_pathname(entry, member->name);
    archive_entry_set_filetype(entry, link ? AE_IFLNK : AE_IFREG);
    archive_entry_set_perm(entry, 0444);
    if (link)
        archive_entry_set_symlink(entry, member->text + 1);
    else
        archive_entry_set_size(entry, (la_int64_t)strlen(member->text));
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    if (!link)
        assert_int_equal(archive_write_data(archive, member->text, strlen(member->text)),
                         strlen(member->text));
    archive_entry_free(entry);
}

/* Without Rock Ridge names are as on the oldest media: eight capital letters. */
static void make_iso(const struct member *members, size_t count, bool rock_ridge)
{
    auto_free char *path = scratch_path("cd.iso");
    struct archive *archive = archive_write_new();

    assert_int_equal(archive_write_set_format_iso9660(archive), ARCHIVE_OK);
    if (!rock_ridge) {
        assert_int_equal(archive_write_set_options(archive, "!rockridge,!joliet"), ARCHIVE_OK);
    }
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++)
        add(archive, &members[i]);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
}
#define ISO(...)                                   \
    make_iso((const struct member[]){__VA_ARGS__}, \
             sizeof((const struct member[]){__VA_ARGS__}) / sizeof(struct member), true)

static void expect_found(const char *kernel, const char *initrd, const char *expected)
{
    auto_free char *iso = scratch_path("cd.iso");
    auto_iso_boot struct iso_boot boot = {0};
    auto_free char *got = NULL;
    struct error *err = NULL;

    expect_ok(iso_source_find(iso, kernel, initrd, &boot, &err), &err);
    got = xasprintf("%s %s %s", boot.system ? boot.system : "-", boot.kernel, boot.initrd);
    assert_string_equal(got, expected);
}

static void expect_refused(const char *kernel, const char *initrd, const char *message,
                           const char *hint)
{
    auto_free char *iso = scratch_path("cd.iso");
    auto_iso_boot struct iso_boot boot = {0};
    struct error *err = NULL;
    int result = iso_source_find(iso, kernel, initrd, &boot, &err);

    expect_error(result, &err, message, hint);
}

static void layouts(void **state)
{
    (void)state;
    ISO({"install.amd/vmlinuz", "k"}, {"install.amd/initrd.gz", "i"}, {"pool/x", "x"});
    expect_found(NULL, NULL, "Debian install.amd/vmlinuz install.amd/initrd.gz");
    ISO({"casper/vmlinuz", "k"}, {"casper/initrd", "i"}, {"casper/hwe-vmlinuz", "x"});
    expect_found(NULL, NULL, "Ubuntu casper/vmlinuz casper/initrd");
    ISO({"images/pxeboot/vmlinuz", "k"}, {"images/pxeboot/initrd.img", "i"});
    expect_found(NULL, NULL, "Fedora, RHEL images/pxeboot/vmlinuz images/pxeboot/initrd.img");
    ISO({"boot/x86_64/loader/linux", "k"}, {"boot/x86_64/loader/initrd", "i"});
    expect_found(NULL, NULL, "openSUSE boot/x86_64/loader/linux boot/x86_64/loader/initrd");
    ISO({"boot/vmlinuz-lts", "k"}, {"boot/initramfs-lts", "i"});
    expect_found(NULL, NULL, "Alpine boot/vmlinuz-lts boot/initramfs-lts");
    ISO({"linux", "k"}, {"initrd.gz", "i"});
    expect_found(NULL, NULL, "Debian netboot linux initrd.gz");
}

static void paths_that_are_given(void **state)
{
    (void)state;
    ISO({"install.amd/vmlinuz", "k"}, {"install.amd/initrd.gz", "i"},
        {"install.amd/gtk/initrd.gz", "g"}, {"my/linux", "m"});
    expect_found("/my/linux", "./install.amd/gtk/initrd.gz",
                 "- my/linux install.amd/gtk/initrd.gz");
    expect_found(NULL, "install.amd/gtk/initrd.gz",
                 "Debian install.amd/vmlinuz install.amd/gtk/initrd.gz");
    expect_found("MY/Linux", NULL, "Debian my/linux install.amd/initrd.gz");
    expect_refused("my/linus", NULL,
                   "there is no file 'my/linus' in @/cd.iso, which iso.kernel names",
                   "did you mean 'my/linux'?");
    expect_refused(NULL, "zzz", "there is no file 'zzz' in @/cd.iso, which iso.initrd names",
                   "`bsdtar -tf @/cd.iso` lists its files");
}

static void links_are_followed(void **state)
{
    (void)state;
    ISO({"real/ram", "i"}, {"install.amd/vmlinuz", "k"},
        {"install.amd/initrd.gz", ">../real/ram"});
    expect_found(NULL, NULL, "Debian install.amd/vmlinuz real/ram");
    ISO({"a", ">b"}, {"b", ">a"}, {"c", ">../../etc/passwd"}, {"d", ">/e"}, {"e", "x"});
    expect_refused("a", NULL, "there is no file 'a' in @/cd.iso, which iso.kernel names",
                   "`bsdtar -tf @/cd.iso` lists its files");
    expect_refused("c", NULL, "there is no file 'c' in @/cd.iso, which iso.kernel names",
                   "`bsdtar -tf @/cd.iso` lists its files");
    expect_found("d", "e", "- e e");
}

static void old_names(void **state)
{
    const struct member members[] = {{"linux", "k"}, {"initrd.gz", "i"}};

    (void)state;
    make_iso(members, ARRAY_SIZE(members), false);
    expect_found(NULL, NULL, "Debian netboot LINUX INITRD.GZ");
}

static void what_is_no_installer(void **state)
{
    static const char text[] = "<html>404</html>";

    (void)state;
    ISO({"readme.txt", "x"}, {"install.amd/vmlinuz", "k"});
    expect_refused(NULL, NULL,
                   "@/cd.iso has no kernel where the known installers have one: "
                   "install.amd/vmlinuz (Debian), casper/vmlinuz (Ubuntu), "
                   "images/pxeboot/vmlinuz (Fedora, RHEL), boot/x86_64/loader/linux "
                   "(openSUSE), boot/vmlinuz-virt (Alpine), arch/boot/x86_64/vmlinuz-linux "
                   "(Arch), linux (Debian netboot)",
                   "write iso.kernel and iso.initrd, their paths in the ISO (`bsdtar -tf "
                   "@/cd.iso` lists its files)");
    scratch_write("cd.iso", text, sizeof text - 1, 0644);
    expect_refused(NULL, NULL,
                   "@/cd.iso cannot be read as an ISO 9660 image: Unrecognized archive format",
                   NULL);
}

static void extracts_the_bytes(void **state)
{
    auto_free char *iso = scratch_path("cd.iso");
    auto_free char *to = scratch_path("out");
    auto_free char *text = NULL;
    struct error *err = NULL;

    (void)state;
    ISO({"install.amd/vmlinuz", "the kernel"}, {"other", "x"});
    scratch_text("out", "what was there before, and longer", 0644);
    expect_ok(iso_source_extract(iso, "install.amd/vmlinuz", to, 10, &err), &err);
    text = scratch_read("out");
    assert_string_equal(text, "the kernel");
    expect_error(iso_source_extract(iso, "install.amd/vmlinuz", to, 9, &err), &err,
                 "install.amd/vmlinuz of @/cd.iso is larger than 9 B", NULL);
    assert_int_equal(access(to, F_OK), -1);
    expect_error(iso_source_extract(iso, "nothing", to, 9, &err), &err,
                 "@/cd.iso has no file 'nothing' any more", NULL);
}

/* An ISO whose download was cut off has its names, not its data. */
static void cut_off(void **state)
{
    auto_free char *iso = scratch_path("cd.iso");
    auto_free char *to = scratch_path("out");
    auto_free char *big = xmalloc(300000);
    struct error *err = NULL;

    (void)state;
    memset(big, 'x', 299999);
    big[299999] = '\0';
    ISO({"linux", big}, {"initrd.gz", "i"});
    assert_int_equal(truncate(iso, 200000), 0);
    expect_refused(NULL, NULL,
                   "@/cd.iso is cut off: it says that it has 658 KiB, and has 195.3 KiB",
                   "download or copy it again");
    expect_error(iso_source_extract(iso, "linux", to, 1 << 20, &err), &err,
                 "linux in @/cd.iso cannot be read: Truncated input file", NULL);
    assert_int_equal(access(to, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(layouts),
        SCRATCH_TEST(paths_that_are_given),
        SCRATCH_TEST(links_are_followed),
        SCRATCH_TEST(old_names),
        SCRATCH_TEST(what_is_no_installer),
        SCRATCH_TEST(extracts_the_bytes),
        SCRATCH_TEST(cut_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
