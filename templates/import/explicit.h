/* SPDX-License-Identifier: Apache-2.0 */
/* What libvirt takes where a domain's XML says nothing, said: as `virsh dumpxml` would have it,
 * had the XML been defined. */
#ifndef TEMPLATES_EXPLICIT_H
#define TEMPLATES_EXPLICIT_H

#include <libxml/tree.h>

void explicit_domain(xmlNodePtr domain);

#endif
