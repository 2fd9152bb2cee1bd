/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver in a throw-away guest tells (templates/layer_work.h): lines "@virtopo NONCE
 * WHAT", among anything else. The guest decides what comes; nothing of it is believed to be
 * well-formed. */
#ifndef PROVISION_LAYER_REPORT_H
#define PROVISION_LAYER_REPORT_H

#include <stdbool.h>

#include "util/buffer.h"

/* Of a line; more is cut off. */
#define REPORT_LINE (64u << 10)

enum report_kind {
    REPORT_HELLO,  /* the driver runs */
    REPORT_STEP,   /* step `number` begins */
    REPORT_OUTPUT, /* a line of output: text, length */
    REPORT_EXIT,   /* step `number` ended with `code`; may come more than once */
    REPORT_SEAL,   /* all steps are done */
    REPORT_SEALED, /* and now it powers off; may come more than once */
};

struct report {
    enum report_kind kind;
    unsigned number, code;
    const char *text;
    size_t length;
};

struct report_reader {
    const char *nonce;
    void (*got)(void *context, const struct report *report);
    void *context;
    struct buffer line; /* so far */
};

void report_feed(struct report_reader *r, const char *data, size_t length);
void report_reader_done(struct report_reader *r);

#endif
