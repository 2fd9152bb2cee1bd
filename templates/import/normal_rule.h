/* SPDX-License-Identifier: Apache-2.0 */
/* What is of no matter when two domains are compared. */
#ifndef TEMPLATES_NORMAL_RULE_H
#define TEMPLATES_NORMAL_RULE_H

#include <stdbool.h>

#include <libxml/tree.h>

bool normal_drops_element(xmlNodePtr element);
/* For an element that has neither attributes, text, nor others inside any more. */
bool normal_drops_empty(xmlNodePtr element);
bool normal_drops_attribute(xmlNodePtr element, const char *attribute, const char *value);

#endif
