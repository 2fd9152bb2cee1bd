/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/layer_report.h"

#include <ctype.h>
#include <string.h>

#define MARK "@virtopo "

/* A number of at most four digits and nothing after it but a space or the end. */
static bool read_number(const char **at, const char *end, unsigned *ret)
{
    const char *start = *at;
    unsigned value = 0;

    while (*at < end && isdigit((unsigned char)**at) && *at - start < 5)
        value = value * 10 + (unsigned)(*(*at)++ - '0');
    if (*at == start || *at - start > 4 || (*at < end && **at != ' '))
        return false;
    if (*at < end)
        (*at)++;
    *ret = value;
    return true;
}

static bool is_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(end - at) == length && memcmp(at, word, length) == 0;
}

static bool skip(const char **at, const char *end, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

/* False for what the driver does not say. */
static bool read_what(const char *at, const char *end, struct report *ret)
{
    *ret = (struct report){.kind = REPORT_OUTPUT};
    if (skip(&at, end, "o ")) {
        ret->text = at;
        ret->length = (size_t)(end - at);
        return true;
    }
    if (is_word(at, end, "seal"))
        ret->kind = REPORT_SEAL;
    else if (is_word(at, end, "sealed"))
        ret->kind = REPORT_SEALED;
    else if (skip(&at, end, "hello "))
        return ret->kind = REPORT_HELLO, read_number(&at, end, &ret->number) && at == end;
    else if (skip(&at, end, "step "))
        return ret->kind = REPORT_STEP, read_number(&at, end, &ret->number) && at == end;
    else if (skip(&at, end, "exit "))
        return ret->kind = REPORT_EXIT, read_number(&at, end, &ret->number) &&
                                            read_number(&at, end, &ret->code) && at == end;
    else
        return false;
    return true;
}

/* On a console, a line may begin with something else. */
static void read_line(struct report_reader *r)
{
    const char *at = r->line.data, *end = at + r->line.length;
    struct report report;

    if (!r->line.length)
        return;
    while (end > at && end[-1] == '\r')
        end--;
    at = memmem(at, (size_t)(end - at), MARK, strlen(MARK));
    if (!at)
        return;
    at += strlen(MARK);
    if (skip(&at, end, r->nonce) && skip(&at, end, " ") && read_what(at, end, &report))
        r->got(r->context, &report);
}

void report_feed(struct report_reader *r, const char *data, size_t length)
{
    while (length) {
        const char *newline = memchr(data, '\n', length);
        size_t part = newline ? (size_t)(newline - data) : length;
        size_t room = REPORT_LINE - r->line.length;

        buffer_append(&r->line, data, part < room ? part : room);
        if (newline) {
            read_line(r);
            r->line.length = 0;
            part++;
        }
        data += part;
        length -= part;
    }
}

void report_reader_done(struct report_reader *r)
{
    buffer_done(&r->line);
}
