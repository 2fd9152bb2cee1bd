/* SPDX-License-Identifier: Apache-2.0 */
/* The commands' functions and what their options are parsed into (context->options). */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include <stdint.h>

#include "cmd/context.h"

struct init_options {
    bool force;
};

struct explain_options {
    bool recursive;
};

struct schema_options {
    bool part;
};

struct import_cmd_options {
    const char *output;  /* -o, or NULL: standard output */
    const char *cluster; /* --cluster, or NULL */
    bool all, live, xml;
};

struct render_options {
    const char *output; /* -o; required, never NULL */
};

struct plan_options {
    bool exit_code, no_start;
};

struct up_options {
    bool recreate, destroy_data, no_start, no_wait, break_lock;
    uint64_t timeout; /* ms; 0: not given */
};

struct down_options {
    bool keep_disks, prune, break_lock;
    const char *cluster; /* --cluster NAME: without the file; or NULL */
};

struct clone_options {
    bool no_start, no_wait;
    uint64_t timeout; /* ms; 0: not given */
};

extern const char *const export_formats[]; /* what --format takes */
struct export_cmd_options {
    const char *disk;  /* --disk, or NULL */
    const char *image; /* --image, or NULL */
    int format;        /* index of export_formats; 0: by the file's name */
    bool compress, force;
};

struct status_options {
    const char *cluster;
};

extern const char *const graph_formats[]; /* what --format takes */
struct graph_options {
    int format;         /* index of graph_formats; 0: by the file's name */
    const char *output; /* -o, or NULL: standard output */
    const char *cluster;
    bool live, expand;
};

struct help_options {
    bool man, reference;
};

int cmd_init(struct context *context, struct error **err);
int cmd_validate(struct context *context, struct error **err);
int cmd_render(struct context *context, struct error **err);
int cmd_import(struct context *context, struct error **err);
int cmd_explain(struct context *context, struct error **err);
int cmd_schema(struct context *context, struct error **err);
int cmd_plan(struct context *context, struct error **err);
int cmd_up(struct context *context, struct error **err);
int cmd_down(struct context *context, struct error **err);
int cmd_clone(struct context *context, struct error **err);
int cmd_export(struct context *context, struct error **err);
int cmd_status(struct context *context, struct error **err);
int cmd_list(struct context *context, struct error **err);
int cmd_ssh(struct context *context, struct error **err);
int cmd_graph(struct context *context, struct error **err);
int cmd_version(struct context *context, struct error **err);
int cmd_help(struct context *context, struct error **err);

#endif
