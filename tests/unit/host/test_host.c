/* SPDX-License-Identifier: Apache-2.0 */
/* Against libvirt's own test driver, which is in the library: no daemon. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "host/host.h"

#define THREADS 40
#define ROUNDS 25

static struct host *host;

static int open_host(void **state)
{
    (void)state;
    virt_init();
    return host_open("alpha", "test:///default", "/var/lib/virtopo", &host, NULL);
}

static int close_host(void **state)
{
    (void)state;
    host_close(host);
    host_close(NULL);
    return 0;
}

static void what_it_is(void **state)
{
    (void)state;
    assert_string_equal(host_name(host), "alpha");
    assert_string_equal(host_uri(host), "test:///default");
    assert_string_equal(host_dir(host), "/var/lib/virtopo");
    assert_true(host_is_local(host));
    assert_true(host_is_mock(host));
}

/* What is under way, by connection. */
static struct {
    pthread_mutex_t lock;
    virConnectPtr connections[HOST_CALLS + 1];
    int calls[HOST_CALLS + 1];
    int count, all, most_on_one, most;
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note(virConnectPtr connection, int change)
{
    int i = 0;

    pthread_mutex_lock(&seen.lock);
    while (i < seen.count && seen.connections[i] != connection)
        i++;
    if (i == seen.count && seen.count <= HOST_CALLS)
        seen.connections[seen.count++] = connection;
    seen.calls[i] += change;
    seen.all += change;
    if (seen.calls[i] > seen.most_on_one)
        seen.most_on_one = seen.calls[i];
    if (seen.all > seen.most)
        seen.most = seen.all;
    pthread_mutex_unlock(&seen.lock);
}

static void *call_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        auto_call struct host_call call = host_call_begin(host);

        note(call.connection, 1);
        (void)virConnectNumOfDomains(call.connection);
        nanosleep(&(struct timespec){0, 200000}, NULL);
        note(call.connection, -1);
    }
    return NULL;
}

static void call_from_many_threads(void)
{
    pthread_t threads[THREADS];

    seen.count = seen.all = seen.most_on_one = seen.most = 0;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(seen.all, 0);
}

static void one_connection_for_one_call_at_a_time(void **state)
{
    virConnectPtr first = NULL;

    (void)state;
    for (int i = 0; i < 20; i++) {
        auto_call struct host_call call = host_call_begin(host);

        assert_non_null(call.connection);
        assert_true(!first || call.connection == first);
        first = call.connection;
    }
}

/* A long call holds up whoever shares its connection. */
static void each_call_has_its_own(void **state)
{
    struct host_call calls[HOST_CALLS];

    (void)state;
    for (int i = 0; i < HOST_CALLS; i++) {
        calls[i] = host_call_begin(host);
        for (int k = 0; k < i; k++)
            assert_ptr_not_equal(calls[i].connection, calls[k].connection);
    }
    for (int i = 0; i < HOST_CALLS; i++)
        host_call_end(&calls[i]);
    host_call_end(&calls[0]); /* a second end is nothing */
}

static void never_too_many_calls(void **state)
{
    (void)state;
    call_from_many_threads();
    assert_int_equal(seen.count, HOST_CALLS);
    assert_int_equal(seen.most_on_one, 1);
    assert_int_equal(seen.most, HOST_CALLS);
}

static void fewer_when_told(void **state)
{
    (void)state;
    host_set_parallel(host, 3);
    call_from_many_threads();
    assert_int_equal(seen.most, 3);
    host_set_parallel(host, 0);
    call_from_many_threads();
    assert_int_equal(seen.most, 1);
    host_set_parallel(host, 1000);
    call_from_many_threads();
    assert_int_equal(seen.most, HOST_CALLS);
}

static void check_unreachable(const char *uri, const char *hint)
{
    auto_error struct error *err = NULL;
    struct host *none = NULL;

    assert_int_equal(host_open("beta", uri, "/", &none, &err), -1);
    assert_null(none);
    assert_int_equal(err->kind, ERROR_LIBVIRT);
    assert_non_null(strstr(err->message, "host 'beta'"));
    assert_non_null(strstr(err->message, uri));
    if (!err->hint || !strstr(err->hint, hint))
        fail_msg("%s: hint '%s' does not say '%s'", err->message, err->hint ? err->hint : "",
                 hint);
}

static void unreachable(void **state)
{
    (void)state;
    check_unreachable("qemu+unix:///system?socket=/nonexistent/sock", "not running");
    check_unreachable("nonsense://x", "looks like qemu:///system");
    check_unreachable("qemu+tcp://127.0.0.1:1/system", "not running");
    check_unreachable("", "looks like qemu:///system");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_is),
        cmocka_unit_test(one_connection_for_one_call_at_a_time),
        cmocka_unit_test(each_call_has_its_own),
        cmocka_unit_test(never_too_many_calls),
        cmocka_unit_test(fewer_when_told),
        cmocka_unit_test(unreachable),
    };

    return cmocka_run_group_tests(tests, open_host, close_host);
}
