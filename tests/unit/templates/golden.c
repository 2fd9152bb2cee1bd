/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdlib.h>
#include <string.h>

#include "util/file.h"

#define FOLDER "tests/unit/templates/data/"

static int updated;

void golden_check(const char *name, const char *text)
{
    auto_free char *path = xasprintf(FOLDER "%s", name);
    auto_buffer struct buffer expected = {0};
    struct error *err = NULL;

    if (getenv("UPDATE_GOLDEN")) {
        expect_ok(file_publish(path, text, strlen(text), 0644, &err), &err);
        print_error("%s was written anew: look at the difference\n", path);
        updated = 1;
        return;
    }
    expect_ok(file_read(path, 1 << 20, &expected, &err), &err);
    assert_string_equal(text, expected.data ? expected.data : "");
}

void golden_unchanged(void **state)
{
    (void)state;
    assert_int_equal(updated, 0);
}

void expect_ok(int result, struct error **err)
{
    auto_free char *text = *err ? error_text(*err) : NULL;

    if (result || *err) {
        error_free(*err);
        *err = NULL;
        fail_msg("%s", text ? text : "failed without an error");
    }
}

void expect_error(int result, struct error **err, const char *part)
{
    auto_free char *text = *err ? error_text(*err) : NULL;

    error_free(*err);
    *err = NULL;
    assert_int_equal(result, -1);
    assert_non_null(text);
    if (!strstr(text, part))
        fail_msg("'%s' does not say '%s'", text, part);
}
