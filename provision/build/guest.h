/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A throw-away guest: booted once on a host to make an image in. It ends with our connection,
 * so also when this process is killed; then its definition is left, for the next build of the
 * same image to remove, as its disks are, volumes of a workshop (workshop.h). Its end is an
 * event, not polled for; its console and its channel come as they are written, over libvirt's
 * streams, from any host.
 */
#ifndef PROVISION_BUILD_GUEST_H
#define PROVISION_BUILD_GUEST_H

#include "engine/resource.h"
#include "host/site.h"
#include "templates/build_guest_xml.h"

struct build_guest {
    const char *image;  /* its name in the file, for people */
    const char *recipe; /* 64 hex digits */
    const char *owner;  /* "ann@desk", or NULL */
    const struct build_medium *media;
    size_t media_count;
    const char *kernel, *initrd, *cmdline; /* paths on the host, or NULL */
    const char *nvram;                     /* path on the host: UEFI; NULL: BIOS */
    long long cpus;
    uint64_t memory;
    bool network, channel, end_on_reboot;
    bool keep; /* one that does not power itself off is left running */
};

/* Called in the thread of build_guest_run. What they return but 0 ends the guest
 * (BUILD_STOPPED). Any may be NULL. What comes is from the guest: not text, not to be trusted.
 */
struct build_watch {
    int (*console)(void *context, const char *data, size_t length);
    int (*channel)(void *context, const char *data, size_t length);
    /* About once a second. */
    int (*pulse)(void *context, virDomainPtr domain, uint64_t elapsed_ms);
    int (*rebooted)(void *context);
    void *context;
};

enum build_end {
    BUILD_POWERED_OFF, /* or rebooted, with end_on_reboot */
    BUILD_PANICKED,
    BUILD_DESTROYED, /* by somebody else */
    BUILD_CRASHED,   /* the emulator */
    BUILD_TIMED_OUT,
    BUILD_STOPPED, /* by the watch */
};

/* Runs it until its end or for `timeout_ms`. Ctrl-C is ERROR_CANCELLED; a libvirtd that goes
 * away is an error. The guest is gone afterwards, unless kept. */
int build_guest_run(struct site_host *host, const struct build_guest *guest,
                    const struct build_watch *watch, uint64_t timeout_ms, struct task *task,
                    enum build_end *ret, struct error **err) MUST_CHECK;
/* "virtopo-build-<12 hex>"; the caller frees it. */
char *build_guest_name(const char *recipe);
/* Ends and removes the guest of a recipe, where there is one: kept, or left by a build that was
 * killed. A domain of that name that is not ours is ERROR_CONFLICT. */
int build_guest_remove(virConnectPtr connection, const char *recipe,
                       struct error **err) MUST_CHECK;

#endif
