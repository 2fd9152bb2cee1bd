/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/guest_pause.h"

#include <stdlib.h>

#define DISKS_MOST 8

static bool is_full(virDomainPtr domain)
{
    virDomainDiskError errors[DISKS_MOST];
    int count = virDomainGetDiskErrors(domain, errors, DISKS_MOST, 0);
    bool full = false;

    for (int i = 0; i < count; i++) {
        full = full || errors[i].error == VIR_DOMAIN_DISK_ERROR_NO_SPACE;
        free(errors[i].disk);
    }
    return full;
}

int guest_pause_check(const struct site_host *host, virDomainPtr domain, const char *image,
                      struct error **err)
{
    int state = VIR_DOMAIN_NOSTATE, reason = 0;

    if (virDomainGetState(domain, &state, &reason, 0) < 0 || state != VIR_DOMAIN_PAUSED ||
        reason != VIR_DOMAIN_PAUSED_IOERROR)
        return 0;
    if (!is_full(domain)) {
        error_set(err, ERROR_FAILED,
                  "image '%s': the disk of the guest that it is made in cannot be written in "
                  "%s on host '%s'",
                  image, host_dir(host->host), host_name(host->host));
        return error_hint(err, "the kernel's log of that host (dmesg) knows more");
    }
    error_set(err, ERROR_FAILED,
              "image '%s': %s on host '%s' became full while its guest wrote", image,
              host_dir(host->host), host_name(host->host));
    return error_hint(err, "make room there (`virtopo image prune` removes images that nothing "
                           "uses), then run this again");
}
