/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/checksums.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MD5_DIGITS 32
#define SHA1_DIGITS 40

/* A line, and what was read of it; nothing is copied. */
struct line {
    const char *name, *hex;
    size_t name_length, hex_length;
};

struct search {
    const char *name;
    struct checksum strong, base; /* SHA-512, SHA-256 */
    bool exact;                   /* found under its own name, not one in a folder */
    bool weak;                    /* there with MD5 or SHA-1 */
    bool contradiction;
    size_t lines;     /* with a digest that counts */
    size_t bare;      /* those without a name */
    struct line last; /* of them */
};

bool checksum_parse(const char *hex, enum hash_kind kind, struct checksum *ret)
{
    size_t length = strlen(hex);

    if (length != hash_digits(kind) || strspn(hex, "0123456789abcdefABCDEF") != length)
        return false;
    *ret = (struct checksum){.kind = kind};
    for (size_t i = 0; i < length; i++)
        ret->hex[i] = (char)tolower((unsigned char)hex[i]);
    return true;
}

bool checksum_equal(const struct checksum *a, const struct checksum *b)
{
    return a->kind == b->kind && strcmp(a->hex, b->hex) == 0;
}

static size_t hex_run(const char *text, size_t length)
{
    size_t n = 0;

    while (n < length && isxdigit((unsigned char)text[n]))
        n++;
    return n;
}

/* "SHA256 (name) = hex"; the algorithm shows in the number of digits. */
static bool read_bsd(const char *text, size_t length, struct line *ret)
{
    const char *open = memmem(text, length, " (", 2), *close = NULL;

    if (!open || open == text || hex_run(text, length) >= MD5_DIGITS)
        return false;
    for (const char *p = open + 2; p + 4 <= text + length; p++) {
        if (memcmp(p, ") = ", 4) == 0)
            close = p;
    }
    if (!close)
        return false;
    ret->name = open + 2;
    ret->name_length = (size_t)(close - ret->name);
    ret->hex = close + 4;
    ret->hex_length = (size_t)(text + length - ret->hex);
    return hex_run(ret->hex, ret->hex_length) == ret->hex_length;
}

/* "hex  name", "hex *name", or a digest alone. */
static bool read_gnu(const char *text, size_t length, struct line *ret)
{
    size_t digits = hex_run(text, length), start = digits;

    if (digits < MD5_DIGITS || (digits < length && text[digits] != ' ' && text[digits] != '\t'))
        return false;
    while (start < length && (text[start] == ' ' || text[start] == '\t'))
        start++;
    if (start < length && text[start] == '*')
        start++;
    *ret = (struct line){text + start, text, length - start, digits};
    return true;
}

/* Beside the whole name also that of a file in a folder: "./name", "images/name". */
static bool names_it(const struct line *line, const char *name, bool *exact)
{
    size_t length = strlen(name);
    const char *tail;

    if (line->name_length < length)
        return false;
    tail = line->name + line->name_length - length;
    if (memcmp(tail, name, length) != 0)
        return false;
    *exact = line->name_length == length ||
             (line->name_length == length + 2 && memcmp(line->name, "./", 2) == 0);
    return *exact || tail[-1] == '/';
}

static void keep(struct search *s, const struct line *line)
{
    bool strong = line->hex_length == hash_digits(HASH_SHA512);
    struct checksum *slot = strong ? &s->strong : &s->base;
    char hex[HASH_TEXT] = "";
    struct checksum found;

    memcpy(hex, line->hex, line->hex_length);
    if (!checksum_parse(hex, strong ? HASH_SHA512 : HASH_SHA256, &found))
        return;
    s->contradiction = s->contradiction || (*slot->hex && !checksum_equal(slot, &found));
    *slot = found;
}

static void take_line(struct search *s, const char *text, size_t length)
{
    struct line line;
    bool exact;

    if (!read_bsd(text, length, &line) && !read_gnu(text, length, &line))
        return;
    if (line.hex_length == hash_digits(HASH_SHA256) ||
        line.hex_length == hash_digits(HASH_SHA512)) {
        s->lines++;
        s->bare += line.name_length == 0;
        s->last = line;
    }
    if (!names_it(&line, s->name, &exact) || exact < s->exact)
        return;
    if (exact > s->exact) {
        s->strong = s->base = (struct checksum){0};
        s->contradiction = s->weak = false;
        s->exact = true;
    }
    if (line.hex_length == MD5_DIGITS || line.hex_length == SHA1_DIGITS)
        s->weak = true;
    else if (line.hex_length == hash_digits(HASH_SHA256) ||
             line.hex_length == hash_digits(HASH_SHA512))
        keep(s, &line);
}

static void search_text(struct search *s, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        while (stop > text && isspace((unsigned char)stop[-1]))
            stop--;
        take_line(s, text, (size_t)(stop - text));
        if (!newline)
            break;
        text = newline + 1;
    }
    /* image.qcow2.sha256: nothing but the digest. */
    if (s->lines == 1 && s->bare == 1)
        keep(s, &s->last);
}

static int refuse(const struct search *s, const char *text, size_t length, const char *list,
                  struct error **err)
{
    bool page = length > 0 && memchr(text, '<', length < 64 ? length : 64);

    if (s->contradiction) {
        error_set(err, ERROR_FAILED, "%s has two different digests of '%s'", list, s->name);
        return error_hint(err, "write the right one into the file: sha256: <digest>");
    }
    if (s->weak) {
        error_set(err, ERROR_FAILED,
                  "%s has only an MD5 or SHA-1 digest of '%s', which prove nothing", list,
                  s->name);
        return error_hint(err, "look for the publisher's list of SHA-256 or SHA-512 digests "
                               "(SHA256SUMS)");
    }
    if (s->lines == 0) {
        error_set(err, ERROR_FAILED, "%s is no list of digests%s", list,
                  page ? ": it is a web page" : "");
        return error_hint(err,
                          "`checksums` wants the address of a file as sha256sum writes it: "
                          "a digest and a name on each line");
    }
    error_set(err, ERROR_FAILED, "%s has no digest of '%s', though %zu of others", list,
              s->name, s->lines);
    return error_hint(err, "it is looked for by the last part of the image's `url`; an image "
                           "that was replaced by a newer one is not in the list any more");
}

int checksums_find(const char *text, size_t length, const char *list, const char *name,
                   struct checksum *ret, struct error **err)
{
    struct search s = {.name = name};

    search_text(&s, text, length);
    if (s.contradiction || (!*s.strong.hex && !*s.base.hex))
        return refuse(&s, text, length, list, err);
    *ret = *s.strong.hex ? s.strong : s.base;
    return 0;
}
