/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nodes ask of their hosts against what these have: findings at the file's lines, before
 * anything is made. Only nodes that are made, changed or started are looked at, and a host is
 * asked only for what some key of theirs needs.
 */
#ifndef PROVISION_CHECK_HOST_CHECK_H
#define PROVISION_CHECK_HOST_CHECK_H

#include "provision/provision.h"

/* After the plan is made. Findings go to the diagnostics; -1 is a host that cannot be asked. */
int host_check(struct provision *p, struct error **err) MUST_CHECK;

#endif
