/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes (B, K, M, G, T and KiB…TiB; all binary; a bare number is an error) and durations
 * (ms, s, m, h). Whole numbers and decimals ("1.5G") that come out at whole bytes / ms. */
#ifndef UTIL_SIZE_H
#define UTIL_SIZE_H

#include <stdint.h>

#include "util/error.h"

#define SIZE_TEXT 32

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

/* Bytes. Errors have a hint where there is one: "'512' has no unit" / "write 512M". */
int size_parse(const char *text, uint64_t *ret, struct error **err) MUST_CHECK;
/* Milliseconds. */
int duration_parse(const char *text, uint64_t *ret, struct error **err) MUST_CHECK;

/* For people: "4 GiB", "1.5 GiB", "512 MiB", "17 B". At most one decimal. */
const char *size_format(uint64_t bytes, char out[SIZE_TEXT]);
/* As the file has it, exact: "4G", "1536M", "17B". size_parse gives the same value back. */
const char *size_format_exact(uint64_t bytes, char out[SIZE_TEXT]);
/* "250 ms", "4.2 s", "3 min 5 s", "2 h 10 min". */
const char *duration_format(uint64_t ms, char out[SIZE_TEXT]);

#endif
