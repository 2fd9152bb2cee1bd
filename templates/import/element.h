/* SPDX-License-Identifier: Apache-2.0 */
/* Walking through the elements of a document. */
#ifndef TEMPLATES_ELEMENT_H
#define TEMPLATES_ELEMENT_H

#include <libxml/tree.h>

/* The node itself or the first of its later siblings that is an element; NULL: none. */
static inline xmlNodePtr element_of(xmlNodePtr node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

/* All child elements: each_element (parent, n) { ... } */
#define each_element(parent_, node_)                                \
    for (xmlNodePtr node_ = element_of((parent_)->children); node_; \
         node_ = element_of(node_->next))

#endif
