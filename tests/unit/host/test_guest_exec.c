/* SPDX-License-Identifier: Apache-2.0 */
/* Commands over SSH, with real servers on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "expect.h"
#include "host/guest_exec.h"
#include "server.h"
#include "util/file.h"

static struct server server;
static const volatile int cancelled = 1;
static const struct guest_limits limits = {10000, 20000, NULL};

static int start_server(enum server_kind kind)
{
    const char *parent = getenv("TMPDIR");
    auto_free char *folder = xasprintf("%s/guest-XXXXXX", parent ? parent : "/tmp");

    if (!server_possible(kind))
        return 0; /* each test skips itself */
    if (!mkdtemp(folder))
        return -1;
    return server_start(kind, folder, &server);
}

static int start_openssh(void **state)
{
    (void)state;
    return start_server(SERVER_OPENSSH);
}

static int start_dropbear(void **state)
{
    (void)state;
    return start_server(SERVER_DROPBEAR);
}

static int stop_server(void **state)
{
    auto_free char *folder = xstrdup_null(server.folder);

    (void)state;
    server_stop(&server);
    return folder ? file_remove_tree(folder, NULL) : 0;
}

static struct guest_login login_now(void)
{
    if (!server.pid)
        skip();
    return (struct guest_login){.ip = LOOPBACK,
                                .port = server.port,
                                .user = server.user,
                                .key_path = server.key,
                                .host_key = server.host_key};
}

static void check_run(const char *command, int status, const char *output)
{
    struct guest_login login = login_now();
    auto_guest_result struct guest_result result = {0};
    struct error *error = NULL;
    int outcome = guest_exec_ssh(&login, command, &limits, &result, &error);

    if (outcome < 0)
        fail_msg("%s: %s", command, error->message);
    assert_int_equal(result.status, status);
    assert_string_equal(result.output.data ? result.output.data : "", output);
}

static void runs(void **state)
{
    (void)state;
    check_run("echo one; echo two", 0, "one\ntwo\n");
    check_run("echo out; sleep 0.5; echo too >&2; exit 10", 10, "out\ntoo\n");
    check_run("false", 1, "");
    check_run("read -r line || echo nothing to read", 0, "nothing to read\n");
}

static void takes_long_commands(void **state)
{
    static char command[7000];

    (void)state;
    memset(command, 'x', 6999);
    memcpy(command, "echo ok #", 9);
    command[6999] = '\0';
    check_run(command, 0, "ok\n");
}

static void keeps_so_much(void **state)
{
    struct guest_login login = login_now();
    auto_guest_result struct guest_result result = {0};

    (void)state;
    assert_int_equal(
        guest_exec_ssh(&login, "yes | head -c 1000000; exit 3", &limits, &result, NULL), 0);
    assert_int_equal(result.status, 3);
    assert_true(result.output.length >= GUEST_OUTPUT_MOST &&
                result.output.length < GUEST_OUTPUT_MOST + 8192);
}

static void ends(void **state)
{
    struct guest_login login = login_now();
    auto_guest_result struct guest_result result = {0};
    struct guest_limits hurry = {10000, 300, NULL};
    struct error *error = NULL;

    (void)state;
    assert_int_equal(guest_exec_ssh(&login, "sleep 20", &hurry, &result, &error), -1);
    assert_int_equal(error->kind, ERROR_TIMEOUT);
    error_free(error);
    error = NULL;
    hurry = (struct guest_limits){10000, 20000, &cancelled};
    assert_int_equal(guest_exec_ssh(&login, "sleep 20", &hurry, &result, &error), -1);
    error_free(error);
}

static void no_way_in(void **state)
{
    struct guest_login login = login_now();
    auto_guest_result struct guest_result result = {0};
    struct error *error = NULL;

    (void)state;
    login.host_key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHwqCLZCrpLF8pBmkiPO1DaEVJmtqnVAMjBhi5ZW7gYN";
    assert_int_equal(guest_exec_ssh(&login, "echo no", &limits, &result, &error), -1);
    assert_int_equal(error->kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(error->message, "another SSH host key"));
    error_free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs),          cmocka_unit_test(takes_long_commands),
        cmocka_unit_test(keeps_so_much), cmocka_unit_test(ends),
        cmocka_unit_test(no_way_in),
    };

    return cmocka_run_group_tests_name("openssh", tests, start_openssh, stop_server) +
           cmocka_run_group_tests_name("dropbear", tests, start_dropbear, stop_server);
}
