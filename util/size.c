/* SPDX-License-Identifier: Apache-2.0 */
#include "util/size.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct unit {
    const char *name;
    uint64_t factor;
};

struct units {
    const char *quantity; /* as messages call it */
    const char *expected;
    struct unit list[12];
};

static const struct units size_units = {
    "size",
    "a number and B, K, M, G or T",
    {{"B", 1},
     {"K", KIB},
     {"M", MIB},
     {"G", GIB},
     {"T", TIB},
     {"KiB", KIB},
     {"MiB", MIB},
     {"GiB", GIB},
     {"TiB", TIB}},
};

static const struct units duration_units = {
    "time",
    "a number and ms, s, m or h",
    {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}},
};

/* A decimal number taken apart: digits "12", decimals "5" and what follows. */
struct number {
    const char *digits;
    size_t digit_count;
    const char *decimals; /* without trailing zeros */
    size_t decimal_count;
    const char *unit;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool split(const char *text, struct number *n)
{
    const char *p = text;

    n->digits = p;
    while (is_digit(*p))
        p++;
    n->digit_count = (size_t)(p - n->digits);
    n->decimal_count = 0;
    if (*p == '.') {
        n->decimals = ++p;
        while (is_digit(*p))
            p++;
        if (p == n->decimals)
            return false;
        n->decimal_count = (size_t)(p - n->decimals);
        while (n->decimal_count > 0 && n->decimals[n->decimal_count - 1] == '0')
            n->decimal_count--;
    }
    n->unit = p;
    return n->digit_count > 0 && !(n->digit_count > 1 && n->digits[0] == '0');
}

static const struct unit *find_unit(const struct units *units, const char *name)
{
    for (const struct unit *u = units->list; u->name; u++) {
        if (strcmp(u->name, name) == 0)
            return u;
    }
    return NULL;
}

/* The unit that was meant: other letter case, a blank before it, "GB", "sec". */
static const struct unit *guess_unit(const struct units *units, const char *name)
{
    static const struct unit aliases[] = {
        {"bytes", 0}, {"KB", 1},  {"MB", 2},  {"GB", 3},      {"TB", 4},
        {"msec", 0},  {"sec", 1}, {"min", 2}, {"minutes", 2}, {"hours", 3},
    };
    size_t first = units == &size_units ? 0 : 5;

    while (*name == ' ')
        name++;
    for (const struct unit *u = units->list; u->name; u++) {
        if (strcasecmp(u->name, name) == 0)
            return u;
    }
    for (size_t i = first; i < first + 5; i++) {
        if (strcasecmp(aliases[i].name, name) == 0)
            return &units->list[aliases[i].factor];
    }
    return NULL;
}

static int refuse(struct error **err, const struct units *units, const char *text)
{
    return error_set(err, ERROR_CONFIG, "'%s' is not a %s: expected %s", text, units->quantity,
                     units->expected);
}

static int refuse_unit(struct error **err, const struct units *units, const char *text,
                       const struct number *n)
{
    int number_length = (int)(n->unit - text);
    const struct unit *meant;
    const char *unit;

    if (*n->unit) {
        refuse(err, units, text);
        meant = guess_unit(units, n->unit);
        if (meant)
            error_hint(err, "write %.*s%s", number_length, text, meant->name);
        return -1;
    }
    error_set(err, ERROR_CONFIG, "'%s' has no unit: expected %s", text, units->expected);
    if (units == &duration_units)
        unit = "s";
    else if (n->digit_count == 1 || (n->digit_count == 2 && n->digits[0] < '6'))
        unit = "G";
    else
        unit = n->digit_count < 7 ? "M" : "B";
    return error_hint(err, "write %.*s%s", number_length, text, unit);
}

static int parse(const struct units *units, const char *text, uint64_t *ret, struct error **err)
{
    /* 18 decimals times the greatest factor stay below 2^100. */
    __extension__ unsigned __int128 fraction = 0, scale = 1;
    const struct unit *unit;
    struct number n = {0};
    uint64_t whole = 0;

    if (!split(text, &n))
        return refuse(err, units, text);
    unit = find_unit(units, n.unit);
    if (!unit)
        return refuse_unit(err, units, text, &n);
    for (size_t i = 0; i < n.digit_count; i++) {
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, (uint64_t)(n.digits[i] - '0'), &whole))
            return error_set(err, ERROR_CONFIG, "'%s' is too large", text);
    }
    for (size_t i = 0; i < n.decimal_count && i < 19; i++) {
        fraction = fraction * 10 + (unsigned)(n.decimals[i] - '0');
        scale *= 10;
    }
    fraction *= unit->factor;
    if (n.decimal_count > 18 || fraction % scale)
        return error_set(err, ERROR_CONFIG, "'%s' does not come out at whole %s", text,
                         units == &size_units ? "bytes" : "milliseconds");
    if (__builtin_mul_overflow(whole, unit->factor, &whole) ||
        __builtin_add_overflow(whole, (uint64_t)(fraction / scale), &whole))
        return error_set(err, ERROR_CONFIG, "'%s' is too large", text);
    *ret = whole;
    return 0;
}

int size_parse(const char *text, uint64_t *ret, struct error **err)
{
    return parse(&size_units, text, ret, err);
}

int duration_parse(const char *text, uint64_t *ret, struct error **err)
{
    return parse(&duration_units, text, ret, err);
}

const char *size_format(uint64_t bytes, char out[SIZE_TEXT])
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    uint64_t tenths = 0, factor = 1;
    size_t i = 0;

    if (bytes < KIB) {
        snprintf(out, SIZE_TEXT, "%" PRIu64 " B", bytes);
        return out;
    }
    /* Rounding may reach the next unit: 1023.96 KiB are 1 MiB. */
    do {
        i++;
        factor *= 1024;
        tenths = bytes / factor * 10 + (bytes % factor * 10 + factor / 2) / factor;
    } while (tenths >= 10240 && i + 1 < ARRAY_SIZE(names));
    if (tenths % 10)
        snprintf(out, SIZE_TEXT, "%" PRIu64 ".%u %s", tenths / 10, (unsigned)(tenths % 10),
                 names[i]);
    else
        snprintf(out, SIZE_TEXT, "%" PRIu64 " %s", tenths / 10, names[i]);
    return out;
}

const char *size_format_exact(uint64_t bytes, char out[SIZE_TEXT])
{
    const struct unit *unit = &size_units.list[4];

    while (bytes == 0 ? unit->factor > 1 : bytes % unit->factor)
        unit--;
    snprintf(out, SIZE_TEXT, "%" PRIu64 "%s", bytes / unit->factor, unit->name);
    return out;
}

static const char *format_pair(uint64_t large, const char *large_name, unsigned small,
                               const char *small_name, char out[SIZE_TEXT])
{
    if (small)
        snprintf(out, SIZE_TEXT, "%" PRIu64 " %s %u %s", large, large_name, small, small_name);
    else
        snprintf(out, SIZE_TEXT, "%" PRIu64 " %s", large, large_name);
    return out;
}

const char *duration_format(uint64_t ms, char out[SIZE_TEXT])
{
    uint64_t tenths = ms / 100 + (ms % 100 >= 50);
    uint64_t seconds = ms / 1000 + (ms % 1000 >= 500);
    uint64_t minutes = ms / 60000 + (ms % 60000 >= 30000);

    if (ms < 1000)
        snprintf(out, SIZE_TEXT, "%u ms", (unsigned)ms);
    else if (tenths < 600 && tenths % 10)
        snprintf(out, SIZE_TEXT, "%u.%u s", (unsigned)tenths / 10, (unsigned)tenths % 10);
    else if (tenths < 600)
        snprintf(out, SIZE_TEXT, "%u s", (unsigned)tenths / 10);
    else if (seconds < 3600)
        format_pair(seconds / 60, "min", (unsigned)(seconds % 60), "s", out);
    else
        format_pair(minutes / 60, "h", (unsigned)(minutes % 60), "min", out);
    return out;
}
