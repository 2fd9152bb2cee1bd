/* SPDX-License-Identifier: Apache-2.0 */
#include "config/document/syntax.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/document/document.h"
#include "config/finding.h"

/* libyaml compares every %TAG with all before it. */
#define MAX_DIRECTIVES 16

bool syntax_check(struct mark_cursor cursor, struct diagnostics *d)
{
    const char *p = cursor.text, *end = cursor.text + cursor.length;
    int directives = 0;

    if (cursor.length > DOCUMENT_MAX_BYTES) {
        finding_error(d, (struct position){.file = cursor.file}, "yaml-size", NULL,
                      "the file has more than %u MiB", DOCUMENT_MAX_BYTES >> 20);
        return false;
    }
    while (p < end) {
        if (*p == '%' && ++directives > MAX_DIRECTIVES) {
            mark_seek_byte(&cursor, (size_t)(p - cursor.text));
            finding_error(d, mark_position(&cursor, 0), "yaml-syntax", NULL,
                          "too many lines that start with '%%'");
            return false;
        }
        p = memchr(p, '\n', (size_t)(end - p));
        if (!p)
            break;
        p++;
    }
    return true;
}

/* libyaml's words, ours, and a remedy; `at` is the character that must stand there, or 0. */
static const struct known {
    const char *problem;
    char at;
    const char *message;
    const char *hint;
} known[] = {
    {"found character that cannot start any token", '\t', "a tab in the indentation",
     "indent with blanks"},
    {"found a tab character that violates indentation", 0, "a tab in the indentation",
     "indent with blanks"},
    {"found character that cannot start any token", '@', "a value cannot start with '@'",
     "put it in quotes"},
    {"found character that cannot start any token", '`', "a value cannot start with '`'",
     "put it in quotes"},
    {"found character that cannot start any token", '%', "a value cannot start with '%'",
     "put it in quotes"},
    {"mapping values are not allowed in this context", 0, "a ': ' where no key can be",
     "check the indentation of this line and the one before; a text with ': ' in it needs "
     "quotes"},
    {"could not find expected ':'", 0, "expected 'key: value' here, found a text without ':'",
     "write 'key: value', with a blank behind the colon"},
    {"did not find expected key", '-', "a list item that belongs to no list",
     "items of one list start in the same column"},
    {"did not find expected key", 0, "expected a key at this place",
     "check the indentation of this line and the one before, and that quotes are closed"},
    {"did not find expected '-' indicator", 0, "expected a list item ('- ...') at this place",
     "items of one list start in the same column"},
    {"found unexpected end of stream", 0, "the text ends inside quotes",
     "close the quotes that start here"},
    {"block sequence entries are not allowed in this context", 0,
     "a list item ('- ...') where none can be", "start the list in a line of its own"},
    {"found unknown escape character", 0, "unknown escape in a text with double quotes",
     "write \\\\ for a backslash, or use single quotes"},
    {"invalid leading UTF-8 octet", 0, "the file is not UTF-8 text", "save it as UTF-8"},
    {"invalid trailing UTF-8 octet", 0, "the file is not UTF-8 text", "save it as UTF-8"},
    {"incomplete UTF-8 octet sequence", 0, "the file is not UTF-8 text", "save it as UTF-8"},
    {"control characters are not allowed", 0, "a control character in the file",
     "is this the right file? It must be plain text"},
};

static const struct known *find_known(const char *problem, char at)
{
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (!strcmp(known[i].problem, problem) && (!known[i].at || known[i].at == at))
            return &known[i];
    }
    return NULL;
}

/* In [ ] and { }, the '{' of "${name}" is YAML's. */
static bool report_reference(const yaml_parser_t *yaml, struct mark_cursor cursor,
                             struct diagnostics *d)
{
    mark_seek(&cursor, yaml->problem_mark.index);
    if (!strstr(yaml->problem, "expected ','") || cursor.byte == 0 ||
        cursor.byte == cursor.length || memcmp(cursor.text + cursor.byte - 1, "${", 2) != 0)
        return false;
    mark_seek_byte(&cursor, cursor.byte - 1);
    finding_error(d, mark_position(&cursor, 0), "yaml-syntax",
                  "put the whole value in quotes: \"${name}\"",
                  "inside of [ ] and { }, a value with '${' in it needs quotes");
    return true;
}

/* A bracket that is still open is closed far from where libyaml notices. */
static bool report_open(const yaml_parser_t *yaml, struct mark_cursor cursor,
                        struct diagnostics *d)
{
    const char *what = yaml->context && strstr(yaml->context, "sequence") ? "[" : "{";
    char hint[96];

    if (!strstr(yaml->problem, "expected ','"))
        return false;
    mark_seek(&cursor, yaml->problem_mark.index);
    snprintf(hint, sizeof hint, "close the '%s' of line %zu with '%s'", what,
             yaml->context_mark.line + 1, *what == '[' ? "]" : "}");
    finding_error(d, mark_position(&cursor, 0), "yaml-syntax", hint,
                  "expected ',' or '%s' at this place", *what == '[' ? "]" : "}");
    return true;
}

/* "cluster:lab" is a text to YAML, and the next line's ':' comes as a surprise. */
static bool report_glued(const yaml_parser_t *yaml, struct mark_cursor cursor,
                         struct diagnostics *d)
{
    const char *start, *end, *colon;
    auto_free char *hint = NULL;
    int length;

    mark_seek(&cursor, yaml->problem_mark.index);
    if (strncmp(yaml->problem, "mapping values", 14) != 0 || cursor.line_start == 0)
        return false;
    end = cursor.text + cursor.line_start - 1;
    for (start = end; start > cursor.text && start[-1] != '\n'; start--)
        ;
    start += strspn(start, " ");
    length = (int)strspn(start, "abcdefghijklmnopqrstuvwxyz_0123456789-");
    colon = start + length;
    if (length == 0 || colon + 1 >= end || *colon != ':' || strchr(" \t\r/", colon[1]))
        return false;
    mark_seek_byte(&cursor, (size_t)(colon - cursor.text));
    hint = xasprintf("write '%.*s: %.*s'", length, start, (int)(end - colon - 1), colon + 1);
    finding_error(d, mark_position(&cursor, 0), "yaml-syntax", hint,
                  "there must be a blank behind the ':' of a key");
    return true;
}

/* Quotes and keys are reported where they start, not where the text ends. */
static size_t place_of(const yaml_parser_t *yaml)
{
    bool at_start = !strcmp(yaml->problem, "found unexpected end of stream") ||
                    !strcmp(yaml->problem, "could not find expected ':'");

    return at_start ? yaml->context_mark.index : yaml->problem_mark.index;
}

void syntax_report(const yaml_parser_t *yaml, struct mark_cursor cursor, struct diagnostics *d)
{
    bool is_encoding = yaml->error == YAML_READER_ERROR;
    const struct known *match;
    struct position at;

    if (yaml->error == YAML_MEMORY_ERROR || !yaml->problem)
        abort();
    if (report_reference(yaml, cursor, d) || report_open(yaml, cursor, d) ||
        report_glued(yaml, cursor, d))
        return;
    if (is_encoding)
        mark_seek_byte(&cursor, yaml->problem_offset);
    else
        mark_seek(&cursor, place_of(yaml));
    at = mark_position(&cursor, 0);
    match =
        find_known(yaml->problem, cursor.byte < cursor.length ? cursor.text[cursor.byte] : 0);
    finding_error(d, at, is_encoding ? "yaml-encoding" : "yaml-syntax",
                  match ? match->hint : NULL, "%s", match ? match->message : yaml->problem);
}
