/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "provision/build/install_cmdline.h"
#include "provision/build/install_media.h"
#include "provision/build/install_recipe.h"

static void expect_cmdline(int kind, bool answers, const char *given, const char *expected)
{
    const struct image image = {.answers = {.kind = kind, .file = answers ? "/a" : NULL},
                                .cmdline = given};
    auto_free char *cmdline = install_cmdline(&image, "x86_64");

    assert_string_equal(cmdline, expected);
}

static void cmdlines(void **state)
{
    (void)state;
    expect_cmdline(ANSWER_PRESEED, true, NULL,
                   "priority=critical DEBIAN_FRONTEND=text TERM=dumb console=ttyS0");
    expect_cmdline(ANSWER_KICKSTART, true, NULL,
                   "inst.ks=file:/ks.cfg inst.text console=ttyS0");
    expect_cmdline(ANSWER_AUTOINSTALL, true, NULL, "autoinstall ds=nocloud console=ttyS0");
    expect_cmdline(ANSWER_ISO, true, "alpine_dev=sr1", "console=ttyS0 alpine_dev=sr1");
    expect_cmdline(ANSWER_PRESEED, false, NULL, "console=ttyS0");
}

static void words_that_are_given(void **state)
{
    (void)state;
    expect_cmdline(ANSWER_PRESEED, true, "auto=true priority=high console=tty0 TERM=linux",
                   "DEBIAN_FRONTEND=text auto=true priority=high console=tty0 TERM=linux");
    expect_cmdline(ANSWER_AUTOINSTALL, true, "quiet\tautoinstall ds=nocloud;s=/x",
                   "console=ttyS0 quiet\tautoinstall ds=nocloud;s=/x");
    /* a name that only begins like another */
    expect_cmdline(ANSWER_AUTOINSTALL, true, "autoinstaller xds=1 consoles=1",
                   "autoinstall ds=nocloud console=ttyS0 autoinstaller xds=1 consoles=1");
}

static void consoles(void **state)
{
    (void)state;
    assert_string_equal(install_console_name("x86_64"), "ttyS0");
    assert_string_equal(install_console_name("aarch64"), "ttyAMA0");
    assert_string_equal(install_console_name("s390x"), "ttysclp0");
    assert_string_equal(install_console_name("riscv64"), "ttyS0");
}

/* An image with a medium and answers, of files in the scratch folder. */
struct recipe {
    char *iso, *answers;
    struct image image;
};

static void recipe_open(struct recipe *r)
{
    *r = (struct recipe){.iso = scratch_path("cd.iso"), .answers = scratch_path("a.cfg")};
    scratch_text("cd.iso", "medium", 0644);
    scratch_text("a.cfg", "d-i x/y string z\n", 0644);
    r->image = (struct image){.name = "inst",
                              .iso = {.file = r->iso},
                              .answers = {.kind = ANSWER_PRESEED, .file = r->answers},
                              .size = 1 << 30};
}

static void recipe_close(struct recipe *r)
{
    free(r->iso);
    free(r->answers);
}
#define auto_recipe __attribute__((cleanup(recipe_close)))

static void digest(const struct recipe *r, char out[SHA256_TEXT])
{
    struct error *err = NULL;

    expect_ok(install_recipe(&r->image, out, &err), &err);
}

static void expect_same(const struct recipe *r, const char *before, bool same)
{
    char now[SHA256_TEXT];

    digest(r, now);
    assert_int_equal(strcmp(now, before) == 0, same);
}

static void recipes(void **state)
{
    auto_recipe struct recipe r;
    char before[SHA256_TEXT];

    (void)state;
    recipe_open(&r);
    digest(&r, before);
    /* what only the making of it costs */
    r.image.cpus = 4;
    r.image.memory = 1 << 30;
    r.image.timeout = 1;
    expect_same(&r, before, true);
#define CHANGED(member, value)            \
    do {                                  \
        const struct image was = r.image; \
        r.image.member = value;           \
        expect_same(&r, before, false);   \
        r.image = was;                    \
    } while (0)
    CHANGED(size, 2 << 20);
    CHANGED(uefi, true);
    CHANGED(layer.network, true);
    CHANGED(cmdline, "quiet");
    CHANGED(iso.kernel, "linux");
    CHANGED(iso.initrd, "linux");
    CHANGED(answers.kind, ANSWER_KICKSTART);
    CHANGED(answers.file, NULL);
    expect_same(&r, before, true);
    scratch_text("a.cfg", "d-i x/y string other\n", 0644);
    expect_same(&r, before, false);
    scratch_text("a.cfg", "d-i x/y string z\n", 0644);
    scratch_text("cd.iso", "another", 0644);
    expect_same(&r, before, false);
}

#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void recipes_of_downloads(void **state)
{
    auto_recipe struct recipe r;
    char before[SHA256_TEXT];

    (void)state;
    recipe_open(&r);
    r.image.iso.file = NULL;
    r.image.iso.download = (struct download){.url = "https://a/x.iso", .sha256 = DIGEST};
    digest(&r, before);
    assert_false(install_moves(&r.image));
    /* the same bytes from elsewhere */
    r.image.iso.download.url = "https://b/x.iso";
    expect_same(&r, before, true);
    r.image.iso.download.sha256 = NULL;
    expect_same(&r, before, false);
    assert_true(install_moves(&r.image));
    digest(&r, before);
    r.image.iso.download.url = "https://c/x.iso";
    expect_same(&r, before, false);
}

static void recipes_without_a_medium(void **state)
{
    auto_recipe struct recipe r;
    auto_free char *linux_path = scratch_path("linux");
    auto_free char *ram = scratch_path("initrd");
    char before[SHA256_TEXT];

    (void)state;
    recipe_open(&r);
    scratch_text("linux", "k", 0644);
    scratch_text("initrd", "i", 0644);
    r.image.iso = (struct install_medium){.kernel = linux_path, .initrd = ram};
    digest(&r, before);
    scratch_text("initrd", "j", 0644);
    expect_same(&r, before, false);
}

static void expect_answers(int kind, const char *text, const char *message, const char *hint)
{
    auto_free char *path = scratch_path("answers");
    const struct answers answers = {.kind = kind, .file = path};
    struct error *err = NULL;

    if (text)
        scratch_text("answers", text, 0644);
    if (message)
        expect_error(install_answers_check(&answers, &err), &err, message, hint);
    else
        expect_ok(install_answers_check(&answers, &err), &err);
}

static void answers(void **state)
{
    (void)state;
    expect_answers(
        ANSWER_PRESEED, NULL,
        "the installer's answers: cannot open '@/answers': No such file or directory", NULL);
    expect_answers(ANSWER_PRESEED, "", "the installer's answers @/answers are empty", NULL);
    expect_answers(ANSWER_PRESEED, "d-i a/b boolean true\n", NULL, NULL);
    expect_answers(ANSWER_AUTOINSTALL, "#cloud-config\nautoinstall:\n  version: 1\n", NULL,
                   NULL);
    expect_answers(ANSWER_AUTOINSTALL, "version: 1\n",
                   "the installer's answers @/answers do not begin with '#cloud-config'",
                   "autoinstall takes cloud-init's user-data: that line, then 'autoinstall:' "
                   "with all the answers below it");
    expect_answers(ANSWER_ISO, "no medium",
                   "@/answers cannot be read as an ISO 9660 image: Unrecognized archive format",
                   NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cmdlines),
        cmocka_unit_test(words_that_are_given),
        cmocka_unit_test(consoles),
        SCRATCH_TEST(recipes),
        SCRATCH_TEST(recipes_of_downloads),
        SCRATCH_TEST(recipes_without_a_medium),
        SCRATCH_TEST(answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
