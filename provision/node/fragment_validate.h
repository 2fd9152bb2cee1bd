/* SPDX-License-Identifier: Apache-2.0 */
/* `xml` fragments against libvirt's schema of domains. */
#ifndef PROVISION_FRAGMENT_VALIDATE_H
#define PROVISION_FRAGMENT_VALIDATE_H

#include "config/cluster.h"
#include "util/diagnostic.h"

/* Each node's domain, with its fragments merged. What the schema does not take is a finding at
 * its line: then -1. Where libvirt's schema is not installed nothing is looked at, and the host
 * will say. */
int fragment_validate(struct cluster *cluster, struct diagnostics *d) MUST_CHECK;

#endif
