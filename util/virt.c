/* SPDX-License-Identifier: Apache-2.0 */
#include "util/virt.h"

#include <stdlib.h>
#include <string.h>

static void be_silent(void *data, virErrorPtr error)
{
    (void)data;
    (void)error;
}

void virt_init(void)
{
    virSetErrorFunc(NULL, be_silent);
    virInitialize();
}

/* What calls say that were under way when the daemon went, or came after. */
static bool is_broken(const char *text)
{
    static const char *const known[] = {
        "End of file while reading data", "client socket is closed", "Broken pipe",
        "Connection reset by peer", "connection closed due to keepalive timeout"};

    for (size_t i = 0; text && i < ARRAY_SIZE(known); i++) {
        if (strstr(text, known[i]))
            return true;
    }
    return false;
}

int error_virt_reason(struct error **err, virErrorPtr reason, const char *fmt, ...)
{
    auto_free char *what = NULL;
    va_list ap;

    va_start(ap, fmt);
    what = xvasprintf(fmt, ap);
    va_end(ap);
    error_set(err, ERROR_LIBVIRT, "%s: %s", what,
              reason && reason->message ? reason->message : "libvirt gave no reason");
    if (err)
        (*err)->code = reason && reason->code ? reason->code : VIR_ERR_INTERNAL_ERROR;
    if (!reason || is_broken(reason->message))
        error_hint(err, "the connection to libvirtd broke: is it running? Then run this again");
    virFreeError(reason);
    return -1;
}

int virt_last_code(void)
{
    return virGetLastErrorCode();
}

#define CLEANUP(name, type, free_function) \
    void virt_cleanup_##name(type *p)      \
    {                                      \
        if (*p)                            \
            free_function(*p);             \
    }
CLEANUP(domain, virDomainPtr, virDomainFree)
CLEANUP(network, virNetworkPtr, virNetworkFree)
CLEANUP(pool, virStoragePoolPtr, virStoragePoolFree)
CLEANUP(volume, virStorageVolPtr, virStorageVolFree)
CLEANUP(secret, virSecretPtr, virSecretFree)
CLEANUP(stream, virStreamPtr, virStreamFree)
