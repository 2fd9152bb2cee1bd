/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of a domain's XML in the words of the file: where a difference is told of. */
#ifndef TEMPLATES_DOMAIN_AREA_H
#define TEMPLATES_DOMAIN_AREA_H

#include <stdbool.h>

#include <libxml/tree.h>

/* "cpus" for <cpu>, "disk data" for the device with the alias ua-disk-data, "network 2" for the
 * second NIC. The caller frees it. `number` counts from 1 among the wanted of its name. */
char *domain_area(xmlNodePtr element, size_t number);
/* `outer` with the words that an element adds to it ("driver" adds none), and an attribute
 * ("type" adds none). The caller frees them. */
char *domain_area_words(const char *outer, xmlNodePtr element);
char *domain_area_attribute(const char *words, const char *attribute);
/* True for what is compared elsewhere or not at all. */
bool domain_area_is_skipped(xmlNodePtr element, bool live);
/* True for an attribute of the element (NULL: the element itself) that must not be there unless
 * it is wanted. */
bool domain_area_is_strict(xmlNodePtr element, const char *attribute);
/* True when libvirt's value says the same as ours; `attribute` NULL: the element's text. */
bool domain_area_is_same(xmlNodePtr want, xmlNodePtr have, const char *attribute,
                         const char *ours, const char *theirs, bool live);

#endif
