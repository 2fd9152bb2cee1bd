/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdlib.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"

static void writes_indented_elements(void **state)
{
    struct error *err = NULL;
    auto_free char *xml = NULL;
    struct xmlwriter w;

    (void)state;
    xml_start(&w);
    xml_open(&w, "a");
    xml_attribute(&w, "left", NULL);
    xml_attributef(&w, "n", "%d", 7);
    xml_empty(&w, "b", "x", "1", "y", "2", NULL);
    xml_element(&w, "none", NULL);
    xml_elementf(&w, "c", "%s-%s", "p", "q");
    xml_open(&w, "d");
    xml_textf(&w, "%d\n%d", 1, 2);
    xml_close(&w);
    xml_close(&w);
    expect_ok(xml_finish(&w, &xml, &err), &err);
    assert_string_equal(
        xml, "<a n=\"7\">\n  <b x=\"1\" y=\"2\"/>\n  <c>p-q</c>\n  <d>1\n2</d>\n</a>\n");
}

static void escapes_and_reads_back(void **state)
{
    static const char nasty[] = "<a b='c'>&amp;\"]]> \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80";
    struct error *err = NULL;
    auto_free char *xml = NULL, *attribute = NULL, *text = NULL;
    auto_xml xmlDocPtr document = NULL;
    xmlNodePtr root;
    struct xmlwriter w;

    (void)state;
    xml_start(&w);
    xml_open(&w, "a");
    xml_attribute(&w, "b", nasty);
    xml_element(&w, "c", nasty);
    xml_close(&w);
    expect_ok(xml_finish(&w, &xml, &err), &err);
    document = xmlreader_parse(xml, &err);
    assert_non_null(document);
    root = xmlreader_root(document, "a", &err);
    attribute = xmlreader_attribute(root, "b");
    text = xmlreader_child_text(root, "c");
    assert_string_equal(attribute, nasty);
    assert_string_equal(text, nasty);
}

static void refuses_what_xml_cannot_hold(void **state)
{
    static const char *const bad[] = {"\x01", "a\x1b[0m",     "\x7f",        "\xff",
                                      "\xc3", "\xef\xbf\xbf", "\xed\xa0\x80"};
    struct error *err = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        for (int form = 0; form < 3; form++) {
            auto_free char *xml = NULL;
            struct xmlwriter w;

            xml_start(&w);
            xml_open(&w, "a");
            if (form == 0)
                xml_attribute(&w, "b", bad[i]);
            else if (form == 1)
                xml_text(&w, bad[i]);
            else
                xml_element(&w, "b", bad[i]);
            xml_close(&w);
            expect_error(xml_finish(&w, &xml, &err), &err, "XML cannot hold this text");
        }
    }
}

static void lines_only_in_text(void **state)
{
    struct error *err = NULL;
    auto_free char *xml = NULL;
    struct xmlwriter w;

    (void)state;
    xml_start(&w);
    xml_open(&w, "a");
    xml_attribute(&w, "name", "a\nb");
    xml_element(&w, "later", "\x01");
    expect_error(xml_finish(&w, &xml, &err), &err, "name: character U+000A at byte 2");
    xml_start(&w);
    xml_open(&w, "a");
    xml_element(&w, "name", "ab\t");
    expect_error(xml_finish(&w, &xml, &err), &err, "name: character U+0009 at byte 3");
    xml_start(&w);
    xml_open(&w, "a");
    xml_text(&w, "a\n\tb");
    expect_ok(xml_finish(&w, &xml, &err), &err);
    assert_string_equal(xml, "<a>a\n\tb</a>\n");
}

static void reader_refuses(void **state)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "<a>",
                                      "<a><b></a>",
                                      "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                                      "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"};
    auto_xml xmlDocPtr document = NULL;
    struct error *err = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        assert_null(xmlreader_parse(bad[i], &err));
        expect_error(-1, &err, "XML from libvirt");
    }
    document = xmlreader_parse("<network/>", &err);
    assert_null(xmlreader_root(document, "domain", &err));
    expect_error(-1, &err, "<network> where a <domain>");
}

static void reader_steps(void **state)
{
    static const char xml[] = "<a xmlns:p='urn:p'><b k='1'>x</b>t<c/><b k='2'/><p:b k='3'/>"
                              "<m>5</m><m unit='KiB'>2</m><m unit='GB'>3</m><m unit='b'>4</m>"
                              "<m unit='EiB'>99</m><m>-1</m></a>";
    static const uint64_t bytes[] = {5 << 20, 2 << 10, UINT64_C(3000000000), 4, 0, 0};
    struct error *err = NULL;
    auto_xml xmlDocPtr document = xmlreader_parse(xml, &err);
    xmlNodePtr root = xmlreader_root(document, "a", &err);
    xmlNodePtr b = xmlreader_child(root, "b");
    xmlNodePtr m = xmlreader_child(root, "m");

    (void)state;
    assert_true(xmlreader_is(b, "k", "1"));
    assert_true(xmlreader_is(xmlreader_next(b), "k", "2"));
    assert_true(xmlreader_is(xmlreader_child_ns(root, "urn:p", "b"), "k", "3"));
    assert_false(xmlreader_is(xmlreader_child(root, "c"), "k", ""));
    assert_null(xmlreader_child(NULL, "b"));
    assert_null(xmlreader_next(NULL));
    assert_null(xmlreader_attribute(NULL, "k"));
    assert_null(xmlreader_text(NULL));
    for (size_t i = 0; i < ARRAY_SIZE(bytes); i++, m = xmlreader_next(m))
        assert_int_equal(xmlreader_bytes(m, "MiB"), bytes[i]);
    assert_null(m);
}

static void reader_numbers(void **state)
{
    (void)state;
    assert_int_equal(xmlreader_number("42", -1), 42);
    assert_int_equal(xmlreader_number(NULL, -1), -1);
    assert_int_equal(xmlreader_number("", -1), -1);
    assert_int_equal(xmlreader_number("4x", -1), -1);
    assert_int_equal(xmlreader_number("99999999999999999999", -1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_indented_elements),
        cmocka_unit_test(escapes_and_reads_back),
        cmocka_unit_test(refuses_what_xml_cannot_hold),
        cmocka_unit_test(lines_only_in_text),
        cmocka_unit_test(reader_refuses),
        cmocka_unit_test(reader_steps),
        cmocka_unit_test(reader_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
