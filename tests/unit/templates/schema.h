/* SPDX-License-Identifier: Apache-2.0 */
/* libvirt's own opinion of XML: its RELAX NG schemas, and its parser in the test driver. */
#ifndef TESTS_TEMPLATES_SCHEMA_H
#define TESTS_TEMPLATES_SCHEMA_H

#include <libvirt/libvirt.h>

/* Fails the test when `xml` does not follow libvirt's schema of that name ("domain"). */
void schema_check(const char *schema, const char *xml);
/* A connection to test:///default; fails the test without one. Close it. */
virConnectPtr schema_connect(void);

#endif
