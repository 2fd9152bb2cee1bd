/* SPDX-License-Identifier: Apache-2.0 */
/* A scratch folder for each test, which holds its files, its cache and its keys. */
#ifndef TESTS_UNIT_PROVISION_SCRATCH_H
#define TESTS_UNIT_PROVISION_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "util/error.h"

/* Its path, absolute; XDG_CACHE_HOME and XDG_DATA_HOME are in it. */
extern char *scratch;
int scratch_open(void **state);
int scratch_close(void **state);
#define SCRATCH_TEST(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

/* Writes a file of the scratch folder, making its folders; replaces one that is there. */
void scratch_write(const char *name, const void *data, size_t length, mode_t mode);
void scratch_text(const char *name, const char *text, mode_t mode);
/* An empty raw disk with a boot sector; `mark` makes it another one. */
void scratch_disk(const char *name, uint64_t size, char mark);
/* Its path; the caller frees it. */
char *scratch_path(const char *name);
/* The text of a file, "" when there is none; the caller frees it. */
char *scratch_read(const char *name);

/* The text with '@' for the scratch folder; the caller frees it. */
char *scratch_shorten(const char *text);

void expect_ok(int result, struct error **err);
/* Fails the test unless -1 and an error with exactly this message and hint (NULL: none); '@' in
 * them stands for the scratch folder. */
void expect_error(int result, struct error **err, const char *message, const char *hint);

#endif
