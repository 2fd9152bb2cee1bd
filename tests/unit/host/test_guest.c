/* SPDX-License-Identifier: Apache-2.0 */
/* Against real SSH servers on loopback. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/key.h"
#include "expect.h"
#include "server.h"
#include "util/file.h"

static struct server server;

static char *scratch_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = xasprintf("%s/guest-XXXXXX", parent ? parent : "/tmp");

    assert_non_null(mkdtemp(path));
    return path;
}

static int start_server(enum server_kind kind)
{
    auto_free char *folder = NULL;

    if (!server_possible(kind))
        return 0; /* each test skips itself */
    folder = scratch_folder();
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

static void ready(void **state)
{
    struct guest_login login = login_now();
    struct guest_probe probe;

    (void)state;
    check_stage(&login, 10000, GUEST_READY, NULL);
    login.host_key = NULL;
    guest_probe(&login, 10000, &(const volatile int){0}, &probe);
    assert_int_equal(probe.stage, GUEST_READY);
    assert_null(probe.detail);
    assert_string_equal(probe.host_key, server.host_key);
    guest_probe_done(&probe);
}

static void host_key_with_a_comment(void **state)
{
    struct guest_login login = login_now();
    auto_free char *key = xasprintf("%s root@web-1", server.host_key);

    (void)state;
    login.host_key = key;
    check_stage(&login, 10000, GUEST_READY, NULL);
}

/* A server shows one of its keys only: the one that we insist on, if it has it. */
static void host_key_of_another_type(void **state)
{
    struct guest_login login = login_now();

    (void)state;
    login.host_key = server.rsa_key;
    check_stage(&login, 10000, GUEST_READY, NULL);
}

static void other_host_key(void **state)
{
    struct guest_login login = login_now();
    auto_free char *private = NULL;
    auto_free char *public = NULL;
    struct guest_probe probe;

    (void)state;
    assert_int_equal(key_generate(&private, &public, NULL), 0);
    login.host_key = public;
    guest_probe(&login, 10000, NULL, &probe);
    assert_int_equal(probe.stage, GUEST_KEY_CHANGED);
    assert_string_equal(probe.host_key, server.host_key);
    guest_probe_done(&probe);
    /* Half of the right key is not the right key. */
    free(public);
    public = xstrndup(server.host_key, strlen(server.host_key) - 4);
    login.host_key = public;
    check_stage(&login, 10000, GUEST_KEY_CHANGED, NULL);
}

static void other_key(void **state)
{
    struct guest_login login = login_now();
    auto_free char *path = xasprintf("%s/other", server.folder);

    (void)state;
    assert_int_equal(key_ensure(path, "test", NULL), 0);
    login.key_path = path;
    check_stage(&login, 10000, GUEST_KEY_REFUSED, "is not accepted for user");
}

static void other_user(void **state)
{
    struct guest_login login = login_now();

    (void)state;
    login.user = "nobody-at-all";
    check_stage(&login, 10000, GUEST_KEY_REFUSED, "'nobody-at-all'");
}

static void no_key_file(void **state)
{
    struct guest_login login = login_now();

    (void)state;
    login.key_path = "/nonexistent/key";
    check_stage(&login, 10000, GUEST_KEY_REFUSED, "cannot read '/nonexistent/key'");
}

static void wait_for_file(const char *path)
{
    for (int i = 0; i < 500 && access(path, F_OK) < 0; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
}

static void passphrase(void **state)
{
    struct guest_login login = login_now();
    auto_free char *locked = xasprintf("%s/locked", server.folder);
    auto_free char *socket_path = xasprintf("%s/agent", server.folder);
    auto_free char *log = xasprintf("%s/agent-log", server.folder);
    pid_t agent;

    (void)state;
    assert_int_equal(RUN("cp", server.key, locked), 0);
    assert_int_equal(RUN("ssh-keygen", "-q", "-p", "-N", "secret", "-f", locked), 0);
    login.key_path = locked;
    unsetenv("SSH_AUTH_SOCK");
    check_stage(&login, 10000, GUEST_KEY_REFUSED, "without a passphrase");
    agent = spawn((const char *const[]){"ssh-agent", "-D", "-a", socket_path, NULL}, log);
    wait_for_file(socket_path);
    setenv("SSH_AUTH_SOCK", socket_path, 1);
    check_stage(&login, 10000, GUEST_KEY_REFUSED, "no key of the SSH agent");
    assert_int_equal(RUN("ssh-add", "-q", server.key), 0);
    check_stage(&login, 10000, GUEST_READY, NULL);
    unsetenv("SSH_AUTH_SOCK");
    stop(agent);
    unlink(locked);
}

static int open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void *probe_often(void *opaque)
{
    const struct guest_login *login = opaque;
    long good = 0;

    for (int i = 0; i < 5; i++) {
        struct guest_probe probe;

        guest_probe(login, 20000, NULL, &probe);
        good += probe.stage == GUEST_READY;
        guest_probe_done(&probe);
    }
    return (void *)good;
}

static void many_at_once_leave_nothing_open(void **state)
{
    struct guest_login login = login_now();
    pthread_t threads[4];
    int before = open_descriptors();
    long good = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, probe_often, &login), 0);
    for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
        void *result;

        pthread_join(threads[i], &result);
        good += (long)result;
    }
    assert_int_equal(good, 20);
    assert_int_equal(open_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest openssh[] = {
        cmocka_unit_test(ready),
        cmocka_unit_test(host_key_with_a_comment),
        cmocka_unit_test(host_key_of_another_type),
        cmocka_unit_test(other_host_key),
        cmocka_unit_test(other_key),
        cmocka_unit_test(other_user),
        cmocka_unit_test(no_key_file),
        cmocka_unit_test(passphrase),
        cmocka_unit_test(many_at_once_leave_nothing_open),
    };
    const struct CMUnitTest dropbear[] = {
        cmocka_unit_test(ready),
        cmocka_unit_test(host_key_with_a_comment),
        cmocka_unit_test(other_host_key),
        cmocka_unit_test(other_key),
        cmocka_unit_test(other_user),
        cmocka_unit_test(no_key_file),
        cmocka_unit_test(many_at_once_leave_nothing_open),
    };
    return cmocka_run_group_tests(openssh, start_openssh, stop_server) +
           cmocka_run_group_tests(dropbear, start_dropbear, stop_server);
}
