/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/tag.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"
#include "util/buffer.h"

char *tag_spec_text(const json_t *spec)
{
    /* ASCII only: JSON may hold characters that XML cannot */
    const size_t flags = JSON_SORT_KEYS | JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY;
    char *text = json_dumps(spec, flags);
    struct buffer out = {0};

    /* jansson takes DEL for printable, XML does not */
    for (const char *at = text ? text : "null"; *at; at++) {
        if (*at == 0x7f)
            buffer_puts(&out, "\\u007f");
        else
            buffer_append(&out, at, 1);
    }
    free(text);
    return buffer_take(&out);
}

void tag_spec_hash(const json_t *spec, char out[SHA256_TEXT])
{
    auto_free char *text = tag_spec_text(spec);

    sha256_text(text, strlen(text), out);
}

static void write_content(struct xmlwriter *w, const struct tag *tag)
{
    auto_free char *text = tag_spec_text(tag->spec);
    char hash[SHA256_TEXT];

    tag_spec_hash(tag->spec, hash);
    xml_attribute(w, "cluster", tag->cluster);
    xml_attribute(w, "kind", tag->kind);
    xml_attribute(w, "name", tag->name);
    xml_attribute(w, "host", tag->host);
    xml_attribute(w, "owner", tag->owner);
    xml_attribute(w, "hash", hash);
    xml_attribute(w, "hostkey", tag->extra_hostkey);
    xml_attribute(w, "clone-of", tag->clone_of);
    xml_text(w, text);
}

void tag_write(struct xmlwriter *w, const struct tag *tag)
{
    xml_open(w, TAG_PREFIX ":object");
    xml_attribute(w, "xmlns:" TAG_PREFIX, TAG_URI);
    write_content(w, tag);
    xml_close(w);
}

int tag_element(const struct tag *tag, char **ret, struct error **err)
{
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "object");
    write_content(&w, tag);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

int tag_read(xmlNodePtr root, struct tag *ret)
{
    xmlNodePtr element =
        xmlreader_child_ns(xmlreader_child(root, "metadata"), TAG_URI, "object");
    auto_free char *text = NULL;

    *ret = (struct tag){0};
    if (!element || !(ret->cluster = xmlreader_attribute(element, "cluster")))
        return 0;
    ret->kind = xmlreader_attribute(element, "kind");
    ret->name = xmlreader_attribute(element, "name");
    ret->host = xmlreader_attribute(element, "host");
    ret->owner = xmlreader_attribute(element, "owner");
    ret->hash = xmlreader_attribute(element, "hash");
    ret->extra_hostkey = xmlreader_attribute(element, "hostkey");
    ret->clone_of = xmlreader_attribute(element, "clone-of");
    text = xmlreader_text(element);
    ret->spec = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    return 1;
}

void tag_done(struct tag *tag)
{
    free(tag->cluster);
    free(tag->kind);
    free(tag->name);
    free(tag->host);
    free(tag->owner);
    free(tag->hash);
    free(tag->extra_hostkey);
    free(tag->clone_of);
    json_decref(tag->spec);
    *tag = (struct tag){0};
}
