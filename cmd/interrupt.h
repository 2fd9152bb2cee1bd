/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C, SIGTERM and SIGHUP. They end the process, as usual, except while work is under way
 * that had better be finished: then the first one sets a flag and says so, the second one ends
 * it.
 */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include <stdbool.h>

#define INTERRUPT_NOTICE "finishing what is under way; Ctrl-C again to stop at once"

/* Also makes a write to a closed pipe fail with EPIPE instead of ending the process. */
void interrupt_install(void);
/* True from where an abrupt end would leave something half-made (a lock, a step) until it is
 * settled. Calls nest. */
void interrupt_defer(bool on);
/* Whoever draws on the terminal shows INTERRUPT_NOTICE itself. */
void interrupt_silence(bool on);
/* Non-zero once interrupted. */
const volatile int *interrupt_flag(void);

#endif
