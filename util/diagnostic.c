/* SPDX-License-Identifier: Apache-2.0 */
#include "util/diagnostic.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "util/terminal.h"

/* Bytes of a source line that are shown, and how many of them before the caret. */
#define LINE_SHOWN 80
#define LINE_BEFORE 40

#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN "\033[1;32m"
#define PLAIN "\033[0m"

void diagnostics_source(struct diagnostics *d, const char *file, const char *text,
                        size_t length)
{
    struct diagnostic_source source = {.file = file, .text = text, .length = length};

    vector_push(d->sources, d->source_count, source);
}

static char *safe_vprintf(const char *fmt, va_list ap)
{
    auto_free char *text = xvasprintf(fmt, ap);

    return terminal_safe_line(text);
}

static struct diagnostic *add(struct diagnostics *d, struct position position,
                              enum severity severity, const char *check, char *message)
{
    struct diagnostic item = {.position = position,
                              .severity = severity,
                              .check = check,
                              .message = message,
                              .subjects = {d->subject},
                              .subject_count = d->subject != NULL};

    vector_push(d->items, d->count, item);
    d->errors += severity == SEVERITY_ERROR;
    return &d->items[d->count - 1];
}

struct diagnostic *diagnostics_error(struct diagnostics *d, struct position position,
                                     const char *check, const char *fmt, ...)
{
    char *message;
    va_list ap;

    va_start(ap, fmt);
    message = safe_vprintf(fmt, ap);
    va_end(ap);
    return add(d, position, SEVERITY_ERROR, check, message);
}

struct diagnostic *diagnostics_warning(struct diagnostics *d, struct position position,
                                       const char *check, const char *fmt, ...)
{
    char *message;
    va_list ap;

    va_start(ap, fmt);
    message = safe_vprintf(fmt, ap);
    va_end(ap);
    return add(d, position, SEVERITY_WARNING, check, message);
}

void diagnostic_hint(struct diagnostic *item, const char *fmt, ...)
{
    va_list ap;

    free(item->hint);
    va_start(ap, fmt);
    item->hint = safe_vprintf(fmt, ap);
    va_end(ap);
}

static void item_done(struct diagnostic *item)
{
    free(item->message);
    free(item->hint);
}

static void add_subject(struct diagnostic *item, const char *subject)
{
    size_t count = item->subject_count;

    if (!subject ||
        (count > 0 && count <= DIAGNOSTIC_SUBJECTS && item->subjects[count - 1] == subject))
        return;
    if (count < DIAGNOSTIC_SUBJECTS)
        item->subjects[count] = subject;
    item->subject_count++;
}

bool diagnostics_repeats(struct diagnostics *d, const struct position *position,
                         const char *check, const char *message)
{
    auto_free char *safe = terminal_safe_line(message);

    for (size_t i = d->count; i > 0; i--) {
        struct diagnostic *item = &d->items[i - 1];

        if (item->position.line != position->line ||
            item->position.column != position->column ||
            item->position.file != position->file || strcmp(item->check, check) != 0 ||
            strcmp(item->message, safe) != 0)
            continue;
        add_subject(item, d->subject);
        return true;
    }
    return false;
}

void diagnostic_remark(struct diagnostic *item, const char *text)
{
    auto_free char *safe = terminal_safe_line(text);
    char *message = xasprintf("%s (%s)", item->message, safe);

    free(item->message);
    item->message = message;
}

void diagnostics_remove(struct diagnostics *d, size_t i)
{
    d->errors -= d->items[i].severity == SEVERITY_ERROR;
    item_done(&d->items[i]);
    d->count--;
    memmove(&d->items[i], &d->items[i + 1], (d->count - i) * sizeof *d->items);
}

void diagnostics_forget(struct diagnostics *d, size_t first)
{
    while (d->count > first) {
        d->errors -= d->items[--d->count].severity == SEVERITY_ERROR;
        item_done(&d->items[d->count]);
    }
}

static int compare(const void *left, const void *right)
{
    const struct diagnostic *a = left, *b = right;
    int order = strcmp(a->position.file ? a->position.file : "",
                       b->position.file ? b->position.file : "");

    if (order == 0)
        order = a->position.line - b->position.line;
    if (order == 0)
        order = a->position.column - b->position.column;
    if (order == 0)
        order = (int)a->severity - (int)b->severity;
    if (order == 0)
        order = strcmp(a->check, b->check);
    return order ? order : strcmp(a->message, b->message);
}

static void sort(struct diagnostics *d)
{
    size_t kept = 0;

    if (d->count < 2)
        return;
    qsort(d->items, d->count, sizeof *d->items, compare);
    for (size_t i = 1; i < d->count; i++) {
        if (compare(&d->items[kept], &d->items[i]) == 0) {
            d->errors -= d->items[i].severity == SEVERITY_ERROR;
            item_done(&d->items[i]);
        } else {
            d->items[++kept] = d->items[i];
        }
    }
    d->count = kept + 1;
}

void diagnostics_secret(struct diagnostics *d, struct position position)
{
    const struct position *last = d->secret_count ? &d->secrets[d->secret_count - 1] : NULL;

    /* of nodes with one profile each says the same */
    if (last && last->file == position.file && last->line == position.line &&
        last->column == position.column)
        return;
    vector_push(d->secrets, d->secret_count, position);
}

/* Where the value behind a word such as "password" starts, from just behind "passw"; NULL when
 * that is no key. *end gets its end. */
static const char *password_value(const char *p, const char *limit, const char **end)
{
    const char *start;
    char quote = '\0';

    p += limit - p > 2 && strncasecmp(p, "or", 2) == 0 ? 2 : 0;
    if (p == limit || (*p != 'd' && *p != 'D'))
        return NULL;
    for (p++; p < limit && strchr("\"' \t", *p); p++)
        continue;
    if (p == limit || (*p != ':' && *p != '='))
        return NULL;
    for (p++; p < limit && (*p == ' ' || *p == '\t'); p++)
        continue;
    if (p < limit && (*p == '"' || *p == '\''))
        quote = *p++;
    start = p;
    if (p < limit && strchr("{[", *p))
        return NULL;
    while (p < limit && (quote ? *p != quote : !strchr(",}", *p)))
        p++;
    while (!quote && p > start && strchr(" \t", p[-1]))
        p--;
    *end = p;
    return start < p ? start : NULL;
}

/* Where the file could not be understood as far as its secrets, words tell where they are. */
static void hide_passwords(char **hidden, const char *line, size_t length)
{
    const char *limit = line + length;

    for (const char *p = line; p + 5 < limit; p++) {
        const char *end = NULL;
        const char *start =
            strncasecmp(p, "passw", 5) == 0 ? password_value(p + 5, limit, &end) : NULL;

        if (!start)
            continue;
        *hidden = *hidden ? *hidden : xstrndup(line, length);
        memset(*hidden + (start - line), '*', (size_t)(end - start));
    }
}

/* The line with its secrets as stars, or NULL when it has none. Of one that goes on in the next
 * lines all of the first is hidden. */
static char *hide_secrets(const struct diagnostics *d, const struct position *at,
                          const char *line, size_t length)
{
    char *hidden = NULL;

    for (size_t i = 0; i < d->secret_count; i++) {
        const struct position *secret = &d->secrets[i];
        size_t start = secret->column > 0 ? (size_t)secret->column - 1 : 0;
        size_t end =
            secret->end_column > secret->column ? (size_t)secret->end_column - 1 : length;

        if (secret->line != at->line || !secret->file || strcmp(secret->file, at->file) != 0 ||
            start >= length)
            continue;
        hidden = hidden ? hidden : xstrndup(line, length);
        memset(hidden + start, '*', (end < length ? end : length) - start);
    }
    hide_passwords(&hidden, line, length);
    return hidden;
}

/* Findings come sorted, so the search for a line goes on where the last one ended. */
struct cursor {
    const struct diagnostic_source *source;
    int line;
    size_t offset; /* where `line` starts */
};

static bool cursor_find(struct cursor *c, const struct diagnostics *d,
                        const struct position *position, const char **line, size_t *length)
{
    const char *end;

    if (!position->file || position->line < 1)
        return false;
    if (!c->source || strcmp(c->source->file, position->file) != 0) {
        *c = (struct cursor){.line = 1};
        for (size_t i = 0; i < d->source_count && !c->source; i++) {
            if (strcmp(d->sources[i].file, position->file) == 0)
                c->source = &d->sources[i];
        }
    }
    if (!c->source || !c->source->text)
        return false;
    for (; c->line < position->line; c->line++) {
        end = memchr(c->source->text + c->offset, '\n', c->source->length - c->offset);
        if (!end)
            return false;
        c->offset = (size_t)(end - c->source->text) + 1;
    }
    *line = c->source->text + c->offset;
    *length = c->source->length - c->offset;
    end = memchr(*line, '\n', *length);
    if (end)
        *length = (size_t)(end - *line);
    if (*length > 0 && (*line)[*length - 1] == '\r')
        (*length)--;
    return true;
}

/* Steps back to the first byte of the character that covers `i`. */
static size_t character_start(const char *line, size_t i)
{
    for (int steps = 0; steps < 3 && i > 0 && (line[i] & 0xc0) == 0x80; steps++)
        i--;
    return i;
}

/* Appends the bytes start to end as shown, or (`blank`) as blanks of the same width. */
static void append_shown(struct buffer *out, const char *line, size_t start, size_t end,
                         const char *blank)
{
    uint32_t character;

    for (size_t i = start, size; i < end; i += size) {
        size = terminal_character(line + i, end - i, &character);
        if (line[i] == '\t') {
            size = 1;
            buffer_puts(out, blank && *blank != ' ' ? blank : "\t");
        } else if (blank) {
            int width = size ? wcwidth((wchar_t)character) : 1;

            for (int column = 0; column < (width < 0 ? 1 : width); column++)
                buffer_puts(out, blank);
            size = size ? size : 1;
        } else if (size) {
            buffer_append(out, line + i, size);
        } else {
            size = 1;
            buffer_puts(out, (unsigned char)line[i] < 0x20 || line[i] == 0x7f ? " " : "?");
        }
    }
}

static void append_caret(struct buffer *out, const struct position *position, const char *line,
                         size_t length, size_t start, size_t end, bool color)
{
    size_t caret = (size_t)position->column - 1;
    size_t until =
        position->end_column > position->column ? (size_t)position->end_column - 1 : caret + 1;

    caret = caret > length ? length : caret;
    until = until > end ? end : until;
    buffer_puts(out, start > 0 ? "      |    " : "      | ");
    append_shown(out, line, start, caret, " ");
    buffer_puts(out, color ? GREEN "^" : "^");
    if (caret < until) {
        uint32_t character;
        size_t size = terminal_character(line + caret, until - caret, &character);

        append_shown(out, line, caret + (size ? size : 1), until, "~");
    }
    buffer_puts(out, color ? PLAIN "\n" : "\n");
}

static void append_quote(struct buffer *out, const struct position *position, const char *line,
                         size_t length, bool color)
{
    size_t start = 0, end = length;

    if (length > LINE_SHOWN) {
        size_t caret = position->column > 0 ? (size_t)position->column - 1 : 0;

        caret = caret > length ? length : caret;
        start = caret > LINE_BEFORE ? caret - LINE_BEFORE : 0;
        if (start > length - LINE_SHOWN)
            start = length - LINE_SHOWN;
        start = character_start(line, start);
        if (start + LINE_SHOWN < length)
            end = character_start(line, start + LINE_SHOWN);
    }
    buffer_printf(out, "%5d |%s%s", position->line, length ? " " : "", start > 0 ? "..." : "");
    append_shown(out, line, start, end, NULL);
    buffer_puts(out, end < length ? "...\n" : "\n");
    if (position->column > 0)
        append_caret(out, position, line, length, start, end, color);
}

static void append_position(struct buffer *out, const struct position *position)
{
    auto_free char *file = position->file ? terminal_safe_line(position->file) : NULL;

    if (!file)
        return;
    buffer_puts(out, file);
    if (position->line > 0)
        buffer_printf(out, ":%d", position->line);
    if (position->line > 0 && position->column > 0)
        buffer_printf(out, ":%d", position->column);
    buffer_puts(out, ": ");
}

static void append_item(struct buffer *out, const struct diagnostic *item, bool color)
{
    bool is_error = item->severity == SEVERITY_ERROR;

    buffer_puts(out, color ? BOLD : "");
    append_position(out, &item->position);
    buffer_puts(out, color ? (is_error ? RED : YELLOW) : "");
    buffer_puts(out, is_error ? "error: " : "warning: ");
    buffer_puts(out, color ? PLAIN BOLD : "");
    buffer_puts(out, item->message);
    buffer_puts(out, color ? PLAIN : "");
    buffer_printf(out, " [%s]\n", item->check);
}

void diagnostics_render(struct diagnostics *d, bool color, struct buffer *out)
{
    struct cursor cursor = {0};
    size_t shown, length;
    const char *line;

    sort(d);
    shown = d->count < DIAGNOSTICS_SHOWN ? d->count : DIAGNOSTICS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct diagnostic *item = &d->items[i];

        append_item(out, item, color);
        if (cursor_find(&cursor, d, &item->position, &line, &length)) {
            auto_free char *hidden = hide_secrets(d, &item->position, line, length);

            append_quote(out, &item->position, hidden ? hidden : line, length, color);
        }
        if (item->hint)
            buffer_printf(out, "%shint:%s %s\n", color ? BOLD : "", color ? PLAIN : "",
                          item->hint);
    }
    if (shown < d->count)
        buffer_printf(out, "and %zu more finding%s, not shown\n", d->count - shown,
                      d->count - shown == 1 ? "" : "s");
}

json_t *diagnostics_json(struct diagnostics *d)
{
    json_t *array = json_array();

    sort(d);
    for (size_t i = 0; i < d->count; i++) {
        const struct diagnostic *item = &d->items[i];
        const struct position *at = &item->position;
        auto_free char *file = at->file ? terminal_safe_line(at->file) : NULL;
        /* Of unknown length: the one character that the caret shows. */
        int end =
            at->column > 0 && at->end_column <= at->column ? at->column + 1 : at->end_column;

        json_array_append_new(
            array, json_pack("{s:s?, s:i, s:i, s:i, s:s, s:s, s:s, s:s?}", "file", file, "line",
                             at->line, "column", at->column, "end_column", end, "severity",
                             item->severity == SEVERITY_ERROR ? "error" : "warning", "check",
                             item->check, "message", item->message, "hint", item->hint));
    }
    return array;
}

void diagnostics_done(struct diagnostics *d)
{
    for (size_t i = 0; i < d->count; i++)
        item_done(&d->items[i]);
    free(d->items);
    free(d->sources);
    free(d->secrets);
    *d = (struct diagnostics){0};
}
