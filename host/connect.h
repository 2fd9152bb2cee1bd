/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a connection to libvirt, with a bound: a daemon that is stopped or hung accepts a
 * connection and then says nothing for ever. */
#ifndef HOST_CONNECT_H
#define HOST_CONNECT_H

#include "util/virt.h"

/* With keepalive, so that a daemon that stops answering later is noticed within seconds. The
 * error has a hint for the usual causes: no daemon, no permission, an unknown host key. */
int connect_open(const char *host_name, const char *uri, virConnectPtr *ret,
                 struct error **err) MUST_CHECK;

#endif
