/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and seals of base images in the store: "sha256-<hex>.qcow2" holds the bytes,
 * "sha256-<hex>.qcow2.sealed-<size>-<time>" (empty, made last) says that they are all there
 * and what size and modification time they had.
 */
#ifndef PROVISION_IMAGE_SEAL_H
#define PROVISION_IMAGE_SEAL_H

#include "provision/image/image.h"

/* "sha256-….qcow2"; the caller frees it. */
char *image_seal_volume(const char *digest, const char *format);
bool image_seal_is_image(const char *volume);
/* The image with that digest in a surveyed store, or NULL. */
const struct survey_volume *image_seal_find(const struct survey_pool *store,
                                            const char *digest);
enum image_state image_seal_state(const struct survey_pool *store, const char *volume);
/* The same from libvirt, now. */
int image_seal_read(virStoragePoolPtr pool, const char *volume, enum image_state *ret,
                    struct error **err) MUST_CHECK;
int image_seal(virStoragePoolPtr pool, virStorageVolPtr volume, const char *name,
               struct error **err) MUST_CHECK;
/* Of an image that is there, by its name. */
int image_seal_again(virStoragePoolPtr pool, const char *name, struct error **err) MUST_CHECK;
/* A seal that nothing fits: it is IMAGE_CHANGED from now on. */
int image_seal_spoil(virStoragePoolPtr pool, const char *name, struct error **err) MUST_CHECK;
/* The seals alone. */
int image_seal_break(virStoragePoolPtr pool, const char *volume, struct error **err) MUST_CHECK;
/* The seal first, so that what is left of a run that was cut off counts as partial. */
int image_seal_remove(virStoragePoolPtr pool, const char *volume,
                      struct error **err) MUST_CHECK;

#endif
