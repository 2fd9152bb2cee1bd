/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

char *scratch;

int scratch_open(void **state)
{
    const char *base = getenv("TMPDIR");
    auto_free char *cache = NULL;
    auto_free char *data = NULL;

    (void)state;
    scratch = xasprintf("%s/provision-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(scratch))
        return -1;
    cache = scratch_path("xdg-cache");
    data = scratch_path("xdg-data");
    return setenv("XDG_CACHE_HOME", cache, 1) || setenv("XDG_DATA_HOME", data, 1);
}

int scratch_close(void **state)
{
    int result = file_remove_tree(scratch, NULL);

    (void)state;
    free(scratch);
    scratch = NULL;
    return result;
}

char *scratch_path(const char *name)
{
    return xasprintf("%s/%s", scratch, name);
}

void scratch_write(const char *name, const void *data, size_t length, mode_t mode)
{
    auto_free char *path = scratch_path(name);
    auto_free char *folder = path_folder(path);
    struct error *err = NULL;

    expect_ok(file_make_folders(folder, 0700, &err), &err);
    expect_ok(file_publish(path, data, length, mode, &err), &err);
    assert_int_equal(chmod(path, mode), 0);
}

void scratch_text(const char *name, const char *text, mode_t mode)
{
    scratch_write(name, text, strlen(text), mode);
}

void scratch_disk(const char *name, uint64_t size, char mark)
{
    auto_free char *path = scratch_path(name);
    char sector[512] = {mark};

    memcpy(sector + 510, "\x55\xaa", 2);
    scratch_write(name, sector, sizeof sector, 0644);
    assert_int_equal(truncate(path, (off_t)size), 0);
}

char *scratch_read(const char *name)
{
    auto_free char *path = scratch_path(name);
    auto_buffer struct buffer out = {0};

    if (file_read(path, 1 << 20, &out, NULL) < 0)
        return xstrdup("");
    return buffer_take(&out);
}

void expect_ok(int result, struct error **err)
{
    auto_free char *text = *err ? error_text(*err) : NULL;

    if (result || *err) {
        error_clear(err);
        fail_msg("%s", text ? text : "failed without an error");
    }
}

char *scratch_shorten(const char *text)
{
    auto_buffer struct buffer out = {0};
    const char *found;

    while (scratch && (found = strstr(text, scratch))) {
        buffer_append(&out, text, (size_t)(found - text));
        buffer_puts(&out, "@");
        text = found + strlen(scratch);
    }
    buffer_puts(&out, text);
    return buffer_take(&out);
}

void expect_error(int result, struct error **err, const char *message, const char *hint)
{
    auto_free char *text = *err ? error_text(*err) : NULL;
    auto_free char *short_text = text ? scratch_shorten(text) : NULL;
    auto_free char *remedy = *err && (*err)->hint ? scratch_shorten((*err)->hint) : NULL;

    error_clear(err);
    assert_int_equal(result, -1);
    assert_non_null(short_text);
    assert_string_equal(short_text, message);
    assert_string_equal(remedy ? remedy : "", hint ? hint : "");
}
