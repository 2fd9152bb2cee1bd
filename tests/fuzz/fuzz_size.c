/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: util */
/* Whatever size_parse accepts reads back from the exact format; so does any number. Everything
 * formats within its buffer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void check_failed(int result, struct error *err)
{
    check(result == -1 && err && err->message && err->kind == ERROR_CONFIG);
    error_free(err);
}

static void check_formats(uint64_t value)
{
    char out[SIZE_TEXT];
    uint64_t again = ~value;

    check(size_parse(size_format_exact(value, out), &again, NULL) == 0 && again == value);
    check(strlen(size_format(value, out)) < SIZE_TEXT - 1);
    check(strlen(duration_format(value, out)) < SIZE_TEXT - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xstrndup((const char *)data, size);
    struct error *err = NULL;
    uint64_t value = 0;
    int result;

    result = size_parse(text, &value, &err);
    if (result == 0)
        check_formats(value);
    else
        check_failed(result, err);
    err = NULL;
    result = duration_parse(text, &value, &err);
    if (result == 0)
        check_formats(value);
    else
        check_failed(result, err);
    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        check_formats(value);
    }
    free(text);
    return 0;
}
