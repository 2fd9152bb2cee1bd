/* SPDX-License-Identifier: Apache-2.0 */
/* Which running domain has which device of the host. */
#ifndef HOST_HARDWARE_CLAIMS_H
#define HOST_HARDWARE_CLAIMS_H

#include <stddef.h>

#include "host/host.h"

enum claim_kind { CLAIM_PCI, CLAIM_USB, CLAIM_MDEV };

struct host_claim {
    enum claim_kind kind;
    char *device; /* "0000:81:00.3", "1.4" (bus.device), a UUID */
    char *domain; /* its name */
};

struct host_claims {
    struct host_claim *items;
    size_t count;
};

/* Adds those of one domain, by its live XML. */
int claims_parse(const char *xml, struct host_claims *ret, struct error **err) MUST_CHECK;
/* Those of all running domains: a call for each, so only when a device is asked for. */
int claims_read(struct host *host, struct host_claims *ret, struct error **err) MUST_CHECK;
void claims_done(struct host_claims *claims);
#define auto_claims __attribute__((cleanup(claims_done)))

/* The domain other than `but` that has it, or NULL. */
const char *claims_owner(const struct host_claims *claims, enum claim_kind kind,
                         const char *device, const char *but);

#endif
