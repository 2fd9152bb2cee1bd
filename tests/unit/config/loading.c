/* SPDX-License-Identifier: Apache-2.0 */
#include "loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void loading_start(struct loading *l, const char *text)
{
    loading_with(l, text, NULL, 0);
}

void loading_with(struct loading *l, const char *text, const char *const *settings,
                  size_t count)
{
    struct load_options options = {.settings = settings, .setting_count = count};
    int result;

    *l = (struct loading){0};
    result = cluster_load_text("t.yaml", "/cluster", text, strlen(text), &options, &l->d,
                               &l->arena, &l->cluster);
    assert_int_equal(result, l->d.errors ? -1 : 0);
    assert_int_equal(l->cluster == NULL, l->d.errors > 0);
}

void loading_good(struct loading *l, const char *text)
{
    auto_buffer struct buffer out = {0};

    loading_start(l, text);
    diagnostics_render(&l->d, false, &out);
    if (l->d.count > 0)
        fail_msg("%s", out.data);
}

void loading_bad(const char *text, const char *check, int line, int column)
{
    auto_loading struct loading l = {0};
    auto_buffer struct buffer out = {0};

    loading_start(&l, text);
    assert_null(l.cluster);
    for (size_t i = 0; i < l.d.count; i++) {
        const struct diagnostic *item = &l.d.items[i];

        if (!strcmp(item->check, check) && item->position.line == line &&
            item->position.column == column)
            return;
    }
    diagnostics_render(&l.d, false, &out);
    fail_msg("no [%s] at %d:%d in:\n%s", check, line, column, out.data);
}

void loading_done(struct loading *l)
{
    cluster_free(l->cluster);
    diagnostics_done(&l->d);
    arena_free(l->arena);
}
