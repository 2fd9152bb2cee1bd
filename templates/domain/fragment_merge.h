/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key `xml`: a node's fragments, merged into its domain. In the order of the file, each
 * element:
 *
 * - goes to <domain>, or to <devices> when it is a device;
 * - is merged into the element of its name, when there can be one such alone, as <cpu>: its
 *   attributes and its text take the place of those there, its children are merged likewise;
 * - is merged into the one that it names, where several are told apart: devices by their
 *   <alias name='ua-...'/>, features, timers and entries by `name`, pins by `vcpu` ...;
 * - else is added.
 *
 * The attribute virtopo:merge says otherwise: `replace` puts the element in the other's place,
 * `remove` takes the other away, `add` adds one more.
 */
#ifndef TEMPLATES_FRAGMENT_MERGE_H
#define TEMPLATES_FRAGMENT_MERGE_H

#include <libxml/tree.h>

#include "config/cluster.h"

/* Elements that come from a fragment, or have attributes or a text from one, get it as their
 * _private; all others have NULL there. */
void fragment_merge(xmlDocPtr domain, const struct fragment *fragment);

#endif
