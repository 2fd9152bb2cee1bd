/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The domain that virtopo would write against one that libvirt has: what of it is not there, or
 * is otherwise. libvirt adds much of its own (addresses, controllers, defaults) that is of no
 * matter; so only what virtopo wrote is looked for, but for the keys that change what a guest
 * is by being there at all (a disk's `readonly`, a NIC's `link`): those must not be there
 * unless they are wanted.
 *
 * Devices are known by their user alias ("ua-disk-data"), NICs by their MAC. Not compared, for
 * others know better: what identifies the domain, its metadata and description, the numbers of
 * CPUs and of bytes of memory, the seed, whether a disk or NIC is there at all, and PCI
 * controllers. Nor what comes from an `xml:` fragment (nodes whose _private is set): libvirt
 * may write it in other words.
 */
#ifndef TEMPLATES_DOMAIN_COMPARE_H
#define TEMPLATES_DOMAIN_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

struct domain_difference {
    char *area; /* "cpus", "disk data", "network 1", "clock" */
    char *what; /* "cpus topology cores"; starts with the area */
    char *have; /* NULL: it is not there */
    char *want; /* NULL: it should not be there */
};

struct domain_differences {
    struct domain_difference *items;
    size_t count;
};

/* `live`: `have` is a running domain, in which libvirt has filled in choices (CPU model,
 * ports). Both documents are only read. */
void domain_compare(xmlDocPtr want, xmlDocPtr have, bool live, struct domain_differences *ret);
void domain_differences_done(struct domain_differences *differences);
#define auto_differences __attribute__((cleanup(domain_differences_done)))

#endif
