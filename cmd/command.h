/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command table: parsing, help, suggestions, the man page and completion all come from its
 * rows. A new command is a function in its own cmd_<name>.c, an option struct and its function
 * in commands.h, and a row in command_table.c.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct context;

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,   /* the command line or the file is wrong */
    EXIT_PENDING = 3, /* plan --exit-code: there are changes */
    EXIT_PARTLY = 4,  /* some nodes failed, the rest are up */
};

/* The C type behind `offset`. */
enum option_type {
    OPTION_FLAG,     /* bool */
    OPTION_STRING,   /* const char * */
    OPTION_INTEGER,  /* long long, from min to max */
    OPTION_DURATION, /* uint64_t, ms */
    OPTION_ENUM,     /* int: index into words */
    OPTION_REPEATED, /* struct option_list: may be given several times */
};

struct option_list {
    const char **items;
    size_t count;
};

struct command_option {
    const char *long_name; /* without the dashes */
    char short_name;       /* or 0 */
    enum option_type type;
    size_t offset;            /* in the command's option struct (or struct globals) */
    const char *metavar;      /* "FILE"; NULL for a flag */
    const char *help;         /* one sentence without full stop */
    const char *const *words; /* OPTION_ENUM: NULL-terminated */
    long long min, max;       /* OPTION_INTEGER */
    bool required;            /* OPTION_STRING: an error without it */
    bool hidden;
};

enum command_group {
    GROUP_WRITE,
    GROUP_RUN,
    GROUP_REACH,
    GROUP_IMAGES,
    GROUP_FAULTS,
    GROUP_SHOW,
    GROUP_COUNT
};

#define ARGS_ANY 1000000

/* command.needs */
#define NEEDS_CLUSTER 1u /* the file is loaded before run is called */
#define READS_FILE 4u    /* loads it by itself, where there is one */
#define IGNORES_LOCK 8u  /* loads the file without its virtopo.lock */
#define NEEDS_REST 2u    /* what stands behind `--` is a command of its own: context->rest */

struct command {
    const char *name;     /* "up", or of a family's member two words: "image list" */
    const char *synopsis; /* what follows the name, without options: "NODE [-- CMD…]" */
    enum command_group group;
    const char *summary;     /* a line for the list of commands, without full stop */
    const char *description; /* paragraphs, separated by empty lines */
    const struct command_option *options; /* ended by a row without long_name; or NULL */
    size_t options_size;                  /* of the option struct; zeroed before parsing */
    size_t min_args, max_args;
    unsigned needs;
    /* The exit code; or -1 with an error, which main prints and makes an exit code of (usage
     * and config: 2, else 1); or -1 without one: findings were shown, exit code 2. */
    int (*run)(struct context *context, struct error **err);
};

/* The tables, each ended by a row without name; the list by NULL. */
extern const struct command *const command_tables[];
extern const struct command base_commands[], image_commands[], fault_commands[];
extern const struct command_option global_options[];
extern const char *const command_group_titles[GROUP_COUNT];

/* All rows of all tables: commands_each (command) { ... } */
#define commands_each(command_)                                         \
    for (const struct command *command_ = command_next(NULL); command_; \
         command_ = command_next(command_))
const struct command *command_next(const struct command *command);
/* NULL when there is none. */
const struct command *command_find(const char *name);
/* "image list" is a member of "image". */
bool command_is_member(const struct command *command, const char *family);
/* Whether it has members. */
bool command_is_family(const char *word);
/* A usage error that suggests the nearest command. Returns -1. */
int command_unknown(const char *name, struct error **err);
/* The error for a family's name alone; it lists the members. Returns -1. */
int command_family_alone(const char *family, struct error **err);

#endif
