/* SPDX-License-Identifier: Apache-2.0 */
/* A world on libvirt's test driver that says of itself what another host says, from
 * tests/unit/host/data: what is found about the file before anything is made. */
#ifndef TESTS_UNIT_PROVISION_HOSTWORLD_H
#define TESTS_UNIT_PROVISION_HOSTWORLD_H

#include "world.h"

struct hostworld {
    const char *capabilities; /* a file */
    const char *domcaps;      /* of x86_64 guests of machine q35 and the document's type */
    bool no_start;
    const char *devices; /* XML of its node devices and domains, for the driver; or NULL */
};

/* Debian without KVM, and an Intel host with it. */
extern const struct hostworld qemu_host, kvm_host;

/* Plans for WORLD_HEAD and the text. Expected, for each finding:
 *   4:12 message [check]
 *     hint
 */
void expect_findings(const struct hostworld *host, const char *text, const char *expected);

#endif
