/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/yaml_writer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

static int append(void *context, unsigned char *data, size_t length)
{
    buffer_append(context, data, length);
    return 1;
}

/* Words that some reader of YAML 1.1 or 1.2 takes for a boolean, null or a merge key. */
static bool is_word(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on",
                                        "off",  "y",    "n",     "~",   "=",  "<<"};

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (strcasecmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

/* What begins like a number may be one, a date, a time or a sexagesimal. */
static bool is_plain(const char *text, size_t length)
{
    if (!length || is_word(text) || isdigit((unsigned char)*text) || strchr("+-.", *text))
        return false;
    return text[length - 1] != ':' && !strstr(text, " #") && !strstr(text, ": ");
}

/* "4G", "90s": no reader takes these for a number. */
static bool is_size(const char *text, size_t length)
{
    size_t digits = strspn(text, "0123456789");

    return digits && digits < length && strspn(text + digits, "BKMGThms") == length - digits;
}

static yaml_scalar_style_t string_style(const char *text, size_t length, bool key, bool sizes)
{
    if (sizes && is_size(text, length))
        return YAML_PLAIN_SCALAR_STYLE;
    if (memchr(text, '\n', length) && !key)
        return YAML_LITERAL_SCALAR_STYLE;
    return is_plain(text, length) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

/* The emitter itself falls back to quotes where a style cannot hold the text. */
static bool write_scalar(yaml_emitter_t *emitter, const char *text, size_t length,
                         yaml_scalar_style_t style)
{
    yaml_event_t event;

    return length <= INT32_MAX &&
           yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                        (int)length, 1, 1, style) &&
           yaml_emitter_emit(emitter, &event);
}

static bool write_plain(yaml_emitter_t *emitter, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool write_plain(yaml_emitter_t *emitter, const char *fmt, ...)
{
    auto_free char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    return write_scalar(emitter, text, strlen(text), YAML_PLAIN_SCALAR_STYLE);
}

/* The shortest of two precisions that gives the number back. */
static bool write_real(yaml_emitter_t *emitter, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    bool ok;

    if (text && strtod(text, NULL) != json_real_value(value)) {
        free(text);
        text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    }
    ok = text && write_plain(emitter, "%s", text);
    free(text);
    return ok;
}

struct writer {
    yaml_emitter_t emitter;
    size_t flow;         /* collections that are as short as this stand in one line, */
    size_t block, depth; /* but the outer ones of these */
};

static bool write_string(struct writer *w, const char *text, size_t length, bool key)
{
    return write_scalar(&w->emitter, text, length,
                        string_style(text, length, key, w->flow > 0));
}

static bool write_value(struct writer *w, const json_t *value);

/* True for what stands in one line: { a: 1, b: [x, y] } */
static bool is_short(const struct writer *w, const json_t *value)
{
    bool is_inner = w->flow && w->depth > w->block;
    char *text = is_inner ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    bool is_flow = text && strlen(text) <= w->flow && !strstr(text, "\\n");

    free(text);
    return is_flow;
}

static bool write_mapping(struct writer *w, const json_t *value)
{
    json_t *object = (json_t *)(uintptr_t)value; /* jansson's iterators are not const */
    yaml_event_t event;
    const char *key;
    json_t *item;

    w->depth++;
    if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                             is_short(w, value) ? YAML_FLOW_MAPPING_STYLE
                                                                : YAML_BLOCK_MAPPING_STYLE) ||
        !yaml_emitter_emit(&w->emitter, &event))
        return false;
    json_object_foreach (object, key, item) {
        if (!write_string(w, key, strlen(key), true) || !write_value(w, item))
            return false;
    }
    w->depth--;
    return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(&w->emitter, &event);
}

static bool write_sequence(struct writer *w, const json_t *value)
{
    yaml_event_t event;

    w->depth++;
    if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                              is_short(w, value) ? YAML_FLOW_SEQUENCE_STYLE
                                                                 : YAML_BLOCK_SEQUENCE_STYLE) ||
        !yaml_emitter_emit(&w->emitter, &event))
        return false;
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!write_value(w, json_array_get(value, i)))
            return false;
    }
    w->depth--;
    return yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(&w->emitter, &event);
}

static bool write_value(struct writer *w, const json_t *value)
{
    yaml_emitter_t *emitter = &w->emitter;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_mapping(w, value);
    case JSON_ARRAY:
        return write_sequence(w, value);
    case JSON_STRING:
        return write_string(w, json_string_value(value), json_string_length(value), false);
    case JSON_INTEGER:
        return write_plain(emitter, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return write_real(emitter, value);
    case JSON_TRUE:
    case JSON_FALSE:
        return write_plain(emitter, "%s", json_is_true(value) ? "true" : "false");
    case JSON_NULL:
        return write_plain(emitter, "null");
    }
    return false;
}

static bool write_document(struct writer *w, const json_t *value)
{
    yaml_emitter_t *emitter = &w->emitter;
    yaml_event_t event;

    return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
           yaml_emitter_emit(emitter, &event) &&
           yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
           yaml_emitter_emit(emitter, &event) && write_value(w, value) &&
           yaml_document_end_event_initialize(&event, 1) &&
           yaml_emitter_emit(emitter, &event) && yaml_stream_end_event_initialize(&event) &&
           yaml_emitter_emit(emitter, &event);
}

int yaml_write_block(const json_t *value, size_t block, size_t flow, struct buffer *out,
                     struct error **err)
{
    struct writer w = {.flow = flow, .block = block};
    int result = 0;

    if (!yaml_emitter_initialize(&w.emitter))
        return error_set(err, ERROR_FAILED, "cannot write YAML");
    yaml_emitter_set_output(&w.emitter, append, out);
    yaml_emitter_set_unicode(&w.emitter, 1);
    yaml_emitter_set_width(&w.emitter,
                           -1); /* no folding: other writers' texts stay as they are */
    if (!write_document(&w, value) || !yaml_emitter_flush(&w.emitter))
        result = error_set(err, ERROR_FAILED, "cannot write YAML: %s",
                           w.emitter.problem ? w.emitter.problem : "no memory");
    yaml_emitter_delete(&w.emitter);
    return result;
}

int yaml_write(const json_t *value, struct buffer *out, struct error **err)
{
    return yaml_write_block(value, 0, 0, out, err);
}
