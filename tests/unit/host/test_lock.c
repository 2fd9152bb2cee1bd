/* SPDX-License-Identifier: Apache-2.0 */
/* libvirt's test driver has no secrets: nothing is locked there, and nothing fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "host/lock.h"

static void without_secrets(void **state)
{
    struct error *err = NULL;
    struct host_lock lock, other;
    struct host *host;

    (void)state;
    assert_int_equal(host_open("x", "test:///default", "/", &host, NULL), 0);
    assert_int_equal(host_lock_take(host, "cluster/lab", LOCK_TRY, &lock, &err), 0);
    assert_int_equal(host_lock_take(host, "cluster/lab", LOCK_TRY, &other, &err), 0);
    assert_null(err);
    assert_null(lock.uuid);
    host_lock_release(&lock);
    host_lock_release(&other);
    host_lock_release(&other);
    host_lock_sweep(host);
    host_close(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_secrets)};

    virt_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
