/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a throw-away guest is told to do to become a layer: a NoCloud seed that starts a driver
 * script, the driver, and a script for each step. Both the seed and the work are disks; the
 * work is one with the serial LAYER_WORK_SERIAL: first a tar archive with the scripts, then,
 * each at a whole MiB, archives with what is copied.
 *
 * The driver answers in lines "@virtopo NONCE WHAT", over the channel or, without one, over the
 * console (provision/build/layer_report.h reads them).
 */
#ifndef TEMPLATES_LAYER_WORK_H
#define TEMPLATES_LAYER_WORK_H

#include "config/image/layer_steps.h"
#include "util/buffer.h"

#define LAYER_WORK_SERIAL "virtopo-build"

/* Shell text; begins "#!/bin/sh". Its digest is part of no recipe: LAYER_VERSION is, and
 * changes when the same steps would have another result. */
extern const char layer_driver[];
#define LAYER_VERSION "1"

/* The step's script; `number` from 1; whether the copied thing is a folder. */
void layer_step_script(const struct layer_step *step, size_t number, bool is_folder,
                       struct buffer *out);
/* Where the archives of the work disk are, in MiB; count 0: the step has none. */
struct layer_part {
    size_t at, count;
};
struct layer_settings {
    const char *nonce;
    size_t steps;
    bool keep;                      /* a shell on the console after a step that failed */
    bool seal;                      /* take away what makes it this machine and not another */
    const struct layer_part *parts; /* of each step */
};
/* Variables and functions that driver and steps read. */
void layer_settings_text(const struct layer_settings *s, struct buffer *out);
/* The NoCloud seed as an ISO image; `head`: MiB of the work disk's first archive. */
int layer_seed(const char *instance_id, size_t head, bool network, struct buffer *out,
               struct error **err) MUST_CHECK;

#endif
