/* SPDX-License-Identifier: Apache-2.0 */
/* Whose libvirt a URI reaches, and where the store is then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/session.h"
#include "util/memory.h"

static void whose(void **state)
{
    static const struct {
        const char *uri;
        bool session;
    } cases[] = {
        {"qemu:///session", true},
        {"qemu:///session?socket=/run/x", true},
        {"qemu+ssh://ann@desk/session", true},
        {"qemu+ssh://ann@[::1]:2222/session?keyfile=/k", true},
        {"qemu+unix:///session", true},
        {"qemu:///system", false},
        {"qemu:///sessions", false},
        {"qemu+ssh://session/system", false},
        {"qemu+ssh://root@desk/system?x=/session", false},
        {"test:///default", false},
        {"/session", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_int_equal(session_is(cases[i].uri), cases[i].session);
}

static void store(void **state)
{
    auto_free char *system = session_store("qemu+ssh://root@desk/system");
    auto_free char *session = NULL;

    (void)state;
    setenv("XDG_DATA_HOME", "/home/ann/data", 1);
    session = session_store("qemu:///session");
    assert_string_equal(system, "/var/lib/virtopo");
    assert_string_equal(session, "/home/ann/data/virtopo-store");
    assert_null(session_store("qemu+ssh://ann@desk/session"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose),
        cmocka_unit_test(store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
