/* SPDX-License-Identifier: Apache-2.0 */
/* Who is on a network that is about to go: libvirt takes a network from under running foreign
 * domains without a word. */
#ifndef NETWORK_USERS_H
#define NETWORK_USERS_H

#include "host/site.h"

/* Fails with ERROR_CONFLICT, naming them, when domains that are not the cluster's have a NIC on
 * the libvirt network, or when its bridge has ports that are no domain's. */
int users_refuse_foreign(struct site_host *host, const struct survey_network *network,
                         struct error **err) MUST_CHECK;

#endif
