/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The error object. A function that can fail returns 0 or -1 and takes `struct error **err`
 * last; on -1 it has stored a new error there, on 0 it has left it alone. Nobody but cmd/
 * prints one. `err` may be NULL where a caller does not care.
 */
#ifndef UTIL_ERROR_H
#define UTIL_ERROR_H

#include <stdbool.h>
#include <stdio.h>

#include "util/memory.h"

enum error_kind {
    ERROR_FAILED,    /* anything without a kind of its own */
    ERROR_USAGE,     /* the command line is wrong: exit code 2 */
    ERROR_CONFIG,    /* the file is wrong: exit code 2 */
    ERROR_SYSTEM,    /* a system call; `code` is its errno */
    ERROR_LIBVIRT,   /* a libvirt call; `code` is its VIR_ERR_* */
    ERROR_NOT_FOUND, /* something named does not exist */
    ERROR_CONFLICT,  /* something foreign is in the way */
    ERROR_BUSY,      /* somebody else holds the lock */
    ERROR_CONSENT,   /* needs a yes that was not given */
    ERROR_CANCELLED, /* Ctrl-C */
    ERROR_TIMEOUT,   /* a bounded wait ran out */
};

/* Where in a file: line and column count from 1 (bytes); line 0 means no position. */
struct position {
    const char *file;
    int line;
    int column;
    int end_column; /* first column behind the value, or 0 */
};

struct error {
    enum error_kind kind;
    int code;
    char *message; /* one line, no full stop */
    char *hint;    /* the remedy, or NULL */
    char *detail;  /* lines to show below it (a log's tail, a command's output), or NULL */
    struct error *cause; /* what it came from, or NULL; owned */
};

/* All return -1, so that a caller can `return error_set(err, …);`. */
int error_set(struct error **err, enum error_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Message + the text of `errnum`: error_errno(err, errno, "cannot open %s", path). */
int error_errno(struct error **err, int errnum, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Puts context before an error that is already there ("defining domain 'n1'"): it becomes
 * the cause of a new one with the same kind, code and hint. */
int error_wrap(struct error **err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Sets the hint of an error that is already there; keeps one that it already has. */
int error_hint(struct error **err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Sets the detail lines of an error that is already there. */
int error_detail(struct error **err, const char *text);
/* Moves `from` to `*err`. */
int error_move(struct error **err, struct error *from);

/* Takes back an error that turned out not to matter. */
void error_clear(struct error **err);

void error_free(struct error *error);
/* "message: cause: cause of the cause"; control bytes shown as '?'. The caller frees it. */
char *error_text(const struct error *error);

void error_cleanup(struct error **error);
#define auto_error __attribute__((cleanup(error_cleanup)))

#endif
