/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates config engine util */
/* Whatever a guest says, in whatever pieces: what is told is in bounds, and the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provision/build/layer_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void sum(void *context, const struct report *r)
{
    uint64_t *all = context;

    check(r->number <= 9999 && r->code <= 9999 && r->length <= REPORT_LINE);
    check((r->kind == REPORT_OUTPUT) == (r->text != NULL));
    *all = *all * 31 + (uint64_t)r->kind + r->number * 7 + r->code * 11;
    for (size_t i = 0; i < r->length; i++)
        *all = *all * 31 + (unsigned char)r->text[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = 0, parts = 0;
    struct report_reader one = {.nonce = "n", .got = sum, .context = &whole};
    struct report_reader other = {.nonce = "n", .got = sum, .context = &parts};

    report_feed(&one, (const char *)data, size);
    for (size_t at = 0, step; at < size; at += step) {
        step = 1 + data[at] % 16;
        step = step < size - at ? step : size - at;
        report_feed(&other, (const char *)data + at, step);
    }
    check(whole == parts && one.line.length <= REPORT_LINE);
    report_reader_done(&one);
    report_reader_done(&other);
    return 0;
}
