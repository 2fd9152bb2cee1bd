/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of `virtopo fault ...` and what their options are parsed into. */
#ifndef CMD_FAULT_COMMANDS_H
#define CMD_FAULT_COMMANDS_H

#include <stdint.h>

#include "cmd/context.h"

/* Of all of them; first in the options of those that have more. */
struct fault_cluster_options {
    const char *cluster; /* --cluster NAME: without the file; or NULL */
    bool break_lock;
};

struct fault_netem_options {
    struct fault_cluster_options which;
    uint64_t delay, jitter;  /* ms */
    const char *loss, *rate; /* or NULL */
    int direction;           /* enum fault_direction */
};

int cmd_fault_link_down(struct context *context, struct error **err);
int cmd_fault_netem(struct context *context, struct error **err);
int cmd_fault_partition(struct context *context, struct error **err);
int cmd_fault_kill(struct context *context, struct error **err);
int cmd_fault_heal(struct context *context, struct error **err);
int cmd_fault_list(struct context *context, struct error **err);

#endif
