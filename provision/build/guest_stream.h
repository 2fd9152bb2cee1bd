/* SPDX-License-Identifier: Apache-2.0 */
/* What a throw-away guest says and how it ends, gathered from libvirt's event thread. */
#ifndef PROVISION_BUILD_GUEST_STREAM_H
#define PROVISION_BUILD_GUEST_STREAM_H

#include <pthread.h>

#include "util/buffer.h"
#include "util/virt.h"

struct guest_events;

struct guest_stream {
    struct guest_events *events;
    virStreamPtr stream; /* NULL: not open */
    struct buffer data;  /* what came and was not taken yet */
    bool paused, ended;
};

/* Shared with the event thread: each callback that is registered holds a reference. */
struct guest_events {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned references;
    struct guest_stream console, channel;
    int lifecycle, reboot, close; /* callback ids, or -1 */
    bool rebooted;                /* since that was told last */
    bool stopped, stop_told, panicked, lost;
    int detail; /* virDomainEventStoppedDetailType */
};

struct guest_events *guest_events_new(void);
/* Watches for the end of the connection and of the domain. */
int guest_events_watch(struct guest_events *e, virConnectPtr connection, virDomainPtr domain,
                       struct error **err) MUST_CHECK;
/* Reads a console (`channel` false) or the channel. */
int guest_events_read(struct guest_events *e, virConnectPtr connection, virDomainPtr domain,
                      bool channel, struct error **err) MUST_CHECK;
/* Waits for anything to happen, at most `ms`, and takes what was said. */
struct guest_news {
    struct buffer console, channel;
    bool stopped, panicked, lost, rebooted;
    bool silent; /* nothing more will be said */
    int detail;
};
void guest_events_wait(struct guest_events *e, unsigned ms, struct guest_news *ret);
/* Takes back all callbacks and streams; the connection may be closed after. */
void guest_events_free(struct guest_events *e, virConnectPtr connection);

#endif
