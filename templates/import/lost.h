/* SPDX-License-Identifier: Apache-2.0 */
/* What of a domain no key of the file says, as fragments for the key `xml`. */
#ifndef TEMPLATES_LOST_H
#define TEMPLATES_LOST_H

#include <libxml/tree.h>

#include "util/error.h"

/* Lets the elements of a document know the same ones of its copy (as their psvi), so that what
 * domain_normal leaves out is there still. The copy must outlive what is done with them. */
void lost_twins(xmlNodePtr element, xmlNodePtr twin);

/* For two domains that have twins and are normal, after domain_missing: what the copy lacks.
 * "" for nothing; the caller frees it. */
char *lost_fragment(xmlNodePtr original, xmlNodePtr copy);

#endif
