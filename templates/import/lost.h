/* SPDX-License-Identifier: Apache-2.0 */
/* What of a domain no key of the file says, as fragments for the key `xml`. */
#ifndef TEMPLATES_LOST_H
#define TEMPLATES_LOST_H

#include <jansson.h>
#include <libxml/tree.h>

#include "util/error.h"

/* Lets the elements of a document know the same ones of its copy (as their psvi), so that what
 * domain_normal leaves out is there still. The copy must outlive what is done with them. */
void lost_twins(xmlNodePtr element, xmlNodePtr twin);

/* For a domain that has twins and is normal, after domain_missing with such a copy: what that
 * lacks, a text for each element. What belongs to keys of which something was refused (an
 * object with their names) stays away: it would come back past the check. New reference. */
json_t *lost_fragments(xmlNodePtr original, xmlNodePtr copy, const json_t *refused);

#endif
