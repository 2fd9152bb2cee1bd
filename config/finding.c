/* SPDX-License-Identifier: Apache-2.0 */
#include "config/finding.h"

#include <string.h>

/* Quoted values may be megabytes long; nobody reads further than this. */
#define MESSAGE_MAX 400

static char *shortened(const char *fmt, va_list ap)
{
    char *text = xvasprintf(fmt, ap);
    size_t length = 0;

    while (text[length] && length < MESSAGE_MAX)
        length++;
    if (text[length]) {
        while (length > 0 && (text[length] & 0xc0) == 0x80)
            length--;
        memcpy(text + length, "...", 4);
    }
    return text;
}

bool finding_is_full(const struct diagnostics *d)
{
    return d->errors >= FINDINGS_MAX;
}

void finding_error(struct diagnostics *d, struct position at, const char *check,
                   const char *hint, const char *fmt, ...)
{
    auto_free char *message = NULL;
    struct diagnostic *item;
    va_list ap;

    if (finding_is_full(d))
        return;
    va_start(ap, fmt);
    message = shortened(fmt, ap);
    va_end(ap);
    /* What nodes inherit is wrong for each of them, and said once. */
    if (d->subject && diagnostics_repeats(d, &at, check, message))
        return;
    item = diagnostics_error(d, at, check, "%s", message);
    if (hint)
        diagnostic_hint(item, "%s", hint);
}

void finding_warning(struct diagnostics *d, struct position at, const char *check,
                     const char *hint, const char *fmt, ...)
{
    auto_free char *message = NULL;
    struct diagnostic *item;
    va_list ap;

    if (d->count - d->errors >= FINDINGS_MAX)
        return;
    va_start(ap, fmt);
    message = shortened(fmt, ap);
    va_end(ap);
    /* What nodes inherit is wrong for each of them, and said once. */
    if (d->subject && diagnostics_repeats(d, &at, check, message))
        return;
    item = diagnostics_warning(d, at, check, "%s", message);
    if (hint)
        diagnostic_hint(item, "%s", hint);
}
