/* SPDX-License-Identifier: Apache-2.0 */
/* Pools and volumes, with what libvirt's storage driver needs by way of patience: lists that
 * are out of date, refreshes refused while a volume is being built. */
#ifndef PROVISION_STORE_H
#define PROVISION_STORE_H

#include "templates/storage_xml.h"
#include "util/virt.h"

/* The pool, active; the caller frees it. */
int store_pool(virConnectPtr connection, const char *name, virStoragePoolPtr *ret,
               struct error **err) MUST_CHECK;
/* Reads the folder anew. libvirt refuses while any volume of the pool is being built, and
 * stops the pool when reading fails: tried again for a while, started again. */
int store_refresh(virStoragePoolPtr pool, struct error **err) MUST_CHECK;
enum store_leftover {
    STORE_REPLACE, /* a file of that name, half-written by a run that was cut off, may go */
    STORE_ADOPT,   /* a volume of that name is somebody's data: hand it out as it is */
};
/* Creates a volume. */
int store_create(virStoragePoolPtr pool, const struct volume_template *t,
                 enum store_leftover leftover, virStorageVolPtr *ret,
                 struct error **err) MUST_CHECK;
/* Removes a volume by name; one that is not there is fine. */
int store_delete(virStoragePoolPtr pool, const char *name, struct error **err) MUST_CHECK;

#endif
