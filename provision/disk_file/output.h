/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that a command makes for its user: written beside its place under a name of our own
 * ("x.qcow2.virtopo-part"), and put there by one rename when it is whole. What a run that was
 * killed left is written over by the next; two at once: the second is told so.
 */
#ifndef PROVISION_OUTPUT_H
#define PROVISION_OUTPUT_H

#include <stdbool.h>

#include "util/error.h"

struct output {
    char *path;
    char *part; /* to be written to */
    int lock;   /* the part's descriptor, locked */
    bool replace;
};

/* Never in a host's store. Without `replace`, a file that is there already is an error, now and
 * at the end. */
int output_begin(struct output *o, const char *path, bool replace,
                 struct error **err) MUST_CHECK;
/* To its place; with `replace`, only once it is on the disk. With `like`, it gets the mode and,
 * where we may, the owner of that file. */
int output_publish(struct output *o, const char *like, struct error **err) MUST_CHECK;
/* Removes the part unless it was published. */
void output_done(struct output *o);
#define auto_output __attribute__((cleanup(output_done)))

#endif
