/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on hosts: on this machine, and over SSH with real servers on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/shell.h"
#include "host/shell_uri.h"
#include "server.h"
#include "util/file.h"

static struct server server;
static struct host *host;
static bool local;

static void put_known_hosts(const char *key, char **path)
{
    auto_free char *line = xasprintf("[127.0.0.1]:%d %s\n", server.port, key);

    *path = xasprintf("%s/known_hosts", server.folder);
    assert_int_equal(file_publish(*path, line, strlen(line), 0600, NULL), 0);
}

static struct host *remote(const char *known_hosts)
{
    auto_free char *uri =
        xasprintf("qemu+ssh://%s@127.0.0.1:%d/system?keyfile=%s&known_hosts=%s", server.user,
                  server.port, server.key, known_hosts);

    return host_offline("far", uri, "/srv");
}

static int start_server(enum server_kind kind)
{
    const char *parent = getenv("TMPDIR");
    auto_free char *folder = xasprintf("%s/shell-XXXXXX", parent ? parent : "/tmp");
    auto_free char *known = NULL;

    if (!server_possible(kind))
        return 0; /* each test skips itself */
    if (!mkdtemp(folder) || server_start(kind, folder, &server) < 0)
        return -1;
    put_known_hosts(server.host_key, &known);
    host = remote(known);
    return 0;
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

static int start_local(void **state)
{
    (void)state;
    local = true;
    host = host_offline("near", "qemu:///system", "/srv");
    return 0;
}

static int stop_all(void **state)
{
    auto_free char *folder = xstrdup_null(server.folder);

    (void)state;
    host_close(TAKE(host));
    local = false;
    server_stop(&server);
    return folder ? file_remove_tree(folder, NULL) : 0;
}

static void check_run(const char *script, const char *const *args, int status,
                      const char *output)
{
    auto_shell_result struct shell_result result = {0};
    struct error *error = NULL;

    if (!host)
        skip();
    if (shell_run(host, script, args, NULL, &result, &error) < 0)
        fail_msg("%s: %s", script, error_text(error));
    assert_int_equal(result.status, status);
    assert_string_equal(result.output.data ? result.output.data : "", output);
}

static void runs(void **state)
{
    static const char *const args[] = {"a b", "it's $HOME", "", NULL};

    (void)state;
    check_run("echo one\necho two", NULL, 0, "one\ntwo\n");
    check_run("echo out; sleep 0.3; echo too >&2; exit 10", NULL, 10, "out\ntoo\n");
    check_run("read -r line || echo nothing to read", NULL, 0, "nothing to read\n");
    check_run("printf '%s|' \"$@\"", args, 0, "a b|it's $HOME||");
    check_run("cat <<END\nlines\nof text\nEND", NULL, 0, "lines\nof text\n");
    check_run("", NULL, 0, "");
}

static void takes_long_scripts(void **state)
{
    static char script[200000];

    (void)state;
    memset(script, 'x', sizeof script - 1);
    for (size_t i = 0; i + 100 < sizeof script; i += 100)
        memcpy(script + i, "\n#", 2);
    memcpy(script, "echo begin\n#", 12);
    memcpy(script + sizeof script - 10, "\necho end", 9);
    if (local)
        script[100000] = '\0'; /* what one argument may have */
    check_run(script, NULL, 0, local ? "begin\n" : "begin\nend\n");
}

static void runs_many(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++)
        check_run("exit 3", NULL, 3, "");
}

static void bounds(void **state)
{
    auto_shell_result struct shell_result result = {0};
    const struct shell_options hurry = {.timeout_ms = 400};
    struct error *error = NULL;

    (void)state;
    if (!host)
        skip();
    assert_int_equal(shell_run(host, "sleep 20", NULL, &hurry, &result, &error), -1);
    assert_int_equal(error->kind, ERROR_TIMEOUT);
    error_free(error);
    /* and the next one is none the worse */
    check_run("echo on", NULL, 0, "on\n");
}

static void detached_goes_on(void **state)
{
    auto_free char *file = xasprintf("/tmp/shell-detached-%d", (int)getpid());
    const char *args[] = {file, NULL};

    (void)state;
    check_run(
        "setsid sh -c 'sleep 0.5; echo done >\"$0\"' \"$1\" >/dev/null 2>&1 &\necho begun",
        args, 0, "begun\n");
    assert_int_not_equal(access(file, F_OK), 0);
    check_run("sleep 1; cat \"$1\"; rm \"$1\"", args, 0, "done\n");
}

static void says_what_failed(void **state)
{
    struct error *error = NULL;

    (void)state;
    if (!host)
        skip();
    assert_int_equal(
        shell_check(host, "making it", "echo nope; exit 2", NULL, NULL, NULL, &error), -1);
    assert_non_null(strstr(error->message, "making it on host '"));
    assert_string_equal(error->detail, "nope");
    error_free(error);
}

static void connects_anew(void **state)
{
    auto_buffer struct buffer first = {0}, second = {0}, third = {0};
    const char *script = "echo $SSH_CONNECTION";

    (void)state;
    if (!host)
        skip();
    assert_int_equal(shell_check(host, "x", script, NULL, NULL, &first, NULL), 0);
    assert_int_equal(shell_check(host, "x", script, NULL, NULL, &second, NULL), 0);
    assert_string_equal(first.data, second.data);
    assert_int_equal(shell_check(host, "x", script, NULL,
                                 &(struct shell_options){.fresh = true}, &third, NULL),
                     0);
    assert_string_not_equal(first.data, third.data);
}

static void refuses_hosts_it_does_not_know(void **state)
{
    static const char other[] =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHwqCLZCrpLF8pBmkiPO1DaEVJmtqnVAMjBhi5ZW7gYN";
    auto_shell_result struct shell_result result = {0};
    auto_free char *path = NULL, *nothing = NULL, *command = NULL;
    struct error *error = NULL;
    struct host *h;

    (void)state;
    if (!host)
        skip();
    put_known_hosts(other, &path);
    h = remote(path);
    assert_int_equal(shell_run(h, "true", NULL, NULL, &result, &error), -1);
    assert_non_null(strstr(error->message, "another SSH host key than is known: SHA256:"));
    assert_non_null(strstr(error->hint, "ssh-keygen -R"));
    error_free(TAKE(error));
    host_close(h);

    nothing = xasprintf("%s/none", server.folder);
    h = remote(nothing);
    command = xasprintf("ssh -p %d %s@127.0.0.1 true", server.port, server.user);
    assert_int_equal(shell_run(h, "true", NULL, NULL, &result, &error), -1);
    assert_non_null(strstr(error->message, "is not known yet: SHA256:"));
    assert_non_null(strstr(error->hint, command));
    error_free(error);
    host_close(h);
}

static void check_uri(const char *uri, const char *server_name, const char *user, int port)
{
    auto_shell_uri struct shell_uri found = {0};

    assert_int_equal(shell_uri_parse(uri, &found, NULL), 0);
    assert_string_equal(found.server, server_name);
    assert_string_equal(found.user ? found.user : "", user);
    assert_int_equal(found.port, port);
}

static void reads_uris(void **state)
{
    auto_shell_uri struct shell_uri found = {0};
    struct error *error = NULL;

    (void)state;
    check_uri("qemu+ssh://root@10.0.0.1/system", "10.0.0.1", "root", 0);
    check_uri("qemu+libssh://ann@desk:2222/system", "desk", "ann", 2222);
    check_uri("qemu+libssh2://desk/session", "desk", "", 0);
    check_uri("qemu+ssh://root@[fd00::1]:22/system", "fd00::1", "root", 22);
    assert_int_equal(shell_uri_parse("qemu+ssh://x/system?no_verify=1&keyfile=/a%20b&"
                                     "known_hosts=/k",
                                     &found, NULL),
                     0);
    assert_true(found.no_verify);
    assert_string_equal(found.keyfile, "/a b");
    assert_string_equal(found.known_hosts, "/k");
    shell_uri_done(&found);
    assert_int_equal(shell_uri_parse("qemu+tls://x/system", &found, &error), -1);
    assert_int_equal(error->kind, ERROR_NOT_FOUND);
    assert_string_equal(error->message, "no command can be run through 'qemu+tls://x/system'");
    assert_string_equal(error->hint, "reach the host by SSH: qemu+ssh://root@HOST/system");
    error_free(error);
}

static void has_no_machine(void **state)
{
    struct host *mock = host_offline("mock", "test:///default", "/srv");
    auto_shell_result struct shell_result result = {0};
    struct error *error = NULL;

    (void)state;
    assert_int_equal(shell_run(mock, "true", NULL, NULL, &result, &error), -1);
    assert_int_equal(error->kind, ERROR_NOT_FOUND);
    error_free(error);
    host_close(mock);
}

int main(void)
{
    const struct CMUnitTest here[] = {
        cmocka_unit_test(runs),
        cmocka_unit_test(takes_long_scripts),
        cmocka_unit_test(bounds),
        cmocka_unit_test(detached_goes_on),
        cmocka_unit_test(says_what_failed),
        cmocka_unit_test(reads_uris),
        cmocka_unit_test(has_no_machine),
    };
    const struct CMUnitTest there[] = {
        cmocka_unit_test(runs),
        cmocka_unit_test(takes_long_scripts),
        cmocka_unit_test(runs_many),
        cmocka_unit_test(bounds),
        cmocka_unit_test(detached_goes_on),
        cmocka_unit_test(says_what_failed),
        cmocka_unit_test(connects_anew),
        cmocka_unit_test(refuses_hosts_it_does_not_know),
    };

    return cmocka_run_group_tests_name("local", here, start_local, stop_all) +
           cmocka_run_group_tests_name("openssh", there, start_openssh, stop_all) +
           cmocka_run_group_tests_name("dropbear", there, start_dropbear, stop_all);
}
