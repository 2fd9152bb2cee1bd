/* SPDX-License-Identifier: Apache-2.0 */
/* Running a program: argv only, never a shell, no descriptors inherited but 0-2. */
#ifndef UTIL_PROCESS_H
#define UTIL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"
#include "util/error.h"

/* What a program may take; 0: as much as we may. Set just after its start, so only for what it
 * takes as it goes on. */
struct process_limits {
    uint64_t memory;      /* bytes of address space */
    uint64_t cpu_seconds; /* over it, it is killed */
    uint64_t file_bytes;  /* the size of a file that it writes */
};

struct process_options {
    const char *folder;         /* working folder, or NULL */
    const char *const *env;     /* "NAME=value" added to ours, NULL-terminated, or NULL */
    int timeout_ms;             /* 0: none. Over it, the process group is killed */
    size_t output_limit;        /* bytes kept (its tail); 0: 1 MiB */
    const volatile int *cancel; /* becomes non-zero on Ctrl-C: the group is terminated */
    struct process_limits limits;
    /* Told its output as it comes; may be NULL. */
    void (*watch)(void *context, const char *data, size_t length);
    void *watch_context;
    /* Where its exit code goes; then one that is not 0 is no error. NULL: it is one. */
    int *status;
};

/* Runs argv[0] (searched in PATH) with standard input from /dev/null and stdout + stderr
 * captured together into `output` (may be NULL). 0 only when it exits 0; else the error says
 * how it ended and its detail is the tail of the output. */
int process_run(const char *const *argv, const struct process_options *options,
                struct buffer *output, struct error **err) MUST_CHECK;
/* True when PATH has an executable `name`. */
bool process_exists(const char *name);
/* One word for a POSIX shell: left alone when safe, else in single quotes. Caller frees. */
char *shell_quote(const char *word);

#endif
