/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a network is, read from its XML, ours or libvirt's, as short texts that can be compared
 * and shown: its mode, addresses, MTU, DNS. What libvirt adds of its own is left out. Not here:
 * reservations, names and dynamic ranges, which change one by one.
 */
#ifndef TEMPLATES_NETWORK_SHAPE_H
#define TEMPLATES_NETWORK_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

struct network_shape_row {
    const char *what; /* "mtu": the key of the file where there is one */
    /* Its nodes cannot live through it: addresses and devices that they have are gone. Else a
     * restart of the network does it. */
    bool anew;
    /* NULL: there is none. The caller frees it. */
    char *(*read)(xmlNodePtr network);
};

extern const struct network_shape_row network_shape_rows[];
extern const size_t network_shape_row_count;

#endif
