/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML through libxml2's writer, with a sticky error: calls return nothing, xml_finish tells
 * once whether all went well (it cannot but for lack of memory or text that XML cannot hold).
 */
#ifndef TEMPLATES_XMLWRITER_H
#define TEMPLATES_XMLWRITER_H

#include <libxml/xmlwriter.h>

#include "util/error.h"

struct xmlwriter {
    xmlTextWriterPtr writer;
    xmlBufferPtr buffer;
    bool failed;
    char *bad; /* what could not be written and where */
};

void xml_start(struct xmlwriter *w);
void xml_open(struct xmlwriter *w, const char *element);
void xml_close(struct xmlwriter *w);
/* NULL values are left out. */
void xml_attribute(struct xmlwriter *w, const char *name, const char *value);
void xml_attributef(struct xmlwriter *w, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Text may have several lines; attributes and xml_element's text are one line. */
void xml_text(struct xmlwriter *w, const char *text);
void xml_textf(struct xmlwriter *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* <element>text</element>; nothing when text is NULL. */
void xml_element(struct xmlwriter *w, const char *element, const char *text);
void xml_elementf(struct xmlwriter *w, const char *element, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* <element a="b" …/>, pairs until NULL: xml_empty(w, "on", "type", "x", NULL). Pairs with a
 * NULL value cannot be given; use xml_open for those. */
void xml_empty(struct xmlwriter *w, const char *element, ...) __attribute__((sentinel));
/* The document, indented by two spaces, without an XML declaration. Frees the writer. */
int xml_finish(struct xmlwriter *w, char **ret, struct error **err) MUST_CHECK;

#endif
