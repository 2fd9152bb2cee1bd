/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "templates/tag.h"
#include "templates/xmlreader.h"
#include "util/virt.h"

static void spec_text_is_canonical(void **state)
{
    json_t *a = json_pack("{s:i, s:{s:n, s:s}}", "b", 1, "a", "z", "y", "\xc3\xa4\x01");
    json_t *b = json_pack("{s:{s:s, s:n}, s:i}", "a", "y", "\xc3\xa4\x01", "z", "b", 1);
    auto_free char *text = tag_spec_text(a);
    auto_free char *null = tag_spec_text(NULL);
    char first[SHA256_TEXT], second[SHA256_TEXT];

    (void)state;
    assert_string_equal(text, "{\"a\":{\"y\":\"\\u00E4\\u0001\",\"z\":null},\"b\":1}");
    assert_string_equal(null, "null");
    tag_spec_hash(a, first);
    tag_spec_hash(b, second);
    assert_string_equal(first, second);
    json_object_set_new(b, "b", json_integer(2));
    tag_spec_hash(b, second);
    assert_string_not_equal(first, second);
    json_decref(a);
    json_decref(b);
}

static int read_text(const char *xml, struct tag *ret)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);

    assert_non_null(document);
    return tag_read(xmlDocGetRootElement(document), ret);
}

static void only_our_element_counts(void **state)
{
    static const char *const foreign[] = {
        "<domain/>",
        "<domain><metadata/></domain>",
        "<domain><metadata><object cluster='lab'/></metadata></domain>",
        "<domain><metadata><v:object xmlns:v='urn:other' cluster='lab'/></metadata></domain>",
        "<domain><metadata><v:other xmlns:v='" TAG_URI "' cluster='lab'/></metadata></domain>",
        "<domain><metadata><v:object xmlns:v='" TAG_URI "'>{}</v:object></metadata></domain>",
        "<domain><devices><v:object xmlns:v='" TAG_URI "' cluster='lab'/></devices></domain>",
    };
    struct tag tag;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
        assert_int_equal(read_text(foreign[i], &tag), 0);
        assert_null(tag.cluster);
        tag_done(&tag);
    }
}

static void unreadable_spec_is_still_ours(void **state)
{
    static const char *const specs[] = {"", "{", "null", "{&quot;a&quot;:1,&quot;a&quot;:2}"};
    struct tag tag;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
        auto_free char *xml =
            xasprintf("<domain><metadata><o:object xmlns:o='%s' cluster='lab' "
                      "hash='h'>%s</o:object></metadata></domain>",
                      TAG_URI, specs[i]);

        assert_int_equal(read_text(xml, &tag), 1);
        assert_string_equal(tag.cluster, "lab");
        assert_string_equal(tag.hash, "h");
        assert_null(tag.kind);
        assert_null(tag.spec);
        tag_done(&tag);
    }
}

/* As virDomainSetMetadata takes it: libvirt itself adds the name space, and reads back the
 * same tag as one that was in the definition. */
static void libvirt_takes_the_element(void **state)
{
    virConnectPtr connection = schema_connect();
    virDomainPtr domain = virDomainLookupByName(connection, "test");
    auto_free char *element = NULL, *xml = NULL;
    struct error *err = NULL;
    struct tag tag;
    struct model m;
    char hash[SHA256_TEXT];

    (void)state;
    model_init(&m);
    m.tag.extra_hostkey = xstrdup("ssh-ed25519 <&>\"");
    m.tag.clone_of = xstrdup("db");
    expect_ok(tag_element(&m.tag, &element, &err), &err);
    assert_non_null(domain);
    assert_int_equal(virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, element,
                                          TAG_PREFIX, TAG_URI, VIR_DOMAIN_AFFECT_CONFIG),
                     0);
    xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
    assert_int_equal(read_text(xml, &tag), 1);
    assert_string_equal(tag.cluster, "lab");
    assert_string_equal(tag.kind, "node");
    assert_string_equal(tag.name, "web-1");
    assert_string_equal(tag.host, "local");
    assert_string_equal(tag.owner, "ann@desk");
    assert_string_equal(tag.extra_hostkey, m.tag.extra_hostkey);
    assert_string_equal(tag.clone_of, "db");
    tag_spec_hash(m.tag.spec, hash);
    assert_string_equal(tag.hash, hash);
    assert_true(json_equal(tag.spec, m.tag.spec));
    tag_done(&tag);
    model_done(&m);
    virDomainFree(domain);
    virConnectClose(connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spec_text_is_canonical),
        cmocka_unit_test(only_our_element_counts),
        cmocka_unit_test(unreadable_spec_is_still_ours),
        cmocka_unit_test(libvirt_takes_the_element),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
