/* SPDX-License-Identifier: Apache-2.0 */
/* Pools and volumes, with what libvirt's storage driver needs by way of patience: lists that
 * are out of date, refreshes refused while a volume is being built. */
#ifndef PROVISION_STORE_H
#define PROVISION_STORE_H

#include "host/survey.h"
#include "util/virt.h"

/* Makes what is missing of a pool, whatever a run that was cut off left of it: definition,
 * folder, autostart; and starts it. */
int store_make(virConnectPtr connection, const struct survey_pool *pool, virStoragePoolPtr *ret,
               struct error **err) MUST_CHECK;
/* Only defines it, where libvirt does not know it. */
int store_define(virConnectPtr connection, const struct survey_pool *pool,
                 struct error **err) MUST_CHECK;
/* The pool, active, also when somebody stopped it or removed it from libvirt since its folder
 * was read; the caller frees it. */
int store_open(virConnectPtr connection, const struct survey_pool *pool, virStoragePoolPtr *ret,
               struct error **err) MUST_CHECK;
/* The same for one that libvirt knows. */
int store_pool(virConnectPtr connection, const char *name, virStoragePoolPtr *ret,
               struct error **err) MUST_CHECK;
/* Reads the folder anew. libvirt refuses while any volume of the pool is being built, and
 * stops the pool when reading fails: tried again for a while, started again, its folder made
 * anew where it is gone. */
int store_refresh(virStoragePoolPtr pool, struct error **err) MUST_CHECK;
enum store_leftover {
    STORE_REPLACE, /* a file of that name, half-written by a run that was cut off, may go */
    STORE_ADOPT,   /* a volume of that name is somebody's data: hand it out as it is */
};
/* Creates a volume; in a user's own libvirt for that user alone, whatever mode `t` has. */
int store_create(virStoragePoolPtr pool, const struct volume_template *t,
                 enum store_leftover leftover, virStorageVolPtr *ret,
                 struct error **err) MUST_CHECK;
/* Grows a volume that no running domain uses; a larger one stays. */
int store_grow(virStorageVolPtr volume, uint64_t capacity, struct error **err) MUST_CHECK;
int store_remove(virStorageVolPtr volume, struct error **err) MUST_CHECK;
/* Removes a volume by name; one that is not there is fine. */
int store_delete(virStoragePoolPtr pool, const char *name, struct error **err) MUST_CHECK;
/* Calls `act` for each volume whose name begins with `prefix`, until one fails. */
int store_each(virStoragePoolPtr pool, const char *prefix,
               int (*act)(void *context, virStorageVolPtr volume, struct error **err),
               void *context, struct error **err) MUST_CHECK;

#endif
