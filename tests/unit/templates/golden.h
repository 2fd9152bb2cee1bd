/* SPDX-License-Identifier: Apache-2.0 */
/* Expected texts below tests/unit/templates/data, compared exactly. UPDATE_GOLDEN=1 writes what
 * came out instead, and still fails, so that nobody updates without noticing. */
#ifndef TESTS_TEMPLATES_GOLDEN_H
#define TESTS_TEMPLATES_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/error.h"

void golden_check(const char *name, const char *text);
/* The last test of a program: fails when something was written. */
void golden_unchanged(void **state);
/* 0, or fails the test with the error's text. */
void expect_ok(int result, struct error **err);
/* -1 and an error whose text has `part` in it. */
void expect_error(int result, struct error **err, const char *part);

#endif
