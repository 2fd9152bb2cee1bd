/* SPDX-License-Identifier: Apache-2.0 */
/* A text loaded as a cluster, with all that must be freed again. */
#ifndef TESTS_UNIT_CONFIG_LOADING_H
#define TESTS_UNIT_CONFIG_LOADING_H

#include "config/load.h"

struct loading {
    struct diagnostics d;
    struct arena *arena;
    struct cluster *cluster; /* NULL after errors */
};

/* Paths start in /cluster. */
void loading_start(struct loading *l, const char *text);
/* The same with what --set says. */
void loading_with(struct loading *l, const char *text, const char *const *settings,
                  size_t count);
/* As start, and fails the test when there are findings. */
void loading_good(struct loading *l, const char *text);
/* Fails the test unless the text is refused, with a finding of that name at that place. */
void loading_bad(const char *text, const char *check, int line, int column);
void loading_done(struct loading *l);
#define auto_loading __attribute__((cleanup(loading_done)))

#define LOADING_HEAD                                                             \
    "cluster: lab\n"                                                             \
    "images: { debian12: { file: debian12.qcow2 } }\n"                           \
    "networks: { lan: { subnet: 10.20.0.0/24 }, san: { mode: isolated, subnet: " \
    "10.30.0.0/24 } }\n"

#endif
