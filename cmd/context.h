/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is called with: the command line, taken apart, and what follows from it. */
#ifndef CMD_CONTEXT_H
#define CMD_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "cmd/command.h"
#include "config/cluster.h"
#include "util/diagnostic.h"
#include "util/error.h"

/* Options that every command takes, before or after its name. */
struct globals {
    const char *file;       /* -f, or NULL */
    bool verbose;           /* -v */
    bool quiet;             /* -q: errors only */
    bool yes;               /* -y */
    bool json;              /* --json */
    int color;              /* enum color_mode */
    long long parallel;     /* -p; 0: not given */
    const char *connect;    /* -c, or NULL */
    struct option_list set; /* --set K=V */
    bool help, version;
};

struct context {
    struct globals globals;
    const char *family; /* the first word of a command of two words, or NULL */
    const struct command *command;
    void *options;     /* the command's own struct, as in commands.h */
    const char **args; /* NULL-terminated */
    size_t arg_count;
    const char **rest; /* behind `--`, for commands with NEEDS_REST; NULL-terminated */
    size_t rest_count;
    bool color_out, color_err;  /* colour on stdout, stderr */
    const volatile int *cancel; /* non-zero after Ctrl-C; see interrupt.h */
    const char *file;           /* the file that was or will be loaded */
    struct cluster *cluster;    /* NULL before context_load */
    struct arena *arena;
    struct diagnostics diagnostics;
    bool warned; /* what the hosts gave to warn of has been shown */
};

/* Reads the file into context->cluster; a second call does nothing. Shows findings on stderr
 * (warnings only without -q). -1 with an error when it cannot be read; -1 without one when
 * findings were shown: return -1 too. */
int context_load(struct context *context, struct error **err) MUST_CHECK;
/* The file: -f, else virtopo.yaml, else virtopo.yml in this folder; sets context->file. Not
 * there is an error with a remedy. */
int context_find_file(struct context *context, struct error **err) MUST_CHECK;
/* The libvirt URI of host `local`: -c, else LIBVIRT_DEFAULT_URI, else qemu:///system. */
const char *context_uri(const struct context *context);
/* One line on stdout, unless -q or --json. */
void context_say(const struct context *context, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* "warning: …" on stderr, unless -q. */
void context_warn(const struct context *context, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Prints an object with "version": 1 and "type" put in front, as one line on stdout. Takes the
 * reference. The last object of a command has the type "result". */
void context_print_json(const char *type, json_t *object);
/* {kind, message, hint, detail} of an error, for JSON. New reference. */
json_t *context_error_json(const struct error *error);
/* "error: …", its detail indented, "hint: …" on stderr; with a subject ("node web-1"), this
 * stands before the message. */
void context_print_error(const struct context *context, const char *subject,
                         const struct error *error);
void context_done(struct context *context);

#endif
