/* SPDX-License-Identifier: Apache-2.0 */
/* What up and down share: applying a plan under the cluster's lock, and saying how it went. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "cmd/context.h"
#include "provision/provision.h"

/* Options for provision_open from the command line and the file. */
struct provision_options run_options(const struct context *context);
/* Usage error for what cannot be a cluster's name (--cluster). */
int run_check_name(const struct context *context, const char *name,
                   struct error **err) MUST_CHECK;
/* The hosts with all that is on them, whose ever it is: those of the file in this folder or
 * named with -f, else the local one. Close it with site_close(). */
int run_open_site(struct context *context, struct provision_options *ret_options,
                  struct site *ret, struct error **err) MUST_CHECK;
/* Opens; findings (foreign objects in the way) are shown on stderr, and then it is -1 with an
 * error that says so. */
int run_open(struct context *context, const struct provision_options *options,
             struct provision *ret, struct error **err) MUST_CHECK;
int run_reopen(struct context *context, struct provision *p, struct error **err) MUST_CHECK;
/* Shows the findings of the context: -1 with an error that counts them. */
int run_findings(struct context *context, struct error **err);
/* provision_want and provision_plan for what the command's arguments name, findings shown. */
int run_plan(struct context *context, struct provision *p, struct plan *ret,
             struct error **err) MUST_CHECK;
/* The same for images, those that the arguments name or all that `select` takes. */
int run_plan_images(struct context *context, struct provision *p,
                    bool (*select)(const struct image *image), struct plan *ret,
                    struct error **err) MUST_CHECK;
/* Shows a plan on stdout: text, or the JSON object "plan". */
void run_show_plan(const struct context *context, struct provision *p, const struct plan *plan);
/* Says of each clone that it is none of the file's, and how to make it one. */
void run_show_clones(const struct context *context);
/* Says what is done to nodes on purpose; for `plan` and `up`, which leave it. */
void run_show_faults(const struct context *context, const struct provision *p);
/* Applies; failures have been shown when it returns. The exit code: EXIT_DONE, EXIT_FAILED, or
 * EXIT_PARTLY when some nodes are as wanted and others are not. `subject` for the last line:
 * "Cluster lab is up". */
int run_apply(struct context *context, struct provision *p, const struct plan *plan,
              const char *subject);

#endif
