/* SPDX-License-Identifier: Apache-2.0 */
/* Short ids, with a database and without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/osinfo.h"
#include "util/file.h"

static char folder[] = "/tmp/virtopo-osinfo-XXXXXX";

static const char database[] = "<libosinfo>\n  <os id=\"http://plan9.org/plan9/4\">\n"
                               "    <short-id>plan9-4</short-id>\n"
                               "    <short-id>fourth</short-id>\n  </os>\n</libosinfo>\n";

static void make(const char *inner, const char *text)
{
    auto_free char *path = xasprintf("%s/%s", folder, inner);
    struct error *err = NULL;

    if (!text)
        assert_int_equal(mkdir(path, 0700), 0);
    else
        assert_int_equal(file_publish(path, text, strlen(text), 0600, &err), 0);
}

static int start(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make("os", NULL);
    make("os/plan9.org", NULL);
    make("os/plan9.org/plan9-4.xml", database);
    make("os/plan9.org/empty.xml", "<libosinfo/>");
    return 0;
}

static int stop(void **state)
{
    static const char *const inner[] = {"os/plan9.org/plan9-4.xml", "os/plan9.org/empty.xml",
                                        "os/plan9.org", "os", "."};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(inner); i++) {
        auto_free char *path = xasprintf("%s/%s", folder, inner[i]);

        if (strcmp(inner[i], ".") != 0)
            assert_int_equal(remove(path), 0);
    }
    return rmdir(folder);
}

static void expect(const char *word, enum osinfo_answer answer, const char *text)
{
    auto_arena struct arena *arena = arena_new();
    const char *found = "";

    assert_int_equal(osinfo_find(arena, word, &found), answer);
    if (text)
        assert_string_equal(found, text);
    else
        assert_null(found);
}

static void with_database(void **state)
{
    (void)state;
    setenv("OSINFO_SYSTEM_DIR", folder, 1);
    expect("plan9-4", OSINFO_KNOWN, "http://plan9.org/plan9/4");
    expect("fourth", OSINFO_KNOWN, "http://plan9.org/plan9/4");
    expect("plan9-5", OSINFO_UNKNOWN, "plan9-4");
    expect("zzz", OSINFO_UNKNOWN, NULL);
    /* newer than the database */
    expect("debian12", OSINFO_KNOWN, "http://debian.org/debian/12");
}

static void without_database(void **state)
{
    (void)state;
    setenv("OSINFO_SYSTEM_DIR", "/nonexistent", 1);
    expect("debian12", OSINFO_KNOWN, "http://debian.org/debian/12");
    expect("centos-stream9", OSINFO_KNOWN, "http://centos.org/centos-stream/9");
    expect("ubuntu24.04", OSINFO_KNOWN, "http://ubuntu.com/ubuntu/24.04");
    expect("win2k22", OSINFO_KNOWN, "http://microsoft.com/win/2k22");
    expect("debian", OSINFO_UNCHECKED, NULL);
    expect("plan9-4", OSINFO_UNCHECKED, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_database),
        cmocka_unit_test(without_database),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
