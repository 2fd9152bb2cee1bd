/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include "provision/build/guest_pause.h"
#include "util/memory.h"

/* What libvirt says of the guest (unit.mk puts these in its place). */
static int state_now, reason_now, disk_error;
int __wrap_virDomainGetState(virDomainPtr domain, int *state, int *reason, unsigned flags);
int __wrap_virDomainGetDiskErrors(virDomainPtr domain, virDomainDiskErrorPtr errors,
                                  unsigned most, unsigned flags);

int __wrap_virDomainGetState(virDomainPtr domain, int *state, int *reason, unsigned flags)
{
    (void)domain;
    (void)flags;
    *state = state_now;
    *reason = reason_now;
    return state_now == VIR_DOMAIN_NOSTATE ? -1 : 0;
}

int __wrap_virDomainGetDiskErrors(virDomainPtr domain, virDomainDiskErrorPtr errors,
                                  unsigned most, unsigned flags)
{
    (void)domain;
    (void)flags;
    assert_true(most > 0);
    if (!disk_error)
        return 0;
    errors[0] = (virDomainDiskError){.disk = xstrdup("vda"), .error = disk_error};
    return 1;
}

static struct site_host host;

static int open_host(void **state)
{
    (void)state;
    host.host = host_offline("far", "test:///default", "/srv/images");
    return 0;
}

static int close_host(void **state)
{
    (void)state;
    host_close(host.host);
    return 0;
}

static void says(int state, int reason, int error, const char *message, const char *hint)
{
    auto_error struct error *err = NULL;

    state_now = state;
    reason_now = reason;
    disk_error = error;
    assert_int_equal(guest_pause_check(&host, NULL, "big", &err), message ? -1 : 0);
    assert_string_equal(err ? err->message : "", message ? message : "");
    assert_string_equal(err ? err->hint : "", hint ? hint : "");
}

static void no_room(void **state)
{
    (void)state;
    says(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, VIR_DOMAIN_DISK_ERROR_NO_SPACE,
         "image 'big': /srv/images on host 'far' became full while its guest wrote",
         "make room there (`virtopo image prune` removes images that nothing uses), then run "
         "this again");
}

static void broken_disk(void **state)
{
    (void)state;
    says(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, VIR_DOMAIN_DISK_ERROR_UNSPEC,
         "image 'big': the disk of the guest that it is made in cannot be written in "
         "/srv/images on host 'far'",
         "the kernel's log of that host (dmesg) knows more");
}

static void others_go_on(void **state)
{
    (void)state;
    says(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, 0, NULL, NULL);
    says(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, 0, NULL, NULL);
    says(VIR_DOMAIN_NOSTATE, 0, 0, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_room, open_host, close_host),
        cmocka_unit_test_setup_teardown(broken_disk, open_host, close_host),
        cmocka_unit_test_setup_teardown(others_go_on, open_host, close_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
