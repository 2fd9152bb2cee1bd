/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key `xml` of a node: pieces of libvirt's XML, merged into the domain after all keys
 * (templates/domain/fragment_merge.h has the rules). Each is well-formed, and made of elements
 * that stand in a domain or among its devices.
 */
#ifndef CONFIG_FRAGMENT_H
#define CONFIG_FRAGMENT_H

#include <libxml/tree.h>

#include "config/schema/schema.h"

/* Of the attribute `virtopo:merge`, which says replace, remove or add. */
#define FRAGMENT_NAMESPACE "https://virtopo.dev/xmlns/xml/1"
#define FRAGMENT_QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"

struct fragment {
    const char *text;
    const struct document_node *source;
};

/* For the row: a text or a list of them, to a list of struct fragment; its digest. */
void fragment_parse(struct binder *b, const struct document_node *node, void *target);
json_t *fragment_dump(const void *target);

/* The fragment's elements, below a root <domain>, with its lines; NULL when it is not XML. The
 * caller frees it. */
xmlDocPtr fragment_document(const struct fragment *fragment);
/* What libxml2 had against it, where in the text, counted from 1. */
struct fragment_fault {
    int line, column;
    char *message; /* NULL: nothing; the caller frees it */
};
void fragment_read(const struct fragment *fragment, struct fragment_fault *ret);
/* Where a place of the text stands in the file: in a literal block ('|') exactly, in others
 * where the text starts. Column 0: the line's first character. */
struct position fragment_position(const struct diagnostics *d, const struct fragment *fragment,
                                  int line, int column);
/* Where an element with a line of the fragment's has its start tag. */
struct position fragment_element_position(const struct diagnostics *d,
                                          const struct fragment *fragment, xmlNodePtr element);
/* True for an element that belongs in <devices>. */
bool fragment_is_device(xmlNodePtr element);
/* Children of <domain> and of its <devices>, NULL-terminated. */
extern const char *const fragment_domain_elements[], *const fragment_device_elements[];

#endif
