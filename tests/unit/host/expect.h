/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_HOST_EXPECT_H
#define TESTS_UNIT_HOST_EXPECT_H

#include "host/guest.h"

#define LOOPBACK 0x7f000001u

/* Probes once; fails the test unless it ends with that stage, and a detail that has this text
 * in it (NULL: any). */
void check_stage(const struct guest_login *login, int timeout_ms, enum guest_stage expected,
                 const char *detail);

#endif
