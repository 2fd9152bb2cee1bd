/* SPDX-License-Identifier: Apache-2.0 */
#include "util/cpuset.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

static int bad(const char *text, const char *why, struct error **err)
{
    error_set(err, ERROR_CONFIG, "'%s' %s", text, why);
    return error_hint(err, "write numbers and ranges, such as 0-3,8");
}

/* A number and the blanks around it; *p moves on. -1 without one or when it is too large. */
static int read_number(const char **p)
{
    char *end;
    unsigned long number;

    while (isblank((unsigned char)**p))
        (*p)++;
    if (!isdigit((unsigned char)**p))
        return -1;
    number = strtoul(*p, &end, 10);
    *p = end;
    while (isblank((unsigned char)**p))
        (*p)++;
    return number < CPUSET_MAX ? (int)number : -1;
}

static void put(struct cpuset *set, unsigned number, bool in)
{
    uint64_t bit = UINT64_C(1) << (number % 64);

    if (in)
        set->bits[number / 64] |= bit;
    else
        set->bits[number / 64] &= ~bit;
}

int cpuset_parse(const char *text, struct cpuset *ret, struct error **err)
{
    const char *p = text;

    *ret = (struct cpuset){0};
    do {
        bool in = true;
        int first, last;

        while (isblank((unsigned char)*p))
            p++;
        if (*p == '^') {
            in = false;
            p++;
        }
        first = last = read_number(&p);
        if (first >= 0 && *p == '-') {
            p++;
            last = read_number(&p);
        }
        if (first < 0 || last < 0)
            return bad(text, "is not a set of numbers from 0 to 4095", err);
        if (first > last)
            return bad(text, "has a range that ends before it starts", err);
        for (int i = first; i <= last; i++)
            put(ret, (unsigned)i, in);
    } while (*p++ == ',');
    if (p[-1])
        return bad(text, "is not a set of numbers from 0 to 4095", err);
    return cpuset_count(ret) ? 0 : bad(text, "leaves nothing", err);
}

bool cpuset_has(const struct cpuset *set, unsigned number)
{
    return number < CPUSET_MAX && (set->bits[number / 64] >> (number % 64)) & 1;
}

void cpuset_add(struct cpuset *set, unsigned number)
{
    if (number < CPUSET_MAX)
        put(set, number, true);
}

unsigned cpuset_count(const struct cpuset *set)
{
    unsigned count = 0;

    for (unsigned i = 0; i < CPUSET_MAX / 64; i++)
        count += (unsigned)__builtin_popcountll(set->bits[i]);
    return count;
}

int cpuset_common(const struct cpuset *a, const struct cpuset *b)
{
    for (unsigned i = 0; i < CPUSET_MAX; i++) {
        if (cpuset_has(a, i) && cpuset_has(b, i))
            return (int)i;
    }
    return -1;
}

int cpuset_beyond(const struct cpuset *a, const struct cpuset *b)
{
    for (unsigned i = 0; i < CPUSET_MAX; i++) {
        if (cpuset_has(a, i) && !cpuset_has(b, i))
            return (int)i;
    }
    return -1;
}

char *cpuset_format(const struct cpuset *set)
{
    struct buffer out = {0};

    for (unsigned i = 0; i < CPUSET_MAX; i++) {
        unsigned first = i;

        if (!cpuset_has(set, i))
            continue;
        while (cpuset_has(set, i + 1))
            i++;
        buffer_printf(&out, first == i ? "%s%u" : "%s%u-%u", out.length ? "," : "", first, i);
    }
    return out.data ? buffer_take(&out) : xstrdup("");
}
