/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/file.h"

/* Every test starts in an empty folder of its own. */
static char *scratch;

static int enter(void **state)
{
    const char *folder = getenv("TMPDIR");

    (void)state;
    scratch = xasprintf("%s/file-XXXXXX", folder ? folder : "/tmp");
    return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    auto_error struct error *err = NULL;
    int result = file_remove_tree(scratch, &err);

    (void)state;
    free(scratch);
    return result;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void check_content(const char *path, const char *expected)
{
    auto_buffer struct buffer b = {0};

    assert_int_equal(file_read(path, 1000, &b, NULL), 0);
    assert_string_equal(b.data, expected);
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

static int entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static bool exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void reads_and_appends(void **state)
{
    auto_buffer struct buffer b = {0};
    auto_error struct error *err = NULL;

    (void)state;
    put("a", "content");
    put("empty", "");
    buffer_puts(&b, "before ");
    assert_int_equal(file_read("a", 7, &b, &err), 0);
    assert_string_equal(b.data, "before content");
    assert_int_equal(file_read("empty", 0, &b, &err), 0);
    assert_int_equal(b.length, 14);
    buffer_done(&b);
    assert_int_equal(file_read("empty", 0, &b, &err), 0);
    assert_string_equal(b.data, "");
}

static void the_limit_holds(void **state)
{
    auto_buffer struct buffer b = {0};
    auto_error struct error *err = NULL;

    (void)state;
    put("a", "content");
    buffer_puts(&b, "x");
    assert_int_equal(file_read("a", 6, &b, &err), -1);
    assert_string_equal(err->message, "'a' is longer than the limit of 6 bytes");
    assert_string_equal(b.data, "x");
    assert_int_equal(b.length, 1);
    assert_int_equal(file_read("/dev/zero", 100000, &b, &err), -1);
    assert_int_equal(b.length, 1);
}

static void reads_standard_input(void **state)
{
    auto_buffer struct buffer b = {0};
    auto_error struct error *err = NULL;
    int saved = dup(STDIN_FILENO), ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "piped", 5), 5);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(file_read("-", 100, &b, &err), 0);
    assert_string_equal(b.data, "piped");
    close(STDIN_FILENO);
    assert_int_equal(file_read("-", 100, &b, &err), -1);
    assert_string_equal(err->message, "cannot read standard input: Bad file descriptor");
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void unreadable(void **state)
{
    auto_buffer struct buffer b = {0};
    auto_error struct error *missing = NULL, *folder = NULL;

    (void)state;
    assert_int_equal(file_read("none", 100, &b, &missing), -1);
    assert_int_equal(missing->kind, ERROR_SYSTEM);
    assert_int_equal(missing->code, ENOENT);
    assert_string_equal(missing->message, "cannot open 'none': No such file or directory");
    assert_int_equal(file_read(".", 100, &b, &folder), -1);
    assert_string_equal(folder->message, "cannot read '.': Is a directory");
}

static void publishes(void **state)
{
    auto_error struct error *err = NULL;
    mode_t mask = umask(077);

    (void)state;
    assert_int_equal(file_publish("a", "one", 3, 0644, &err), 0);
    assert_int_equal(mode_of("a"), 0644);
    assert_int_equal(file_publish("a", "two", 3, 0600, &err), 0);
    assert_int_equal(mode_of("a"), 0600);
    check_content("a", "two");
    assert_int_equal(entries("."), 1);
    umask(mask);
}

static void publishing_fails_cleanly(void **state)
{
    auto_error struct error *missing = NULL, *folder = NULL;

    (void)state;
    assert_int_equal(file_publish("no/a", "x", 1, 0644, &missing), -1);
    assert_int_equal(missing->code, ENOENT);
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(file_publish("folder", "x", 1, 0644, &folder), -1);
    assert_int_equal(folder->code, EISDIR);
    assert_int_equal(entries("."), 1);
}

static void replaces_a_symlink_not_its_target(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    put("target", "kept");
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(file_publish("link", "new", 3, 0644, &err), 0);
    check_content("target", "kept");
    check_content("link", "new");
}

static void publishes_only_new(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(file_publish_new("a", "one", 3, 0640, &err), 0);
    assert_int_equal(mode_of("a"), 0640);
    assert_int_equal(file_publish_new("a", "two", 3, 0640, &err), -1);
    assert_int_equal(err->kind, ERROR_CONFLICT);
    assert_string_equal(err->message, "'a' is already there");
    check_content("a", "one");
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(file_publish_new("dangling", "x", 1, 0640, NULL), -1);
    assert_int_equal(entries("."), 2);
}

static void makes_folders(void **state)
{
    auto_free char *absolute = xasprintf("%s/x/y", scratch);
    auto_error struct error *err = NULL;
    mode_t mask = umask(077);

    (void)state;
    assert_int_equal(file_make_folders("a/b/c", 0755, &err), 0);
    assert_int_equal(mode_of("a"), 0755);
    assert_int_equal(mode_of("a/b/c"), 0755);
    assert_int_equal(file_make_folders("a/b/c/", 0700, &err), 0);
    assert_int_equal(mode_of("a/b/c"), 0755);
    assert_int_equal(file_make_folders("a/b/d//e/", 0700, &err), 0);
    assert_int_equal(mode_of("a/b/d/e"), 0700);
    assert_int_equal(file_make_folders(absolute, 0711, &err), 0);
    assert_int_equal(mode_of("x/y"), 0711);
    assert_int_equal(file_make_folders("/", 0700, &err), 0);
    umask(mask);
}

static void cannot_make_folders(void **state)
{
    auto_error struct error *file = NULL, *below = NULL, *empty = NULL;

    (void)state;
    put("file", "");
    assert_int_equal(file_make_folders("file", 0755, &file), -1);
    assert_int_equal(file->code, ENOTDIR);
    assert_int_equal(file_make_folders("file/x/y", 0755, &below), -1);
    assert_string_equal(below->message, "cannot make folder 'file': Not a directory");
    assert_int_equal(file_make_folders("", 0755, &empty), -1);
    assert_int_equal(empty->code, ENOENT);
}

static void removes_trees(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(file_make_folders("keep", 0755, &err), 0);
    put("keep/file", "kept");
    assert_int_equal(file_make_folders("tree/a/b/c", 0755, &err), 0);
    put("tree/a/file", "x");
    put("tree/a/b/.hidden", "x");
    assert_int_equal(symlink("../keep", "tree/link"), 0);
    assert_int_equal(symlink("nowhere", "tree/dangling"), 0);
    assert_int_equal(file_remove_tree("tree", &err), 0);
    assert_false(exists("tree"));
    check_content("keep/file", "kept");
}

static void removes_links_files_and_nothing(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(file_make_folders("keep", 0755, &err), 0);
    assert_int_equal(symlink("keep", "link"), 0);
    put("file", "x");
    assert_int_equal(file_remove_tree("link", &err), 0);
    assert_int_equal(file_remove_tree("file", &err), 0);
    assert_int_equal(file_remove_tree("missing/deeper", &err), 0);
    assert_int_equal(entries("."), 1);
    put("file", "x");
    assert_int_equal(file_remove_tree("file/below", &err), -1);
    assert_int_equal(err->code, ENOTDIR);
}

static void resolves_paths(void **state)
{
    static const char *const cases[][3] = {
        {"/base", "x", "/base/x"},
        {"/base", "./x", "/base/x"},
        {"/base", "../x", "/base/../x"},
        {"/base/", "x", "/base/x"},
        {"/", "x", "/x"},
        {".", "x", "./x"},
        {"/base", "/x/y", "/x/y"},
        {"/base", "~", "/home/me"},
        {"/base", "~/x", "/home/me/x"},
        {"/base", "a~b", "/base/a~b"},
        {"/base", "x/~/y", "/base/x/~/y"},
        {"/base", "./~me", "/base/~me"},
    };

    (void)state;
    setenv("HOME", "/home/me", 1);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *path = NULL;

        assert_int_equal(path_resolve(cases[i][0], cases[i][1], &path, NULL), 0);
        assert_string_equal(path, cases[i][2]);
    }
}

static void refuses_paths(void **state)
{
    auto_error struct error *user = NULL, *empty = NULL;
    char *path = NULL;

    (void)state;
    assert_int_equal(path_resolve("/base", "~root/x", &path, &user), -1);
    assert_int_equal(user->kind, ERROR_CONFIG);
    assert_non_null(user->hint);
    assert_int_equal(path_resolve("/base", "", &path, &empty), -1);
    assert_null(path);
}

static void folders(void **state)
{
    static const char *const cases[][2] = {
        {"/a/b", "/a"}, {"a/b/c", "a/b"}, {"a", "."}, {"/a", "/"}, {"./a", "."}, {"a//b", "a"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *folder = path_folder(cases[i][0]);

        assert_string_equal(folder, cases[i][1]);
    }
}

static void check_xdg(const char *data, const char *cache)
{
    auto_free char *actual_data = path_data(), *actual_cache = path_cache();

    assert_string_equal(actual_data, data);
    assert_string_equal(actual_cache, cache);
}

static void xdg(void **state)
{
    (void)state;
    setenv("HOME", "/home/me", 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CACHE_HOME");
    check_xdg("/home/me/.local/share/virtopo", "/home/me/.cache/virtopo");
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("XDG_CACHE_HOME", "/cache", 1);
    check_xdg("/data/virtopo", "/cache/virtopo");
    setenv("XDG_DATA_HOME", "relative", 1);
    setenv("XDG_CACHE_HOME", "", 1);
    check_xdg("/home/me/.local/share/virtopo", "/home/me/.cache/virtopo");
    setenv("HOME", "/", 1);
    check_xdg("/.local/share/virtopo", "/.cache/virtopo");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CACHE_HOME");
}

static void home_without_home(void **state)
{
    auto_free char *path = NULL;

    (void)state;
    unsetenv("HOME");
    assert_int_equal(path_resolve("/base", "~/x", &path, NULL), 0);
    assert_int_equal(path[0], '/');
    assert_string_not_equal(path, "/base/~/x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_and_appends),
        TEST(the_limit_holds),
        TEST(reads_standard_input),
        TEST(unreadable),
        TEST(publishes),
        TEST(publishing_fails_cleanly),
        TEST(replaces_a_symlink_not_its_target),
        TEST(publishes_only_new),
        TEST(makes_folders),
        TEST(cannot_make_folders),
        TEST(removes_trees),
        TEST(removes_links_files_and_nothing),
        TEST(resolves_paths),
        TEST(refuses_paths),
        TEST(folders),
        TEST(xdg),
        TEST(home_without_home),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
