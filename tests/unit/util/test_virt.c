/* SPDX-License-Identifier: Apache-2.0 */
/* Against libvirt's own test driver, which is in the library: no daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/virt.h"

static virConnectPtr connection;

static int connect_driver(void **state)
{
    (void)state;
    virt_init();
    connection = virConnectOpen("test:///default");
    return connection ? 0 : -1;
}

static int disconnect_driver(void **state)
{
    (void)state;
    return virConnectClose(connection);
}

static void the_last_error(void **state)
{
    auto_domain virDomainPtr domain = virDomainLookupByName(connection, "none");
    auto_error struct error *err = NULL;

    (void)state;
    assert_null(domain);
    assert_int_equal(virt_last_code(), VIR_ERR_NO_DOMAIN);
    assert_int_equal(error_virt(&err, "looking for '%s'", "none"), -1);
    assert_int_equal(err->kind, ERROR_LIBVIRT);
    assert_int_equal(err->code, VIR_ERR_NO_DOMAIN);
    assert_true(strncmp(err->message, "looking for 'none': Domain not found", 36) == 0);
    assert_int_equal(error_virt(NULL, "x"), -1);
}

static void no_error(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    virResetLastError();
    assert_int_equal(virt_last_code(), VIR_ERR_OK);
    assert_int_equal(error_virt(&err, "x"), -1);
    assert_string_equal(err->message, "x: libvirt gave no reason");
}

static void handles_are_freed(void **state)
{
    (void)state;
    {
        auto_domain virDomainPtr domain = virDomainLookupByName(connection, "test");
        auto_network virNetworkPtr network = virNetworkLookupByName(connection, "default");
        auto_pool virStoragePoolPtr pool =
            virStoragePoolLookupByName(connection, "default-pool");
        auto_volume virStorageVolPtr volume = NULL;
        auto_secret virSecretPtr secret = NULL;
        auto_stream virStreamPtr stream = NULL;

        assert_non_null(domain);
        assert_non_null(network);
        assert_non_null(pool);
        assert_true(!volume && !secret && !stream);
    }
    /* Each handle holds a reference: ours must be the last. */
    assert_int_equal(virConnectRef(connection), 0);
    assert_int_equal(virConnectClose(connection), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_error),
        cmocka_unit_test(no_error),
        cmocka_unit_test(handles_are_freed),
    };

    return cmocka_run_group_tests(tests, connect_driver, disconnect_driver);
}
