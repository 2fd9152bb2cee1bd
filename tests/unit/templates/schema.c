/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include <string.h>

#include <libxml/relaxng.h>

#include "golden.h"
#include "templates/xmlreader.h"
#include "util/buffer.h"
#include "util/virt.h"

#define SCHEMAS "/usr/share/libvirt/schemas/"

static void remember(void *context, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void remember(void *context, const char *fmt, ...)
{
    struct buffer *messages = context;
    auto_free char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = xvasprintf(fmt, ap);
    va_end(ap);
    buffer_puts(messages, text);
}

void schema_check(const char *schema, const char *xml)
{
    auto_free char *path = xasprintf(SCHEMAS "%s.rng", schema);
    auto_buffer struct buffer messages = {0};
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);
    xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(path);
    xmlRelaxNGPtr grammar = xmlRelaxNGParse(parser);
    xmlRelaxNGValidCtxtPtr validator;
    int result;

    xmlRelaxNGFreeParserCtxt(parser);
    assert_non_null(grammar);
    assert_non_null(document);
    validator = xmlRelaxNGNewValidCtxt(grammar);
    xmlRelaxNGSetValidErrors(validator, remember, remember, &messages);
    result = xmlRelaxNGValidateDoc(validator, document);
    xmlRelaxNGFreeValidCtxt(validator);
    xmlRelaxNGFree(grammar);
    if (result)
        fail_msg("not as libvirt's schema %s has it: %s\n%s", schema, messages.data, xml);
}

virConnectPtr schema_connect(void)
{
    virConnectPtr connection;

    virt_init();
    connection = virConnectOpen("test:///default");
    assert_non_null(connection);
    return connection;
}
