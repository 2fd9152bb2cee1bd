/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/size.h"

struct good {
    const char *text;
    uint64_t value;
};

struct bad {
    const char *text;
    const char *message; /* a part of it */
    const char *hint;    /* or NULL */
};

typedef int parser(const char *text, uint64_t *ret, struct error **err);

static void check_good(parser *parse, const struct good *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct error *err = NULL;
        uint64_t value = 77;

        if (parse(cases[i].text, &value, &err) < 0)
            fail_msg("'%s': %s", cases[i].text, err->message);
        if (value != cases[i].value)
            fail_msg("'%s' is %ju", cases[i].text, (uintmax_t)value);
    }
}

static void check_bad(parser *parse, const struct bad *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        auto_error struct error *err = NULL;
        const struct bad *c = &cases[i];
        uint64_t value = 77;

        if (parse(c->text, &value, &err) == 0)
            fail_msg("'%s' was accepted as %ju", c->text, (uintmax_t)value);
        assert_int_equal(value, 77);
        assert_int_equal(err->kind, ERROR_CONFIG);
        if (!strstr(err->message, c->message))
            fail_msg("'%s': message '%s'", c->text, err->message);
        if (!c->hint != !err->hint || (c->hint && strcmp(c->hint, err->hint) != 0))
            fail_msg("'%s': hint '%s'", c->text, err->hint ? err->hint : "(none)");
    }
}

static void sizes(void **state)
{
    static const struct good cases[] = {
        {"0B", 0},
        {"0M", 0},
        {"17B", 17},
        {"1K", 1024},
        {"1KiB", 1024},
        {"512M", 512 * MIB},
        {"512MiB", 512 * MIB},
        {"4G", 4 * GIB},
        {"4GiB", 4 * GIB},
        {"2T", 2 * TIB},
        {"2TiB", 2 * TIB},
        {"1.5G", 1536 * MIB},
        {"1.50G", 1536 * MIB},
        {"0.25K", 256},
        {"1.0B", 1},
        {"3.000000000000000000000000000G", 3 * GIB},
        {"0.0009765625K", 1},
        {"18446744073709551615B", UINT64_MAX},
        {"16777215T", UINT64_C(16777215) * TIB},
        {"16777215.5T", UINT64_C(16777215) * TIB + TIB / 2},
    };

    (void)state;
    check_good(size_parse, cases, ARRAY_SIZE(cases));
}

static void bad_sizes(void **state)
{
    static const struct bad cases[] = {
        {"512", "'512' has no unit: expected a number and B, K, M, G or T", "write 512M"},
        {"4", "has no unit", "write 4G"},
        {"48", "has no unit", "write 48G"},
        {"64", "has no unit", "write 64M"},
        {"1.5", "has no unit", "write 1.5G"},
        {"536870912", "has no unit", "write 536870912B"},
        {"512m", "is not a size", "write 512M"},
        {"512MB", "is not a size", "write 512M"},
        {"512 M", "is not a size", "write 512M"},
        {"4gib", "is not a size", "write 4GiB"},
        {"4X", "'4X' is not a size: expected", NULL},
        {"4GG", "is not a size", NULL},
        {"4G ", "is not a size", NULL},
        {" 4G", "is not a size", NULL},
        {"", "'' is not a size", NULL},
        {"G", "is not a size", NULL},
        {"-4G", "is not a size", NULL},
        {"+4G", "is not a size", NULL},
        {"04G", "is not a size", NULL},
        {"00G", "is not a size", NULL},
        {".5G", "is not a size", NULL},
        {"5.G", "is not a size", NULL},
        {"1.2.3G", "is not a size", NULL},
        {"1e3M", "is not a size", NULL},
        {"0x10M", "is not a size", NULL},
        {"1,5G", "is not a size", NULL},
        {"nan", "is not a size", NULL},
        {"\xd9\xa3G", "is not a size", NULL},
        {"1.5B", "'1.5B' does not come out at whole bytes", NULL},
        {"0.1K", "whole bytes", NULL},
        {"0.0000000000000000001T", "whole bytes", NULL},
        {"18446744073709551616B", "'18446744073709551616B' is too large", NULL},
        {"16777216T", "is too large", NULL},
        {"16777216.5T", "is too large", NULL},
        {"99999999999999999999999999T", "is too large", NULL},
    };

    (void)state;
    check_bad(size_parse, cases, ARRAY_SIZE(cases));
}

static void durations(void **state)
{
    static const struct good cases[] = {
        {"0s", 0},
        {"250ms", 250},
        {"1s", 1000},
        {"0.5s", 500},
        {"1.25s", 1250},
        {"90s", 90000},
        {"2m", 120000},
        {"1.5m", 90000},
        {"2h", 7200000},
        {"0.5h", 1800000},
        {"18446744073709551615ms", UINT64_MAX},
    };

    (void)state;
    check_good(duration_parse, cases, ARRAY_SIZE(cases));
}

static void bad_durations(void **state)
{
    static const struct bad cases[] = {
        {"30", "'30' has no unit: expected a number and ms, s, m or h", "write 30s"},
        {"30S", "'30S' is not a time", "write 30s"},
        {"30 s", "is not a time", "write 30s"},
        {"30sec", "is not a time", "write 30s"},
        {"5min", "is not a time", "write 5m"},
        {"1h30m", "is not a time", NULL},
        {"4G", "is not a time", NULL},
        {"", "is not a time", NULL},
        {"0.5ms", "does not come out at whole milliseconds", NULL},
        {"0.0001s", "whole milliseconds", NULL},
        {"18446744073709551615s", "is too large", NULL},
    };

    (void)state;
    check_bad(duration_parse, cases, ARRAY_SIZE(cases));
}

static void formats_sizes(void **state)
{
    static const struct good cases[] = {
        {"0 B", 0},
        {"17 B", 17},
        {"1023 B", 1023},
        {"1 KiB", 1024},
        {"1.5 KiB", 1536},
        {"512 MiB", 512 * MIB},
        {"4 GiB", 4 * GIB},
        {"1.5 GiB", 1536 * MIB},
        {"1 MiB", MIB - 1},
        {"1023.9 KiB", MIB - 100},
        {"1 GiB", GIB - 1},
        {"1024 TiB", 1024 * TIB},
        {"16777216 TiB", UINT64_MAX},
    };
    char out[SIZE_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(size_format(cases[i].value, out), cases[i].text);
}

static void exact_format_reads_back(void **state)
{
    static const struct good cases[] = {
        {"0B", 0},          {"17B", 17},           {"1K", KIB},
        {"1025B", KIB + 1}, {"4G", 4 * GIB},       {"1536M", 1536 * MIB},
        {"3T", 3 * TIB},    {"1000K", 1000 * KIB}, {"18446744073709551615B", UINT64_MAX},
    };
    char out[SIZE_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(size_format_exact(cases[i].value, out), cases[i].text);
    check_good(size_parse, cases, ARRAY_SIZE(cases));
}

static void formats_durations(void **state)
{
    static const struct good cases[] = {
        {"0 ms", 0},
        {"250 ms", 250},
        {"999 ms", 999},
        {"1 s", 1000},
        {"4.2 s", 4200},
        {"4.3 s", 4250},
        {"59.9 s", 59949},
        {"1 min", 59950},
        {"1 min", 60000},
        {"3 min 5 s", 185000},
        {"59 min 59 s", 3599499},
        {"1 h", 3599500},
        {"2 h 10 min", 7800000},
        {"25 h", 90000000},
        {"5124095576030 h 26 min", UINT64_MAX},
    };
    char out[SIZE_TEXT];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(duration_format(cases[i].value, out), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(bad_sizes),
        cmocka_unit_test(durations),
        cmocka_unit_test(bad_durations),
        cmocka_unit_test(formats_sizes),
        cmocka_unit_test(exact_format_reads_back),
        cmocka_unit_test(formats_durations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
