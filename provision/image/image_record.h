/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of images in the store: beside "sha256-<hex>.qcow2", a small JSON text in a volume
 * named "sha256-<hex>.qcow2.made-<recipe>". Its name alone says that this image is what the
 * recipe makes, so that nobody makes it again; what is in it is for people: the image's name,
 * where it came from, when, by whom, and its parent.
 */
#ifndef PROVISION_IMAGE_RECORD_H
#define PROVISION_IMAGE_RECORD_H

#include <jansson.h>

#include "provision/image/image.h"

/* The image of a record by the record's name: "sha256-….qcow2"; NULL when it is none. The
 * caller frees it. */
char *image_record_image(const char *volume);
bool image_record_is_of(const char *volume, const char *image);
/* The image that a recipe made, in a surveyed store, or NULL; complete or not. */
const struct survey_volume *image_record_find(const struct survey_pool *store,
                                              const char *recipe);
/* Writes the record of a finished image, and takes it away from what the same recipe made
 * before. */
int image_record_write(const struct image_object *o, virConnectPtr connection,
                       virStoragePoolPtr pool, struct error **err) MUST_CHECK;
/* What a record says; NULL where it cannot be read. New reference. */
json_t *image_record_read(virConnectPtr connection, virStoragePoolPtr pool, const char *volume);
/* All records of an image. */
int image_record_remove(virStoragePoolPtr pool, const char *image,
                        struct error **err) MUST_CHECK;

#endif
