/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/memory.h"

static void allocation(void **state)
{
    auto_free char *zeroed = xcalloc(3, 4), *nothing = xmalloc(0), *none = xcalloc(0, 8);
    auto_free char *copy = xstrdup("abc"), *part = xstrndup("abc", 2), *text = NULL;

    (void)state;
    assert_memory_equal(zeroed, "\0\0\0\0\0\0\0\0\0\0\0", 12);
    assert_non_null(nothing);
    assert_non_null(none);
    assert_string_equal(copy, "abc");
    assert_string_equal(part, "ab");
    assert_null(xstrdup_null(NULL));
    text = xstrdup_null("x");
    assert_string_equal(text, "x");
    free(text);
    text = xasprintf("%s-%d", "a", 5);
    assert_string_equal(text, "a-5");
    text = xrealloc(text, 1000);
    assert_string_equal(text, "a-5");
}

static void vectors(void **state)
{
    int *items = NULL;
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        vector_push(items, count, i);
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

/* In a child, because it aborts. */
static void an_overflow_aborts(void **state)
{
    pid_t pid = fork();
    int status;

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        vector_reserve(NULL, SIZE_MAX / 4 + 1, 16);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void arenas(void **state)
{
    auto_arena struct arena *arena = arena_new();
    char *last = NULL;

    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        char *p = arena_alloc(arena, i % 97);

        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t j = 0; j < i % 97; j++)
            assert_int_equal(p[j], 0);
        memset(p, 0xff, i % 97);
        if (i == 1)
            last = p;
    }
    assert_int_equal((unsigned char)*last, 0xff);
    memset(arena_alloc(arena, 1000000), 1, 1000000);
    assert_string_equal(arena_strdup(arena, "abc"), "abc");
    assert_string_equal(arena_strndup(arena, "abc", 2), "ab");
    assert_string_equal(arena_strndup(arena, "abc", 9), "abc");
    assert_string_equal(arena_printf(arena, "%d%s", 1, "x"), "1x");
    arena_free(NULL);
}

static void arrays_in_an_arena(void **state)
{
    auto_arena struct arena *arena = arena_new();
    size_t count = 0;
    long *items = NULL;

    (void)state;
    for (long i = 0; i < 3000; i++)
        arena_push(arena, items, count, i);
    for (long i = 0; i < 3000; i++)
        assert_int_equal(items[i], i);
}

static void take_moves(void **state)
{
    char *moved;

    (void)state;
    {
        auto_free char *text = xstrdup("kept");

        moved = TAKE(text);
        assert_null(text);
    }
    assert_string_equal(moved, "kept");
    free(moved);
}

static void cleanups_close(void **state)
{
    int seen;

    (void)state;
    {
        auto_close int fd = open("/dev/null", O_RDONLY), none = -1;
        auto_fclose FILE *f = NULL;

        assert_true(fd >= 0 && none == -1 && !f);
        seen = fd;
    }
    assert_int_equal(fcntl(seen, F_GETFD), -1);
    {
        auto_fclose FILE *f = fopen("/dev/null", "r");

        assert_non_null(f);
        seen = fileno(f);
    }
    assert_int_equal(fcntl(seen, F_GETFD), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocation),         cmocka_unit_test(vectors),
        cmocka_unit_test(an_overflow_aborts), cmocka_unit_test(arenas),
        cmocka_unit_test(arrays_in_an_arena), cmocka_unit_test(take_moves),
        cmocka_unit_test(cleanups_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
