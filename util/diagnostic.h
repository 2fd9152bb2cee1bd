/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings about the user's file: collected, never stopping at the first, sorted by position
 * when shown, each with its source line and a caret:
 *
 *   lab.yaml:14:13: error: memory '64M' is less than the image's minimum of 128M [node-memory]
 *      14 |     memory: 64M
 *         |             ^~~
 *   hint: raise nodes.web.memory, or set defaults.memory
 */
#ifndef UTIL_DIAGNOSTIC_H
#define UTIL_DIAGNOSTIC_H

#include <stdbool.h>

#include <jansson.h>

#include "util/buffer.h"
#include "util/error.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

#define DIAGNOSTIC_SUBJECTS 3

struct diagnostic {
    struct position position;
    enum severity severity;
    const char *check; /* its name, static: "node-memory" */
    char *message;
    char *hint;                                /* or NULL */
    const char *subjects[DIAGNOSTIC_SUBJECTS]; /* what it is about: the first ones, */
    size_t subject_count;                      /* and how many there are */
};

struct diagnostics {
    struct diagnostic *items;
    size_t count;
    size_t errors; /* how many of them have SEVERITY_ERROR */
    /* What the findings that come next are about (a node's name), or NULL; borrowed. */
    const char *subject;
    /* Sources for the quoted lines, by file name as in position.file. Text is borrowed. */
    struct diagnostic_source {
        const char *file;
        const char *text;
        size_t length;
    } * sources;
    size_t source_count;
    struct position *secrets; /* what quoted lines show as stars */
    size_t secret_count;
};

/* At most this many findings are shown; a last line says how many were left out. */
#define DIAGNOSTICS_SHOWN 50

/* Registers the text behind positions in `file`; both must outlive `d`. */
void diagnostics_source(struct diagnostics *d, const char *file, const char *text,
                        size_t length);
/* What stands there is shown as stars where its line is quoted. `file` must outlive `d`. */
void diagnostics_secret(struct diagnostics *d, struct position position);
/* Adds an error / a warning. `check` is static. Returns the new item, so that a hint can be
 * set; valid until the next call. Control bytes in the message are shown as '?'. */
struct diagnostic *diagnostics_error(struct diagnostics *d, struct position position,
                                     const char *check, const char *fmt, ...) PRINTF_LIKE(4, 5);
struct diagnostic *diagnostics_warning(struct diagnostics *d, struct position position,
                                       const char *check, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void diagnostic_hint(struct diagnostic *item, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* True when there is a finding with that place, check and message already: it is about the
 * present subject too now. */
bool diagnostics_repeats(struct diagnostics *d, const struct position *position,
                         const char *check, const char *message);
/* Puts " (TEXT)" behind the message. */
void diagnostic_remark(struct diagnostic *item, const char *text);
/* Drops one of them. */
void diagnostics_remove(struct diagnostics *d, size_t i);
/* Drops what was added from the item `first` on; not after it has been shown. */
void diagnostics_forget(struct diagnostics *d, size_t first);

/* Sorts by file, line, column; drops exact repetitions; appends the human text to `out`
 * (long source lines are cut around the caret; tabs keep the caret in its column; control
 * bytes are blanked). `color` uses SGR codes. */
void diagnostics_render(struct diagnostics *d, bool color, struct buffer *out);
/* The same as a JSON array of {file, line, column, end_column, severity, check, message,
 * hint}; line and column are 0 where unknown, else end_column is behind column. New reference.
 */
json_t *diagnostics_json(struct diagnostics *d);
void diagnostics_done(struct diagnostics *d);
#define auto_diagnostics __attribute__((cleanup(diagnostics_done)))

#endif
