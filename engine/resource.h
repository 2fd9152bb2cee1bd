/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources: what a cluster consists of, without knowing what any of it is. A kind is a const
 * table of functions; the list of kinds is given to the engine by whoever knows them.
 *
 * Life of a set: the owner adds the wanted resources (resource_set_add, wanted = true);
 * `observe` of each kind marks those that exist (present) and adds those that exist but are
 * not wanted any more; plan_build compares; apply_run acts.
 */
#ifndef ENGINE_RESOURCE_H
#define ENGINE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct resource;
struct resource_set;
struct task;

/* What a change costs, mildest first. */
enum change_class {
    CHANGE_LIVE,
    CHANGE_RESTART,
    CHANGE_RECREATE,
    CHANGE_DATA_LOSS,
};

/* One line of difference: "memory  4 GiB -> 8 GiB  restart". All texts owned. */
struct change {
    enum change_class class;
    char *what; /* "memory" */
    char *from; /* NULL: was not there */
    char *to;   /* NULL: goes away */
    char *note; /* "changed outside of virtopo", or NULL */
};

struct change_list {
    struct change *items;
    size_t count;
};

/* Texts are copied; from, to and note may be NULL. */
void change_add(struct change_list *list, enum change_class class, const char *what,
                const char *from, const char *to, const char *note);
void change_list_done(struct change_list *list);

struct resource_kind {
    const char *name; /* "node", as shown */
    int rank;         /* order of its lines in a plan; lower first */
    /* Internal kinds (a node's volumes, its seed, waiting for it) have no plan lines of their
     * own; their changes are shown at the resource they are `part_of`. */
    bool internal;
    /* Its verbs mostly wait for something outside (a guest's boot): they do not count against
     * the number of workers. */
    bool waits;
    /* Destroying or replacing one loses what somebody stored in it. */
    bool holds_data;
    /* What is said when one has been made: "ready". NULL: "created". */
    const char *made;
    /* Finds what exists, for the whole set at once: sets present and state, adds what is there
     * and not wanted. Never writes. May be NULL. Called in the order of the kinds' array. */
    int (*observe)(void *context, struct resource_set *set, struct error **err);
    /* Adds the differences of a resource that is wanted and present; also sets
     * resource->replace where it must be made anew. Offline: only looks at what observe kept.
     */
    int (*diff)(void *context, struct resource *r, struct error **err);
    /* The three verbs. Each must be safe to run again after being cut off anywhere. A verb
     * that is NULL succeeds. */
    int (*create)(void *context, struct resource *r, struct task *task, struct error **err);
    int (*update)(void *context, struct resource *r, struct task *task, struct error **err);
    int (*destroy)(void *context, struct resource *r, struct task *task, struct error **err);
    /* One line for plan's `+`: "2 vCPU, 4 GiB, disk 40 GiB on debian12". NULL: none. The
     * caller frees it. */
    char *(*describe)(void *context, const struct resource *r);
    /* Frees r->data and r->state. May be NULL. */
    void (*done)(struct resource *r);
};

enum resource_action {
    ACTION_NONE,
    ACTION_CREATE,
    ACTION_UPDATE,
    ACTION_REPLACE, /* destroy, then create */
    ACTION_DESTROY,
};

struct resource {
    const struct resource_kind *kind;
    char *name;               /* unique within kind and host: "web-1", "web-1/data" */
    char *host;               /* the host it lives on; never NULL */
    struct resource *part_of; /* the resource it is shown under, or NULL */
    bool wanted, present;
    bool replace;            /* set by diff: the difference needs a new one */
    bool keep;               /* present, unwanted, but to be left (down --keep-disks) */
    void *data;              /* the kind's: what is wanted (borrowed or owned, see done) */
    void *state;             /* the kind's: what was observed */
    struct resource **needs; /* must exist before this one, and outlive it */
    size_t need_count;
    struct resource **follows; /* in whose place it comes: gone before this one is made */
    size_t follow_count;
    /* Owned, shown behind its line; `observe` or `diff` may set one, else plan_build does:
     * "recreate, loses disk root", "not in the file any more". */
    char *note;
    /* Results of plan_build. */
    enum resource_action action;
    enum resource_action shown; /* action; where that is none, what its parts' steps make it */
    struct change_list changes;
    size_t index; /* its place in the set, private */
};

struct resource_set {
    struct resource **items;
    size_t count;
    /* The note of what goes away because it is not wanted; static. NULL: "not in the file any
     * more". */
    const char *unwanted_note;
    struct resource **index; /* for lookups, private */
    size_t index_size;
};

/* Adds a resource; the three together must be new to the set. Texts are copied. */
struct resource *resource_set_add(struct resource_set *set, const struct resource_kind *kind,
                                  const char *host, const char *name);
struct resource *resource_set_find(const struct resource_set *set,
                                   const struct resource_kind *kind, const char *host,
                                   const char *name);
/* `r` needs `other`; repeated and NULL ones are ignored. */
void resource_need(struct resource *r, struct resource *other);
/* `r` takes the place of `other` (the same addresses, the same device): where that one goes, it
 * goes first. */
void resource_follow(struct resource *r, struct resource *other);
void resource_set_done(struct resource_set *set);
#define auto_resource_set __attribute__((cleanup(resource_set_done)))
/* The visible resource that `r` is shown at: itself, what it is part of, or NULL. */
struct resource *resource_owner(struct resource *r);
/* The order in which resources are shown and worked on: kind, host, name ("web-2" before
 * "web-10"). */
int resource_compare(const struct resource *a, const struct resource *b);

/* What a verb may use while it runs (apply.h makes them). Thread-safe. All take NULL, for a
 * verb that is called outside of an apply: nothing is shown, nothing cancels. */
/* Bytes or units done of `total` (0: unknown). */
void task_progress(struct task *task, uint64_t done, uint64_t total);
/* What it is doing now, shown beside its line: "waiting for port 22". */
void task_say(struct task *task, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What whoever reads the result must know, though nothing failed: what was left to do by hand.
 */
void task_note(struct task *task, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* True after Ctrl-C: give up at the next safe point with ERROR_CANCELLED. */
bool task_cancelled(const struct task *task);
/* Non-zero once cancelled; for calls that take a flag. */
const volatile int *task_cancel_flag(const struct task *task);
/* Waits up to `ms`, returning early (true) when cancelled. */
bool task_wait(struct task *task, unsigned ms);

#endif
