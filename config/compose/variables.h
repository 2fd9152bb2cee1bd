/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables: `vars` of the file, over them --set, under them the environment. A value may refer
 * to others. Where the guest's own shell has a say, only those of the file are put in, and
 * everything else that looks like a reference stays.
 */
#ifndef CONFIG_VARIABLES_H
#define CONFIG_VARIABLES_H

#include "config/loader.h"

/* How many may wait for each other, and how deep defaults may nest. */
#define VARIABLES_DEPTH 32
/* How many a finding names. */
#define VARIABLES_TOLD 3

struct variable {
    const char *name;
    const struct document_node *source; /* its value under `vars` */
    const char *set;                    /* by --set, or NULL */
    const char *text;                   /* once it is known; NULL: it has no value */
    bool quoted;                        /* so a text, whatever it looks like */
    enum { VARIABLE_UNSEEN, VARIABLE_OPEN, VARIABLE_CLOSED, VARIABLE_BAD } mark;
};

struct variables {
    struct loader *l;
    struct variable *items;
    size_t count;
    struct names names;
    struct variable *open[VARIABLES_DEPTH]; /* each needs the next */
    size_t depth;
    size_t bytes; /* that came of references so far */
};

/* Those that a mapping declares, which may be NULL; reports what is wrong with them. */
void variables_init(struct variables *v, struct loader *l, const struct document_node *vars);
void variables_done(struct variables *v);
#define auto_variables __attribute__((cleanup(variables_done)))
/* Works out all of them, so that what is wrong with one is said whether it is used or not. */
void variables_check(struct variables *v);
struct variable *variables_find(const struct variables *v, const char *name, size_t length);
/* Works out one; false after a finding, which stands at its value. */
bool variables_evaluate(struct variables *v, struct variable *variable);
/* The remedy for a name that is none: "did you mean '${x}'?" */
const char *variables_hint(const struct variables *v, const char *name);

/* A scalar with its variables in place: itself where there are none. NULL after a finding. */
const struct document_node *variables_expand(struct variables *v,
                                             const struct document_node *scalar, bool guest);
/* The same for a whole tree; what could not be put in stays. */
const struct document_node *variables_expand_tree(struct variables *v,
                                                  const struct document_node *root);

#endif
