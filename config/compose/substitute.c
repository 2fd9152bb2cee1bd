/* SPDX-License-Identifier: Apache-2.0 */
/* Variables put into the texts of the file. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/compose/reference.h"
#include "config/compose/variables.h"

/* The work on one scalar. */
struct substitution {
    struct variables *v;
    const struct document_node *scalar;
    bool guest;   /* only the file's variables, all else stays */
    bool changed; /* something was put in */
    bool failed;
    bool stop;    /* there is no use in going on */
    bool is_text; /* the value of a variable that is quoted is all there is */
    int depth;    /* of defaults in defaults */
    struct buffer out;
    struct buffer note;
    size_t told;
};

/* Where a part of the scalar stands, when the file has it letter by letter. */
static struct position position_of(const struct substitution *s, const char *part,
                                   size_t length)
{
    const struct document_node *scalar = s->scalar;
    struct position at = scalar->position;
    size_t written = at.end_column > at.column ? (size_t)(at.end_column - at.column) : 0;
    size_t quotes = scalar->quoted ? 1 : 0;

    if (written != strlen(scalar->text) + 2 * quotes)
        return at;
    at.column += (int)((size_t)(part - scalar->text) + quotes);
    at.end_column = at.column + (int)length;
    return at;
}

static void fail(struct substitution *s, const char *part, size_t length, const char *check,
                 const char *hint, const char *message)
{
    finding_error(s->v->l->d, position_of(s, part, length), check, hint, "%s", message);
    s->failed = true;
}

static void append(struct substitution *s, const char *text, size_t length)
{
    struct variables *v = s->v;
    bool is_first = v->bytes <= DOCUMENT_MAX_BYTES;

    v->bytes += length;
    if (v->bytes <= DOCUMENT_MAX_BYTES) {
        buffer_append(&s->out, text, length);
        return;
    }
    if (is_first)
        finding_error(v->l->d, s->scalar->position, "variable-size", NULL,
                      "with its variables in place, the file has more than %u MiB",
                      DOCUMENT_MAX_BYTES >> 20);
    s->failed = s->stop = true;
}

/* "${mem} is set in line 2", for findings about the value. */
static void tell(struct substitution *s, const char *name, const struct variable *variable,
                 const char *otherwise)
{
    const struct position *at = variable ? &variable->source->position : NULL;

    if (s->told++ >= VARIABLES_TOLD)
        return;
    buffer_printf(&s->note, "%s${%s} is ", s->note.length ? ", " : "", name);
    if (!variable)
        buffer_puts(&s->note, otherwise);
    else if (variable->set)
        buffer_puts(&s->note, "set by --set");
    else if (at->file == s->scalar->position.file)
        buffer_printf(&s->note, "set in line %d", at->line);
    else
        buffer_printf(&s->note, "set in %s:%d", at->file, at->line);
}

static void expand_span(struct substitution *s, const char *text, size_t length);

/* The whole scalar is one reference: the value keeps its type. */
static bool is_whole(const struct substitution *s, const struct reference *r)
{
    return r->name - 2 == s->scalar->text && !s->scalar->text[r->length];
}

static bool read_environment(struct substitution *s, const struct reference *r,
                             const char *name, const char **ret)
{
    json_t *string;

    *ret = getenv(name);
    string = *ret ? json_string(*ret) : NULL;
    json_decref(string);
    if (!*ret || string)
        return true;
    fail(s, r->name - 2, r->length, "variable-encoding", NULL,
         arena_printf(s->v->l->arena, "${%s} in the environment is not UTF-8 text", name));
    return false;
}

static void report_unknown(struct substitution *s, const struct reference *r, const char *name,
                           const struct variable *variable)
{
    struct arena *arena = s->v->l->arena;

    if (finding_is_full(s->v->l->d))
        s->failed = true;
    else if (variable)
        fail(s, r->name - 2, r->length, "variable-value",
             arena_printf(arena, "give it one with --set %s=VALUE, or write ${%s:-DEFAULT}",
                          name, name),
             arena_printf(arena, "variable '%s' has no value", name));
    else
        fail(s, r->name - 2, r->length, "unknown-variable", variables_hint(s->v, name),
             arena_printf(arena, "unknown variable '%s'", name));
}

static void expand_fallback(struct substitution *s, const struct reference *r, const char *name)
{
    tell(s, name, NULL, "not set");
    if (++s->depth > VARIABLES_DEPTH) {
        fail(s, r->name - 2, r->length, "variable-depth", NULL,
             "defaults of variables are nested too deep");
        s->stop = true;
    } else {
        expand_span(s, r->fallback, r->fallback_length);
    }
    s->depth--;
}

static void expand_reference(struct substitution *s, const struct reference *r)
{
    auto_free char *name = xstrndup(r->name, r->name_length);
    struct variable *variable = variables_find(s->v, name, r->name_length);
    const char *value = NULL;
    bool is_good = true;

    s->changed = true;
    if (variable && !variables_evaluate(s->v, variable)) {
        s->failed = true;
        return;
    }
    value = variable ? variable->text : NULL;
    if (!value && !s->guest)
        is_good = read_environment(s, r, name, &value);
    if (!is_good)
        return;
    if (r->fallback && (!value || !*value)) {
        expand_fallback(s, r, name);
    } else if (!value) {
        report_unknown(s, r, name, variable);
    } else {
        bool is_own = variable && variable->text;

        s->is_text = is_own && variable->quoted && is_whole(s, r);
        tell(s, name, is_own ? variable : NULL, "set in the environment");
        append(s, value, strlen(value));
    }
}

/* A "${" at the start of `text`: how many bytes of it are dealt with. */
static size_t expand_here(struct substitution *s, const char *text, size_t length)
{
    struct reference r;
    const char *wrong;
    bool is_good = reference_read(text, length, &r, &wrong);

    if (is_good && (!s->guest || variables_find(s->v, r.name, r.name_length))) {
        expand_reference(s, &r);
        return r.length;
    }
    if (!is_good && !s->guest)
        fail(s, text, 2 + r.name_length, "variable-form",
             "write ${name} or ${name:-DEFAULT}; $${ stands for ${ itself",
             arena_printf(s->v->l->arena, "'%.*s' starts no reference to a variable: %s",
                          (int)(2 + r.name_length), text, wrong));
    append(s, text, 2);
    return 2;
}

static void expand_span(struct substitution *s, const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && !s->stop) {
        const char *dollar = memchr(text + i, '$', length - i);
        size_t plain = dollar ? (size_t)(dollar - text) - i : length - i, left;

        append(s, text + i, plain);
        i += plain;
        left = length - i;
        if (left >= 3 && !memcmp(text + i, "$${", 3)) {
            s->changed = true;
            append(s, "${", 2);
            i += 3;
        } else if (left >= 2 && text[i + 1] == '{') {
            i += expand_here(s, text + i, left);
        } else if (left > 0) {
            append(s, text + i, 1);
            i++;
        }
    }
}

/* "$name" is how a shell says it, and would stay as it is. */
static void warn_bare(const struct substitution *s)
{
    const char *text = s->scalar->text;

    for (const char *p = strchr(text, '$'); p && !s->guest; p = strchr(p + 1, '$')) {
        size_t length = reference_name(p + 1, strlen(p + 1));
        const struct variable *variable =
            length && length < 256 ? variables_find(s->v, p + 1, length) : NULL;

        if (!variable)
            continue;
        finding_warning(s->v->l->d, position_of(s, p, length + 1), "variable-form",
                        arena_printf(s->v->l->arena, "write ${%s}", variable->name),
                        "'$%s' is a text here, not the variable", variable->name);
        return;
    }
}

static const struct document_node *result_of(struct substitution *s)
{
    struct arena *arena = s->v->l->arena;
    struct document_node *node;

    if (!s->changed)
        return s->scalar;
    node = arena_alloc(arena, sizeof *node);
    *node = *s->scalar;
    node->text = arena_strndup(arena, s->out.data ? s->out.data : "", s->out.length);
    node->quoted = node->quoted || s->is_text;
    node->is_null = !node->quoted && document_is_null_text(node->text);
    node->literal = true;
    if (s->note.length)
        node->note = arena_strdup(arena, s->note.data);
    return node;
}

const struct document_node *variables_expand(struct variables *v,
                                             const struct document_node *scalar, bool guest)
{
    struct substitution s = {.v = v, .scalar = scalar, .guest = guest};
    const struct document_node *result = scalar;

    if (scalar->literal || scalar->is_null)
        return scalar;
    if (strstr(scalar->text, "${")) {
        expand_span(&s, scalar->text, strlen(scalar->text));
        result = s.failed ? NULL : result_of(&s);
    } else if (v->count > 0) {
        warn_bare(&s);
    }
    buffer_done(&s.out);
    buffer_done(&s.note);
    return result;
}
