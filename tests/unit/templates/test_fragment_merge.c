/* SPDX-License-Identifier: Apache-2.0 */
/* Fragments in a domain: where they go, what they change, and that this can be told. */
#include "golden.h"
#include "model.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "templates/xmlreader.h"

struct merged {
    struct model model;
    struct fragment fragment;
    xmlDocPtr document;
    xmlNodePtr domain, devices;
};

static void merge(struct merged *m, const char *text)
{
    struct error *err = NULL;

    model_init(&m->model);
    m->fragment = (struct fragment){.text = text};
    m->model.node.platform.xml = (struct list){&m->fragment, 1};
    m->document = NULL;
    expect_ok(domain_document(&m->model.domain, &m->document, &err), &err);
    m->domain = xmlDocGetRootElement(m->document);
    m->devices = xmlreader_child(m->domain, "devices");
}

static void done(struct merged *m)
{
    xmlFreeDoc(m->document);
    model_done(&m->model);
}

static size_t count(xmlNodePtr parent, const char *name)
{
    size_t found = 0;

    for (xmlNodePtr n = xmlreader_child(parent, name); n; n = xmlreader_next(n))
        found++;
    return found;
}

/* Devices find their place; only what comes from the fragment is marked. */
static void added(void **state)
{
    struct merged m;
    xmlNodePtr limit, balloon;

    (void)state;
    merge(&m, "<memtune>\n<hard_limit>5</hard_limit></memtune><memballoon model='none'/>"
              "<hostdev><a/><a/></hostdev><memory model='dimm'/>");
    limit = xmlreader_child(xmlreader_child(m.domain, "memtune"), "hard_limit");
    assert_ptr_equal(limit->_private, &m.fragment);
    assert_int_equal(xmlGetLineNo(limit), 2);
    assert_int_equal(count(m.devices, "hostdev"), 1);
    assert_int_equal(count(xmlreader_child(m.devices, "hostdev"), "a"), 2);
    assert_int_equal(count(m.devices, "memory"), 1);
    assert_int_equal(count(m.domain, "memory"), 1);
    balloon = xmlreader_child(m.devices, "memballoon");
    assert_true(xmlreader_is(balloon, "model", "none"));
    assert_ptr_equal(balloon->_private, &m.fragment);
    assert_int_equal(count(m.devices, "memballoon"), 1);
    assert_null(xmlreader_child(m.devices, "disk")->_private);
    assert_null(m.domain->_private);
    assert_null(m.devices->_private);
    done(&m);
}

/* By alias, by name; the element around what changes stays unmarked. */
static void told_apart(void **state)
{
    struct merged m;
    xmlNodePtr clock, driver;

    (void)state;
    merge(&m, "<devices><disk><alias name='ua-root'/><driver queues='2'/></disk></devices>"
              "<clock><timer name='hpet' present='yes'/><timer name='tsc'/></clock>");
    driver = xmlreader_child(xmlreader_child(m.devices, "disk"), "driver");
    assert_true(xmlreader_is(driver, "queues", "2"));
    assert_true(xmlreader_is(driver, "type", "qcow2"));
    assert_ptr_equal(driver->_private, &m.fragment);
    assert_null(driver->parent->_private);
    assert_int_equal(count(m.devices, "disk"), 4);
    clock = xmlreader_child(m.domain, "clock");
    assert_null(clock->_private);
    assert_int_equal(count(clock, "timer"), 4);
    done(&m);
}

static void words(void **state)
{
    struct merged m;
    xmlNodePtr clock;

    (void)state;
    merge(&m, "<pm virtopo:merge='remove'/><clock offset='localtime' virtopo:merge='replace'/>"
              "<devices><rng virtopo:merge='remove'/>"
              "<memballoon model='none' virtopo:merge='add'/></devices>");
    assert_null(xmlreader_child(m.domain, "pm"));
    clock = xmlreader_child(m.domain, "clock");
    assert_int_equal(count(m.domain, "clock"), 1);
    assert_null(xmlreader_child(clock, "timer"));
    assert_null(clock->properties->next); /* the word itself is gone */
    assert_int_equal(count(m.devices, "rng"), 0);
    assert_int_equal(count(m.devices, "memballoon"), 2);
    done(&m);
}

/* What else is in <metadata> leaves the tag alone; QEMU's name space is declared once. */
static void beside_the_tag(void **state)
{
    struct error *err = NULL;
    auto_free char *xml = NULL;
    struct domain_view view = {0};
    struct merged m;

    (void)state;
    merge(&m, "<metadata><n:o xmlns:n='urn:n'>kept</n:o></metadata>"
              "<qemu:commandline><qemu:arg value='-x'/></qemu:commandline>");
    m.model.node.platform.os_id = "http://debian.org/debian/12";
    expect_ok(domain_xml(&m.model.domain, &xml, &err), &err);
    assert_non_null(strstr(xml, "<n:o xmlns:n=\"urn:n\">kept</n:o>"));
    assert_non_null(strstr(xml, "<libosinfo:os id=\"http://debian.org/debian/12\"/>"));
    assert_non_null(strstr(xml, "<qemu:arg value=\"-x\"/>"));
    expect_ok(domain_view_parse(xml, &view, &err), &err);
    assert_string_equal(view.tag.name, "web-1");
    schema_check("domain", xml);
    domain_view_done(&view);
    done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(added),
        cmocka_unit_test(told_apart),
        cmocka_unit_test(words),
        cmocka_unit_test(beside_the_tag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
