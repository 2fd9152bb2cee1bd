/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "provision/image/image_maker.h"
#include "provision/image/image_script.h"
#include "util/file.h"

/* An image with one script and, where they are there, the inputs `in` and `one`. */
struct recipe {
    char *paths[3];
    struct image image;
};

static void recipe_open(struct recipe *r, size_t inputs)
{
    *r = (struct recipe){
        .paths = {scratch_path("build.sh"), scratch_path("in"), scratch_path("one")}};
    r->image =
        (struct image){.name = "made", .script = r->paths[0], .format = IMAGE_FORMAT_RAW};
    r->image.inputs.items = (void *)(r->paths + 1);
    r->image.inputs.count = inputs;
}

static void recipe_close(struct recipe *r)
{
    for (size_t i = 0; i < ARRAY_SIZE(r->paths); i++)
        free(r->paths[i]);
}
#define auto_recipe __attribute__((cleanup(recipe_close)))

static void digest(char out[SHA256_TEXT], size_t inputs)
{
    auto_recipe struct recipe r;
    struct error *err = NULL;

    recipe_open(&r, inputs);
    expect_ok(image_script_recipe(&r.image, out, &err), &err);
}

static void expect_same(const char *before, bool same)
{
    char now[SHA256_TEXT];

    digest(now, 2);
    if (same)
        assert_string_equal(now, before);
    else
        assert_string_not_equal(now, before);
}

static void write_inputs(void)
{
    scratch_text("build.sh", "#!/bin/sh\n", 0755);
    scratch_text("in/a", "a", 0644);
    scratch_text("in/deep/b", "b", 0644);
    scratch_text("one", "1", 0644);
}

static void recipes(void **state)
{
    auto_free char *in = scratch_path("in/a");
    char before[SHA256_TEXT], fewer[SHA256_TEXT];

    (void)state;
    write_inputs();
    digest(before, 2);
    expect_same(before, true);
    digest(fewer, 1);
    assert_string_not_equal(before, fewer);
    /* the same content, newer; other permissions that do not matter */
    scratch_text("in/a", "a", 0600);
    expect_same(before, true);
    assert_int_equal(chmod(in, 0755), 0);
    expect_same(before, false);
    scratch_text("in/a", "b", 0644);
    expect_same(before, false);
    scratch_text("in/a", "a", 0644);
    expect_same(before, true);
    scratch_text("in/c", "", 0644);
    expect_same(before, false);
}

static void recipe_of_names(void **state)
{
    auto_free char *from = scratch_path("in/a");
    auto_free char *to = scratch_path("in/z");
    char before[SHA256_TEXT];

    (void)state;
    write_inputs();
    digest(before, 2);
    assert_int_equal(rename(from, to), 0);
    expect_same(before, false);
    assert_int_equal(rename(to, from), 0);
    expect_same(before, true);
    scratch_text("build.sh", "#!/bin/sh\n:\n", 0755);
    expect_same(before, false);
}

/* A link counts by where it leads, but for one that is named itself. */
static void recipe_of_links(void **state)
{
    auto_free char *in = scratch_path("in");
    auto_free char *moved = scratch_path("moved");
    auto_free char *link = scratch_path("in/link");
    char before[SHA256_TEXT], with[SHA256_TEXT];

    (void)state;
    write_inputs();
    digest(before, 2);
    assert_int_equal(symlink("a", link), 0);
    digest(with, 2);
    assert_string_not_equal(before, with);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("nowhere", link), 0);
    expect_same(before, false);
    expect_same(with, false);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(rename(in, moved), 0);
    assert_int_equal(symlink("moved", in), 0);
    expect_same(before, true);
    scratch_text("moved/a", "changed", 0644);
    expect_same(before, false);
}

/* A recipe does not depend on where its folder is. */
static void recipe_elsewhere(void **state)
{
    auto_recipe struct recipe r;
    char here[SHA256_TEXT], there[SHA256_TEXT];
    struct error *err = NULL;

    (void)state;
    write_inputs();
    digest(here, 2);
    scratch_text("x/build.sh", "#!/bin/sh\n", 0755);
    scratch_text("x/in/a", "a", 0644);
    scratch_text("x/in/deep/b", "b", 0644);
    scratch_text("x/one", "1", 0644);
    r = (struct recipe){
        .paths = {scratch_path("x/build.sh"), scratch_path("x/in"), scratch_path("x/one")}};
    r.image = (struct image){.name = "made", .script = r.paths[0]};
    r.image.inputs.items = (void *)(r.paths + 1);
    r.image.inputs.count = 2;
    expect_ok(image_script_recipe(&r.image, there, &err), &err);
    assert_string_equal(here, there);
}

static void missing_parts(void **state)
{
    auto_recipe struct recipe r;
    char out[SHA256_TEXT];
    struct error *err = NULL;

    (void)state;
    recipe_open(&r, 1);
    expect_error(
        image_script_recipe(&r.image, out, &err), &err,
        "image 'made': cannot read the input @/build.sh: No such file or directory",
        "`script` is the path of a program, from the folder of the file that names it");
    scratch_text("build.sh", "#!/bin/sh\n", 0755);
    expect_error(image_script_recipe(&r.image, out, &err), &err,
                 "image 'made': cannot read the input @/in: No such file or directory", NULL);
}

static int build(struct error **err)
{
    auto_recipe struct recipe r;
    struct image_object o = {.image = &r.image, .recipe = (char *)"abc"};
    int outcome;

    recipe_open(&r, 0);
    outcome = image_make(&o, NULL, err);
    free(o.source);
    return outcome;
}

#define RESULT "xdg-cache/virtopo/images/abc.img"

static void builds_once(void **state)
{
    auto_free char *path = image_maker_path("abc");
    auto_free char *expected = scratch_path(RESULT);
    struct error *err = NULL;

    (void)state;
    assert_string_equal(path, expected);
    scratch_text("build.sh",
                 "#!/bin/sh\necho x >>runs\npwd >where\nprintf %s \"image\" >\"$OUT\"\n", 0755);
    for (int i = 0; i < 2; i++) {
        auto_free char *image = NULL;
        auto_free char *runs = NULL;
        auto_free char *where = NULL;
        auto_free char *folder = xasprintf("%s\n", scratch);

        expect_ok(build(&err), &err);
        image = scratch_read(RESULT);
        runs = scratch_read("runs");
        where = scratch_read("where");
        assert_string_equal(image, "image");
        assert_string_equal(runs, "x\n");
        assert_string_equal(where, folder);
    }
}

static void expect_nothing_left(void)
{
    auto_free char *folder = scratch_path("xdg-cache/virtopo/images");
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "abc.img.lock") != 0)
            fail_msg("%s is there", entry->d_name);
    }
    closedir(dir);
}

static void failing_script(void **state)
{
    struct error *err = NULL;

    (void)state;
    scratch_text("build.sh",
                 "#!/bin/sh\necho half >\"$OUT\"\necho something is missing >&2\nexit 3\n",
                 0755);
    assert_int_equal(build(&err), -1);
    assert_non_null(err->detail ? err->detail : err->cause ? err->cause->detail : NULL);
    assert_string_equal(err->detail ? err->detail : err->cause->detail, "something is missing");
    expect_error(-1, &err, "building image 'made': '@/build.sh' failed with exit code 3", NULL);
    expect_nothing_left();
}

static void scripts_that_write_nothing(void **state)
{
    struct error *err = NULL;
    const char *hint = "the script must write the image to the file named by $OUT";

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\n", 0755);
    expect_error(build(&err), &err,
                 "building image 'made': @/build.sh succeeded, but wrote nothing to $OUT",
                 hint);
    scratch_text("build.sh", "#!/bin/sh\n: >\"$OUT\"\n", 0755);
    expect_error(build(&err), &err,
                 "building image 'made': @/build.sh succeeded, but wrote nothing to $OUT",
                 hint);
    expect_nothing_left();
}

static void results_that_are_no_images(void **state)
{
    auto_free char *message =
        xasprintf("image 'made' (build with @/build.sh): what was made cannot be used: "
                  "@/" RESULT ".%d.part: is an HTML page, not a disk image",
                  (int)getpid());
    struct error *err = NULL;

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\necho '<html>' >\"$OUT\"\n", 0755);
    expect_error(build(&err), &err, message, NULL);
    expect_nothing_left();
    scratch_text("build.sh", "#!/bin/sh\nln -s /etc/hostname \"$OUT\"\n", 0755);
    expect_error(build(&err), &err,
                 "image 'made' (build with @/build.sh): what was made is no regular file",
                 NULL);
    expect_nothing_left();
    scratch_text("build.sh", "#!/bin/sh\nmkdir \"$OUT\"; echo >\"$OUT/a\"\n", 0755);
    expect_error(build(&err), &err,
                 "image 'made' (build with @/build.sh): what was made is no regular file",
                 NULL);
    expect_nothing_left();
}

static void script_that_cannot_run(void **state)
{
    struct error *err = NULL;

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\n", 0644);
    expect_error(build(&err), &err, "cannot run @/build.sh: Permission denied",
                 "make it executable: chmod +x @/build.sh");
    expect_nothing_left();
}

/* What a run that was killed left behind is not taken for the image. */
static void leftovers(void **state)
{
    auto_free char *image = NULL;
    struct error *err = NULL;

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\ntest ! -e \"$OUT\" && echo new >\"$OUT\"\n", 0755);
    scratch_text(RESULT ".1.part", "old and half", 0600);
    scratch_text(RESULT ".2.part/in/a", "a folder", 0600);
    scratch_text(RESULT ".lock", "", 0600);
    expect_ok(build(&err), &err);
    image = scratch_read(RESULT);
    assert_string_equal(image, "new\n");
}

/* What is in the cache is used only while it is what was made. */
static void changed_cache(void **state)
{
    auto_free char *path = scratch_path(RESULT);
    static const char *const changed[] = {"other", "imag", ""};
    struct error *err = NULL;

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\necho image >\"$OUT\"\n", 0755);
    expect_ok(build(&err), &err);
    for (size_t i = 0; i < ARRAY_SIZE(changed); i++) {
        auto_free char *image = NULL;

        scratch_text(RESULT, changed[i], 0600);
        expect_ok(build(&err), &err);
        image = scratch_read(RESULT);
        assert_string_equal(image, "image\n");
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_ok(build(&err), &err);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    expect_ok(build(&err), &err);
}

static void two_at_once(void **state)
{
    auto_free char *runs = NULL;
    struct error *err = NULL;
    int status = -1;
    pid_t other;

    (void)state;
    scratch_text("build.sh", "#!/bin/sh\necho x >>runs\nsleep 0.5\necho image >\"$OUT\"\n",
                 0755);
    other = fork();
    assert_int_not_equal(other, -1);
    if (other == 0)
        _exit(build(NULL) == 0 ? 0 : 1);
    expect_ok(build(&err), &err);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0);
    runs = scratch_read("runs");
    assert_string_equal(runs, "x\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(recipes),
        SCRATCH_TEST(recipe_of_names),
        SCRATCH_TEST(recipe_of_links),
        SCRATCH_TEST(recipe_elsewhere),
        SCRATCH_TEST(missing_parts),
        SCRATCH_TEST(builds_once),
        SCRATCH_TEST(failing_script),
        SCRATCH_TEST(scripts_that_write_nothing),
        SCRATCH_TEST(results_that_are_no_images),
        SCRATCH_TEST(script_that_cannot_run),
        SCRATCH_TEST(leftovers),
        SCRATCH_TEST(two_at_once),
        SCRATCH_TEST(changed_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
