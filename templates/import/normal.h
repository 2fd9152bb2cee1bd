/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A domain in a form in which two that are the same machine are the same document: without what
 * names it, without what libvirt adds or chooses by itself, defaults left out.
 */
#ifndef TEMPLATES_NORMAL_H
#define TEMPLATES_NORMAL_H

#include <libxml/tree.h>

#include "templates/import/import.h"

/* Changes the document. Take the original's first: `domain_normal` of it, then of what was
 * rendered. */
void domain_normal(xmlNodePtr domain);

/* What `original` has and `copy` has not, and the other way round, as notes; both are normal. A
 * whole element is shown as XML, else what of it differs. */
void domain_missing(xmlNodePtr original, xmlNodePtr copy, struct import_notes *missing,
                    struct import_notes *added);

#endif
