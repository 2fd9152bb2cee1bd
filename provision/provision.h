/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster on its hosts, from the model to resources: opened (connected and surveyed), asked
 * for what is wanted, planned, applied by the engine. Nothing is written before apply.
 */
#ifndef PROVISION_PROVISION_H
#define PROVISION_PROVISION_H

#include "engine/apply.h"
#include "engine/plan.h"
#include "host/lock.h"
#include "host/site.h"
#include "util/diagnostic.h"

struct provision_options {
    struct cluster *cluster; /* NULL: `cluster_name` alone, for down and status */
    const char *cluster_name;
    const char *uri;        /* without a file: where */
    const char *dir;        /* without a file: the store's folder; NULL: the usual one */
    unsigned parallel;      /* calls under way on a host; 0: as many as it takes */
    bool keep_disks;        /* down: leave volumes and pool */
    bool prune;             /* down: also remove images that nothing uses */
    bool no_start;          /* up: a node that does not run stays so; nothing is waited for */
    bool no_wait;           /* up: leave out waiting for `ready` */
    uint64_t ready_timeout; /* ms; 0: what the file says */
    bool images_only;       /* image build, pull: nodes and networks are not looked at */
    bool rebuild;           /* images that were named are made anew, though they are there */
    bool refresh;           /* images are fetched anew where the same source may have another */
    bool keep_guest;        /* a build that fails leaves its guest up, to look at */
    const char *clone_of, *clone_name; /* clone: the node, and the new one; else NULL */
};

struct provision {
    struct site site; /* first: the kinds of network/ take a struct site as their context */
    struct provision_options options;
    struct diagnostics *diagnostics; /* where findings about the file go */
    struct resource_set set;
    char *key_path;               /* private key for the guests */
    char *public_key;             /* "ssh-ed25519 …"; NULL until it is made by the first up */
    bool own_key;                 /* the cluster's own, not one from the file */
    const struct image **rebuilt; /* with options.rebuild: those that were named; owned */
    size_t rebuilt_count;
    bool partial; /* only some nodes are wanted: all others are left alone */
};

/* Connects, surveys, looks for conflicts, plans addresses. Findings that point into the file
 * go to `d`; -1 without `err` means that these are the reason. */
int provision_open(const struct provision_options *options, struct diagnostics *d,
                   struct provision *ret, struct error **err) MUST_CHECK;
/* Under the lock: takes away what clones and exports that were cut off left, surveys anew and
 * forgets what was wanted and planned, over the same connections: what was seen before the lock
 * was taken may be out of date. */
int provision_reopen(struct provision *p, struct diagnostics *d, struct error **err) MUST_CHECK;
/* Without any host: everything is new, nothing is compared. For render. */
int provision_offline(struct cluster *cluster, struct diagnostics *d, struct provision *ret,
                      struct error **err) MUST_CHECK;
void provision_close(struct provision *p);
#define auto_provision __attribute__((cleanup(provision_close)))

/* Adds what `up` wants: all nodes, or those named (with what they need). Images that cannot be
 * used are findings; -1 without `err` when there are any. */
int provision_want(struct provision *p, const char *const *nodes, size_t count,
                   struct error **err) MUST_CHECK;
/* Adds images alone, on all hosts: those named, or all that `select` takes. */
int provision_want_images(struct provision *p, const char *const *names, size_t count,
                          bool (*select)(const struct image *image),
                          struct error **err) MUST_CHECK;
/* The plan for what is wanted (nothing, for down). -1 without `err`: the findings say why. */
int provision_plan(struct provision *p, struct plan *ret, struct error **err) MUST_CHECK;
/* Takes the cluster's lock on every host; all or none. */
struct provision_locks {
    struct host_lock *items;
    size_t count;
};
int provision_lock(struct provision *p, enum lock_mode mode, struct provision_locks *ret,
                   struct error **err) MUST_CHECK;
void provision_unlock(struct provision_locks *locks);
/* Removes locks that dead processes of this machine left. */
void provision_sweep(struct provision *p);
/* Makes what `apply` needs and `plan` must not: the cluster's key. */
int provision_prepare(struct provision *p, struct error **err) MUST_CHECK;

/* An error about a value of the file as a finding at its line: the value of `key` in `source`,
 * or the whole. Frees the error. */
void provision_finding(struct provision *p, const struct document_node *source, const char *key,
                       const char *check, struct error *error);
/* True for a node that this run leaves alone, as `up web-1` does with all but web-1 and what
 * that needs. */
bool provision_is_partial(const struct provision *p, const char *node);

/* Whether an image, or the one that it is a step of, is to be made anew. */
bool provision_rebuilds(const struct provision *p, const struct image *image);

/* All kinds, in the order in which they observe. */
extern const struct resource_kind *const provision_kinds[];

#endif
