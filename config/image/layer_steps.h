/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that make a layer, in the order in which they are done. */
#ifndef CONFIG_LAYER_STEPS_H
#define CONFIG_LAYER_STEPS_H

#include "config/cluster.h"

enum layer_step_kind {
    LAYER_STEP_COPY,
    LAYER_STEP_FILES, /* those of root */
    LAYER_STEP_PACKAGES,
    LAYER_STEP_OWNED_FILES, /* the others, whose owner may come with a package */
    LAYER_STEP_RUN,
};

struct layer_step {
    enum layer_step_kind kind;
    const struct layer *layer;
    const struct layer_copy *copy; /* LAYER_STEP_COPY */
    const char *command;           /* LAYER_STEP_RUN */
};
struct layer_steps {
    struct layer_step *items;
    size_t count;
};

/* Borrows from `layer`. */
void layer_steps_list(const struct layer *layer, struct layer_steps *ret);
void layer_steps_done(struct layer_steps *steps);
/* For people, one line: "run: apt-get install -y kubelet". The caller frees it. */
char *layer_step_text(const struct layer_step *step);
/* Whether a file of `files` belongs to that step. */
bool layer_step_has_file(const struct layer_step *step, const struct guest_file *file);
/* With `cache: step`, makes a layer of each step but the last, in the arena, between the image
 * and what it is made from: "k8s@1", "k8s@2" … */
void layer_part(struct arena *arena, struct image *image);

#endif
