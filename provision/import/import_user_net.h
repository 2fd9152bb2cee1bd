/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of mode user have no object of their own: what the file said of one is in the domain
 * of the node on it. */
#ifndef PROVISION_IMPORT_USER_NET_H
#define PROVISION_IMPORT_USER_NET_H

#include <jansson.h>
#include <libxml/tree.h>

/* The network that the interface stands for, or NULL where that is no NIC of type user: its
 * `forward` is what neither the node publishes nor virtopo chose by itself. New reference. */
json_t *import_user_network(xmlNodePtr domain, xmlNodePtr interface, const json_t *publish);

#endif
