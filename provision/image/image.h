/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resource kind "image": a base image in a host's store, named by its content, read-only,
 * shared by all clusters there.
 *
 * An image is complete once a second, empty volume seals it, whose name carries the size and
 * modification time that the image had then: a copy cut off half-way has none, and an image
 * changed behind our back does not fit it any more.
 */
#ifndef PROVISION_IMAGE_H
#define PROVISION_IMAGE_H

#include "engine/resource.h"
#include "provision/provision.h"
#include "util/digest.h"

enum image_state {
    IMAGE_ABSENT,
    IMAGE_PARTIAL, /* a copy that was cut off */
    IMAGE_SEALED,
    IMAGE_CHANGED, /* sealed once, and not the same any more */
};

struct image_object {
    struct provision *provision;
    struct site_host *host;
    const struct image *image; /* NULL: found in the store, for prune */
    struct resource *parent;   /* the image that this one is still to be made from, or NULL */
    char *source;              /* the local file, there or to be made; NULL: in the store */
    char *digest;              /* hex; NULL: it is still to be made */
    char *recipe; /* digest of what it is made from (image_maker.h); NULL: a file, or not known
                     yet */
    const char *format;     /* "qcow2" or "raw"; NULL with digest */
    uint64_t capacity;      /* virtual size, bytes; 0: not known yet */
    uint64_t bytes;         /* of the file */
    char *volume;           /* "sha256-….qcow2"; NULL with digest */
    char made[SHA256_TEXT]; /* set by a maker that has seen all bytes: their digest, else "" */
    enum image_state state;
    bool refresh; /* made anew, whatever is there */
    bool replace; /* it is there, changed, and is put back as it was */
    bool reseal;  /* its file was touched, its bytes are the same */
};

extern const struct resource_kind image_kind;

/* Adds the image as wanted on `host`: finds its file, checks and hashes it (cached). One that
 * cannot be used is a finding. */
struct resource *image_want(struct provision *p, const struct image *image, const char *host);
struct image_object *image_of(const struct resource *r);
/* Makes the image where that is needed, and brings it into the store, complete with its record;
 * also outside of a plan. */
int image_bring(struct image_object *o, struct task *task, struct error **err) MUST_CHECK;
/* Its path on the host, for overlays; NULL while the digest is not known. Caller frees. */
char *image_path(const struct image_object *o);

#endif
