/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/xmlwriter.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/chvalid.h>
#include <libxml/xmlstring.h>

#define XML(text) ((const xmlChar *)(text))

static void fail(struct xmlwriter *w, char *why)
{
    if (w->bad || w->failed)
        free(why);
    else
        w->bad = why;
    w->failed = true;
}

static void check(struct xmlwriter *w, int result)
{
    if (result < 0)
        w->failed = true;
}

/* libxml2's writer passes on whatever bytes it is given; a document that no parser takes
 * would only be found out by libvirt. `lines`: newlines and tabs are part of the text. */
static bool can_write(struct xmlwriter *w, const char *where, const char *text, bool lines)
{
    size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        int size = length - at < 4 ? (int)(length - at) : 4;
        int c = xmlGetUTF8Char(XML(text + at), &size);

        if (c < 0) {
            fail(w, xasprintf("%s: byte %zu is not UTF-8", where, at + 1));
            return false;
        }
        if (!xmlIsCharQ(c) || c == 0x7f || (c < 0x20 && !lines)) {
            fail(w, xasprintf("%s: character U+%04X at byte %zu", where, (unsigned)c, at + 1));
            return false;
        }
        at += (size_t)size;
    }
    return true;
}

void xml_start(struct xmlwriter *w)
{
    *w = (struct xmlwriter){.buffer = xmlBufferCreate()};
    if (w->buffer)
        w->writer = xmlNewTextWriterMemory(w->buffer, 0);
    if (!w->writer) {
        w->failed = true;
        return;
    }
    check(w, xmlTextWriterSetIndent(w->writer, 1));
    check(w, xmlTextWriterSetIndentString(w->writer, XML("  ")));
}

void xml_open(struct xmlwriter *w, const char *element)
{
    if (!w->failed)
        check(w, xmlTextWriterStartElement(w->writer, XML(element)));
}

void xml_close(struct xmlwriter *w)
{
    if (!w->failed)
        check(w, xmlTextWriterEndElement(w->writer));
}

void xml_attribute(struct xmlwriter *w, const char *name, const char *value)
{
    if (!w->failed && value && can_write(w, name, value, false))
        check(w, xmlTextWriterWriteAttribute(w->writer, XML(name), XML(value)));
}

void xml_attributef(struct xmlwriter *w, const char *name, const char *fmt, ...)
{
    auto_free char *value = NULL;
    va_list ap;

    va_start(ap, fmt);
    value = xvasprintf(fmt, ap);
    va_end(ap);
    xml_attribute(w, name, value);
}

void xml_text(struct xmlwriter *w, const char *text)
{
    if (!w->failed && can_write(w, "text", text, true))
        check(w, xmlTextWriterWriteString(w->writer, XML(text)));
}

void xml_textf(struct xmlwriter *w, const char *fmt, ...)
{
    auto_free char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    xml_text(w, text);
}

void xml_element(struct xmlwriter *w, const char *element, const char *text)
{
    if (!text)
        return;
    if (!w->failed && can_write(w, element, text, false))
        check(w, xmlTextWriterWriteElement(w->writer, XML(element), XML(text)));
}

void xml_elementf(struct xmlwriter *w, const char *element, const char *fmt, ...)
{
    auto_free char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    xml_element(w, element, text);
}

void xml_empty(struct xmlwriter *w, const char *element, ...)
{
    const char *name;
    va_list ap;

    xml_open(w, element);
    va_start(ap, element);
    while ((name = va_arg(ap, const char *)))
        xml_attribute(w, name, va_arg(ap, const char *));
    va_end(ap);
    xml_close(w);
}

int xml_finish(struct xmlwriter *w, char **ret, struct error **err)
{
    int result = 0;

    if (!w->failed)
        check(w, xmlTextWriterEndDocument(w->writer));
    if (w->writer)
        xmlFreeTextWriter(w->writer);
    if (w->bad)
        result = error_set(err, ERROR_FAILED, "XML cannot hold this text: %s", w->bad);
    else if (w->failed)
        result = error_set(err, ERROR_FAILED, "cannot write XML");
    else
        *ret = xstrdup((const char *)xmlBufferContent(w->buffer));
    if (w->buffer)
        xmlBufferFree(w->buffer);
    free(w->bad);
    *w = (struct xmlwriter){0};
    return result;
}
