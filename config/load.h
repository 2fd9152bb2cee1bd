/* SPDX-License-Identifier: Apache-2.0 */
/* From a file to a checked cluster: read, parse, merge defaults, bind, expand, check. */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "config/cluster.h"
#include "util/diagnostic.h"
#include "util/error.h"

struct load_options {
    const char *file;            /* path, "-" for standard input */
    const char *default_uri;     /* of the host `local`, or NULL: qemu:///system */
    const char *const *settings; /* what --set says: "K=V" */
    size_t setting_count;
    const char *lock; /* path of its virtopo.lock, or NULL: it is not looked at */
};

/* 0 and a cluster when there are no errors (warnings may be in `d`). -1 with `err` when the
 * file cannot be read; -1 without `err` when the findings in `d` say why. Sources registered
 * in `d` live in *ret_arena, which the caller frees after showing `d`. */
int cluster_load(const struct load_options *options, struct diagnostics *d,
                 struct arena **ret_arena, struct cluster **ret, struct error **err) MUST_CHECK;
/* The same from memory; `file` is the name shown, `folder` where relative paths start. */
int cluster_load_text(const char *file, const char *folder, const char *text, size_t length,
                      const struct load_options *options, struct diagnostics *d,
                      struct arena **ret_arena, struct cluster **ret) MUST_CHECK;

#endif
