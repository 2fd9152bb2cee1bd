/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/layer.h"
#include "provision/build/layer_payload.h"
#include "provision/image/image_file.h"
#include "util/process.h"
#include "util/size.h"

#define PARENT "75efedf3aa458be31aa39378047b77e2db87beffc3fa1f30bd5a0ca3c64b10c9"

/* A layer with one step of each kind. */
struct sample {
    char *from;
    struct layer_copy copies[2];
    struct guest_file files[2];
    const char *packages[2], *run[2];
    struct image parent, image;
};

static void sample_open(struct sample *s)
{
    scratch_text("conf/a", "one", 0644);
    scratch_text("conf/sub/b", "two", 0600);
    *s = (struct sample){.from = scratch_path("conf"),
                         .packages = {"curl", "it's"},
                         .run = {"echo one", "echo two\necho three"}};
    s->copies[0] = (struct layer_copy){.from = s->from, .to = "/etc/app"};
    s->files[0] = (struct guest_file){
        .path = "/etc/motd", .content = "hi\n", .content_length = 3, .mode = "0640"};
    s->files[1] = (struct guest_file){
        .path = "/srv/own", .content = "x", .content_length = 1, .owner = "www-data:www-data"};
    s->parent = (struct image){.name = "base"};
    s->image = (struct image){.name = "app", .from = "base", .parent = &s->parent};
    s->image.layer.copies = (struct list){.items = s->copies, .count = 1};
    s->image.layer.files = (struct list){.items = s->files, .count = 2};
    s->image.layer.packages.items = s->packages;
    s->image.layer.packages.count = 2;
    s->image.layer.run.items = s->run;
    s->image.layer.run.count = 2;
}

static void sample_close(struct sample *s)
{
    free(s->from);
}
#define auto_sample __attribute__((cleanup(sample_close)))

static void recipe_of(const struct sample *s, const char *parent, char out[SHA256_TEXT])
{
    struct error *err = NULL;

    expect_ok(layer_recipe_text(&s->image, parent, out, &err), &err);
}

static void expect_other(const struct sample *s, const char *before, bool other)
{
    char now[SHA256_TEXT];

    recipe_of(s, PARENT, now);
    assert_int_equal(strcmp(now, before) != 0, other);
}

static void recipes_of_files(void **state)
{
    auto_sample struct sample s;
    auto_free char *a = NULL;
    auto_free char *extra = NULL;
    char before[SHA256_TEXT];

    (void)state;
    sample_open(&s);
    a = scratch_path("conf/a");
    extra = scratch_path("conf/link");
    recipe_of(&s, PARENT, before);
    expect_other(&s, before, false);
    scratch_text("conf/a", "one", 0644); /* newer, the same */
    expect_other(&s, before, false);
    scratch_text("conf/a", "two", 0644);
    expect_other(&s, before, true);
    scratch_text("conf/a", "one", 0644);
    assert_int_equal(chmod(a, 0755), 0);
    expect_other(&s, before, true);
    assert_int_equal(chmod(a, 0644), 0);
    expect_other(&s, before, false);
    assert_int_equal(symlink("a", extra), 0);
    expect_other(&s, before, true);
}

static void recipes_of_keys(void **state)
{
    auto_sample struct sample s;
    char before[SHA256_TEXT], now[SHA256_TEXT];

    (void)state;
    sample_open(&s);
    recipe_of(&s, PARENT, before);
    recipe_of(&s, "another", now);
    assert_string_not_equal(now, before);
    s.run[1] = "echo two";
    expect_other(&s, before, true);
    s.run[1] = "echo two\necho three";
    s.files[0].mode = "0644";
    expect_other(&s, before, true);
    s.files[0].mode = "0640";
    s.image.size = 20 * GIB;
    expect_other(&s, before, true);
    s.image.size = 0;
    s.image.layer.flatten = true;
    expect_other(&s, before, true);
    s.image.layer.flatten = false;
    /* what makes no other result */
    s.image.memory = 4 * GIB;
    s.image.timeout = 1;
    s.image.name = "other";
    expect_other(&s, before, false);
}

static void steps_in_order(void **state)
{
    static const char *const expected[] = {"copy to /etc/app",    "files: /etc/motd",
                                           "packages: curl it's", "files: /srv/own",
                                           "run: echo one",       "run: echo two …"};
    auto_sample struct sample s;
    struct layer_steps steps;

    (void)state;
    sample_open(&s);
    layer_steps_list(&s.image.layer, &steps);
    assert_int_equal(steps.count, ARRAY_SIZE(expected));
    for (size_t i = 0; i < steps.count; i++) {
        auto_free char *text = layer_step_text(&steps.items[i]);

        assert_string_equal(text, expected[i]);
    }
    layer_steps_done(&steps);
}

static void parts_of_steps(void **state)
{
    auto_arena struct arena *arena = arena_new();
    auto_sample struct sample s;
    const struct image *at = &s.image;

    (void)state;
    sample_open(&s);
    layer_part(arena, &s.image);
    assert_ptr_equal(s.image.parent, &s.parent);
    s.image.layer.cache = LAYER_CACHE_STEP;
    s.image.layer.flatten = true;
    layer_part(arena, &s.image);
    for (size_t step = 6; step > 0; step--, at = at->parent) {
        struct layer_steps steps;

        layer_steps_list(&at->layer, &steps);
        assert_int_equal(steps.count, 1);
        assert_int_equal(at->layer.only, step);
        assert_int_equal(at->layer.unsealed, step < 6);
        assert_int_equal(at->layer.flatten, step == 6);
        layer_steps_done(&steps);
    }
    assert_ptr_equal(at, &s.parent);
    assert_string_equal(s.image.parent->name, "app@5");
}

/* The part of the work disk at `at` MiB, unpacked into a folder of the scratch folder. */
static void unpack(const char *work, size_t at, const char *folder)
{
    auto_free char *to = scratch_path(folder);
    auto_free char *command =
        xasprintf("mkdir -p '%s' && dd if='%s' bs=1M skip=%zu 2>&1 | tar -xpf - -C '%s'", to,
                  work, at, to);
    const char *const argv[] = {"sh", "-c", command, NULL};
    struct error *err = NULL;

    expect_ok(process_run(argv, &(struct process_options){0}, NULL, &err), &err);
}

static void expect_text(const char *name, const char *expected)
{
    auto_free char *text = scratch_read(name);

    assert_string_equal(text, expected);
}

/* Every script is one to a shell, also to busybox's. */
static void expect_scripts(size_t count)
{
    static const char *const shells[] = {"sh -n", "bash -n", "busybox sh -n"};

    for (size_t i = 0; i < count + 2; i++) {
        auto_free char *name = i == 0   ? xstrdup("head/driver")
                               : i == 1 ? xstrdup("head/settings")
                                        : xasprintf("head/step-%zu", i - 1);
        auto_free char *path = scratch_path(name);

        for (size_t k = 0; k < ARRAY_SIZE(shells); k++) {
            auto_free char *command = xasprintf("%s '%s'", shells[k], path);
            const char *const argv[] = {"sh", "-c", command, NULL};
            struct error *err = NULL;

            expect_ok(process_run(argv, &(struct process_options){0}, NULL, &err), &err);
        }
    }
}

static void the_work_disk(void **state)
{
    auto_sample struct sample s;
    auto_free char *work = scratch_path("work");
    auto_free char *own = scratch_path("files/etc/motd");
    struct error *err = NULL;
    struct layer_steps steps;
    struct stat st;
    size_t head;

    (void)state;
    sample_open(&s);
    layer_steps_list(&s.image.layer, &steps);
    expect_ok(layer_payload_write(work, &steps, "abc", false, true, &head, &err), &err);
    assert_int_equal(head, 1);
    assert_int_equal(stat(work, &st), 0);
    assert_int_equal(st.st_size, 4 * MIB);
    unpack(work, 0, "head");
    unpack(work, 1, "copy");
    unpack(work, 2, "files");
    unpack(work, 3, "owned");
    expect_scripts(steps.count);
    expect_text("copy/a", "one");
    expect_text("copy/sub/b", "two");
    expect_text("files/etc/motd", "hi\n");
    expect_text("owned/srv/own", "x");
    assert_int_equal(stat(own, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    expect_text("head/step-1", ". /run/virtopo-build/settings\nunpack 1 /etc/app\n");
    expect_text("head/step-4", ". /run/virtopo-build/settings\nunpack 4 /\n"
                               "chown -- www-data:www-data /srv/own\n");
    expect_text("head/step-6", "echo two\necho three\n");
    layer_steps_done(&steps);
}

static void one_file(void **state)
{
    auto_sample struct sample s;
    auto_free char *work = scratch_path("work");
    auto_free char *file = scratch_path("conf/a");
    struct error *err = NULL;
    struct layer_steps steps;
    size_t head;

    (void)state;
    sample_open(&s);
    s.copies[0] = (struct layer_copy){.from = file, .to = "/etc/new name"};
    s.copies[1] = (struct layer_copy){.from = file, .to = "/srv/"};
    s.image.layer.copies.count = 2;
    layer_steps_list(&s.image.layer, &steps);
    expect_ok(layer_payload_write(work, &steps, "abc", false, true, &head, &err), &err);
    unpack(work, 0, "head");
    unpack(work, 1, "first");
    unpack(work, 2, "second");
    expect_text("first/new name", "one");
    expect_text("second/a", "one");
    expect_text("head/step-1", ". /run/virtopo-build/settings\nunpack 1 /etc/\n");
    expect_text("head/step-2", ". /run/virtopo-build/settings\nunpack 2 /srv/\n");
    layer_steps_done(&steps);
}

static void what_cannot_be_copied(void **state)
{
    auto_sample struct sample s;
    auto_free char *pipe = scratch_path("conf/pipe");
    char out[SHA256_TEXT];
    struct error *err = NULL;

    (void)state;
    sample_open(&s);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    expect_error(layer_recipe_text(&s.image, PARENT, out, &err), &err,
                 "image 'app': @/conf/pipe is neither a file, a folder nor a symlink",
                 "take it out of what is copied");
    s.copies[0].from = "/nowhere/at/all";
    expect_error(layer_recipe_text(&s.image, PARENT, out, &err), &err,
                 "image 'app': cannot read /nowhere/at/all: No such file or directory", NULL);
}

/* What qemu-img makes: an overlay of `backing`, of which it says the format or not. */
static int inspect_overlay(const char *backing, bool said, int want, struct error **err)
{
    auto_free char *path = scratch_path("layer.qcow2");
    auto_free char *command =
        xasprintf("qemu-img create -q -f qcow2 '%s' 1M && qemu-img rebase -u -f qcow2 -b '%s' "
                  "-F raw '%s'",
                  path, backing, path);
    const char *const argv[] = {"sh", "-c", command, NULL};
    struct image_file file;

    expect_ok(process_run(argv, &(struct process_options){0}, NULL, err), err);
    if (!said) {
        auto_close int fd = open(path, O_RDWR | O_CLOEXEC);

        /* its first extension, at the header's end, becomes one that nobody knows */
        assert_int_equal(pwrite(fd, "\x11\x22\x33\x44", 4, 112), 4);
    }
    return image_file_inspect(path, want, &file, err);
}

static void layers_name_the_store(void **state)
{
    static const char *const bad[] = {"/var/lib/virtopo/sha256-" PARENT ".qcow2",
                                      "../sha256-" PARENT ".qcow2",
                                      "sha256-" PARENT,
                                      "sha256-" PARENT ".qcow2.sealed-1-2",
                                      "sha256-75EF.qcow2",
                                      "json:{}",
                                      "nbd://example.org/x"};
    struct error *err = NULL;

    (void)state;
    expect_ok(inspect_overlay("sha256-" PARENT ".qcow2", true, IMAGE_FILE_LAYER, &err), &err);
    expect_ok(inspect_overlay("sha256-" PARENT ".raw", true, IMAGE_FILE_LAYER, &err), &err);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        expect_error(inspect_overlay(bad[i], true, IMAGE_FILE_LAYER, &err), &err,
                     "@/layer.qcow2: a damaged qcow2 image (its backing file is no image of a "
                     "store)",
                     "download or copy it again");
    expect_error(inspect_overlay("sha256-" PARENT ".raw", false, IMAGE_FILE_LAYER, &err), &err,
                 "@/layer.qcow2: a damaged qcow2 image (the format of its backing file is not "
                 "said)",
                 "download or copy it again");
    /* and nobody else may have one */
    assert_int_equal(
        inspect_overlay("sha256-" PARENT ".qcow2", true, IMAGE_FORMAT_DETECT, &err), -1);
    error_clear(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(recipes_of_files),      SCRATCH_TEST(recipes_of_keys),
        SCRATCH_TEST(steps_in_order),        SCRATCH_TEST(parts_of_steps),
        SCRATCH_TEST(the_work_disk),         SCRATCH_TEST(one_file),
        SCRATCH_TEST(what_cannot_be_copied), SCRATCH_TEST(layers_name_the_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
