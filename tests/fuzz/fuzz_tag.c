/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: templates config util */
/* A tag that can be read is written so that it reads back the same, whatever its texts are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "templates/tag.h"
#include "templates/xmlreader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static int same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Names and owners have no control characters; only a forged tag does, and is not written. */
static int is_writable(const char *text)
{
    for (; text && *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return 0;
    }
    return 1;
}

static char *write_tag(const struct tag *tag)
{
    struct xmlwriter w;
    char *xml = NULL;

    xml_start(&w);
    xml_open(&w, "domain");
    xml_open(&w, "metadata");
    tag_write(&w, tag);
    xml_close(&w);
    xml_close(&w);
    check(xml_finish(&w, &xml, NULL) == 0);
    return xml;
}

static void check_again(const struct tag *tag)
{
    char *xml = write_tag(tag);
    xmlDocPtr document = xmlreader_parse(xml, NULL);
    char hash[SHA256_TEXT];
    struct tag again;

    check(document != NULL);
    check(tag_read(xmlDocGetRootElement(document), &again) == 1);
    check(same(tag->cluster, again.cluster) && same(tag->kind, again.kind) &&
          same(tag->name, again.name) && same(tag->host, again.host) &&
          same(tag->owner, again.owner) && same(tag->extra_hostkey, again.extra_hostkey));
    check(!tag->spec || json_equal(tag->spec, again.spec));
    if (tag->spec) {
        tag_spec_hash(tag->spec, hash);
        check(same(again.hash, hash));
    }
    tag_done(&again);
    xmlFreeDoc(document);
    free(xml);
}

/* The bytes are an element of <metadata>; where they are none, the text of a spec. */
static char *wrap(const uint8_t *data, size_t size)
{
    if (size && data[0] == '<')
        return xasprintf("<domain><metadata>%.*s</metadata></domain>", (int)size,
                         (const char *)data);
    return xasprintf("<domain><metadata><v:object xmlns:v='" TAG_URI "' cluster='lab' "
                     "kind='node' name='web' host='local'><![CDATA[%.*s]]></v:object>"
                     "</metadata></domain>",
                     (int)size, (const char *)data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *xml = wrap(data, size < 65536 ? size : 65536);
    xmlDocPtr document = xmlreader_parse(xml, NULL);
    struct tag tag = {0};

    if (document && tag_read(xmlDocGetRootElement(document), &tag)) {
        check(tag.cluster != NULL);
        if (is_writable(tag.cluster) && is_writable(tag.kind) && is_writable(tag.name) &&
            is_writable(tag.host) && is_writable(tag.owner) && is_writable(tag.extra_hostkey))
            check_again(&tag);
        tag_done(&tag);
    }
    xmlFreeDoc(document);
    free(xml);
    return 0;
}
