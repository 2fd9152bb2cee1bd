/* SPDX-License-Identifier: Apache-2.0 */
/* libvirt's errors as ours, and cleanup attributes for its handles. The only file that reads
 * virError: every later libvirt call, even a free, resets it. */
#ifndef UTIL_VIRT_H
#define UTIL_VIRT_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "util/error.h"

/* Once, before any other libvirt call: silences libvirt's printing to stderr. */
void virt_init(void);
/* error_virt(err, fmt, …): the thread's last libvirt error under "what: …". Call it right after
 * the failed call. The error is taken before the arguments are evaluated: even asking an object
 * for its name resets it. */
#define error_virt(err, ...)                            \
    __extension__({                                     \
        virErrorPtr reason_ = virSaveLastError();       \
        error_virt_reason((err), reason_, __VA_ARGS__); \
    })
/* Frees `reason`, which may be NULL. */
int error_virt_reason(struct error **err, virErrorPtr reason, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The code (VIR_ERR_*) of the thread's last libvirt error. */
int virt_last_code(void);

void virt_cleanup_domain(virDomainPtr *p);
void virt_cleanup_network(virNetworkPtr *p);
void virt_cleanup_pool(virStoragePoolPtr *p);
void virt_cleanup_volume(virStorageVolPtr *p);
void virt_cleanup_secret(virSecretPtr *p);
void virt_cleanup_stream(virStreamPtr *p);
#define auto_domain __attribute__((cleanup(virt_cleanup_domain)))
#define auto_network __attribute__((cleanup(virt_cleanup_network)))
#define auto_pool __attribute__((cleanup(virt_cleanup_pool)))
#define auto_volume __attribute__((cleanup(virt_cleanup_volume)))
#define auto_secret __attribute__((cleanup(virt_cleanup_secret)))
#define auto_stream __attribute__((cleanup(virt_cleanup_stream)))

#endif
