/* SPDX-License-Identifier: Apache-2.0 */
/* The key `clock` of a node. */
#ifndef CONFIG_CLOCK_H
#define CONFIG_CLOCK_H

#include "config/schema/schema.h"

enum clock_offset {
    CLOCK_UTC,
    CLOCK_LOCALTIME,
    CLOCK_TIMEZONE,
    CLOCK_VARIABLE,
    CLOCK_ABSOLUTE
};

/* One timer; which of the keys it may have says its own table. */
struct timer_setting {
    int present;                        /* enum switch_state */
    int tickpolicy;                     /* index into timer_tickpolicies */
    int track;                          /* index into timer_tracks */
    long long frequency;                /* Hz; 0: the host's */
    const struct document_node *source; /* NULL: not named */
};

/* Members and rows in the order in which they are written. */
struct timers_setting {
    struct timer_setting rtc, pit, hpet, kvmclock, hypervclock, tsc, armvtimer;
    const struct document_node *source;
};

struct clock_setting {
    int offset; /* enum clock_offset */
    const char *timezone;
    long long adjustment; /* seconds */
    int basis;            /* index into clock_bases */
    long long start;      /* seconds since 1970 */
    struct timers_setting timers;
    const struct document_node *source;
};

extern const struct schema clock_schema, timers_schema;
/* libvirt's words. The first of tickpolicies and tracks is "default", which is not written. */
extern const char *const clock_offsets[], *const clock_bases[], *const rtc_tickpolicies[],
                                                                    *const pit_tickpolicies[],
                                                                        *const timer_tracks[];

#endif
