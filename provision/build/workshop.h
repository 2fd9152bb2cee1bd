/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an image is made on a host: disks and media of a throw-away guest, as volumes
 * "build-<12 hex of the recipe>-<what>" of the store's pool. No two builds of one recipe are
 * under way on a host; what one that was cut off left is removed by the next.
 */
#ifndef PROVISION_WORKSHOP_H
#define PROVISION_WORKSHOP_H

#include "engine/resource.h"
#include "host/lock.h"
#include "host/site.h"

/* Digits of the recipe in the names of guest and volumes. */
#define WORKSHOP_ID 12

struct workshop {
    struct site_host *host;
    char *recipe;
    struct host_lock lock;
    bool keep; /* set to leave everything as it is at the end */
};

/* Waits for another build of the recipe, makes the pool, removes what is left of an earlier
 * one: guest and volumes. */
int workshop_open(struct site_host *host, const char *recipe, struct task *task,
                  struct workshop *ret, struct error **err) MUST_CHECK;
/* Removes the volumes, unless they are to be kept. */
void workshop_close(struct workshop *w);
#define auto_workshop __attribute__((cleanup(workshop_close)))

/* What is held while a recipe is made, also for its first digits alone: "build/<12 hex>". The
 * caller frees it. */
char *workshop_lock_name(const char *recipe);
/* "<dir>/build-…-<what>", where the volume is or will be; the caller frees it. */
char *workshop_path(const struct workshop *w, const char *what);
/* A qcow2 volume of `capacity` bytes, on `backing_path` (or NULL, with backing_format). */
int workshop_disk(const struct workshop *w, const char *what, uint64_t capacity,
                  const char *backing_path, const char *backing_format,
                  struct error **err) MUST_CHECK;
/* A raw volume with the content of a local file, or of memory. */
int workshop_upload(const struct workshop *w, const char *what, const char *file,
                    struct task *task, struct error **err) MUST_CHECK;
int workshop_upload_data(const struct workshop *w, const char *what, const void *data,
                         size_t length, struct error **err) MUST_CHECK;
/* Whether the volume's file can be read from here. */
bool workshop_is_readable(const struct workshop *w, const char *what);
/* A new volume with all of another's disk, its backing files included. */
int workshop_flatten(const struct workshop *w, const char *what, const char *to,
                     struct error **err) MUST_CHECK;
/* A volume as a local file: its own path where that can be read, else its bytes at `copy`. The
 * caller frees the path that is returned. */
int workshop_fetch(const struct workshop *w, const char *what, const char *copy,
                   struct task *task, char **ret, struct error **err) MUST_CHECK;

/* For prune: guests and volumes of builds that are not under way any more. */
struct workshop_leftover {
    char *name;     /* of the volume; of a guest, its recipe */
    uint64_t bytes; /* that it takes */
    bool guest;
};
struct workshop_leftovers {
    struct workshop_leftover *items;
    size_t count;
};
int workshop_leftovers(struct site_host *host, struct workshop_leftovers *ret,
                       struct error **err) MUST_CHECK;
int workshop_sweep(struct site_host *host, const struct workshop_leftovers *leftovers,
                   struct error **err) MUST_CHECK;
void workshop_leftovers_done(struct workshop_leftovers *leftovers);

#endif
