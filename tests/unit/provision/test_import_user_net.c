/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain tells of the network of mode user that its NIC stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "provision/import/import_user_net.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

#define DOMAIN(type, forwards)                                                             \
    "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><devices><interface " \
    "type='" type "'><alias name='ua-net0'/></interface></devices><qemu:commandline>"      \
    "<qemu:arg value='-netdev'/><qemu:arg value='user,id=virtopo-ua-net0" forwards "'/>"   \
    "</qemu:commandline></domain>"

static void expect(const char *xml, const char *publish, const char *wanted)
{
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);
    xmlNodePtr domain = xmlDocGetRootElement(document);
    xmlNodePtr interface = xmlreader_child(xmlreader_child(domain, "devices"), "interface");
    json_t *said = json_loads(publish, 0, NULL);
    json_t *network = import_user_network(domain, interface, said);
    auto_free char *text = network ? json_dumps(network, JSON_COMPACT) : NULL;

    if (wanted)
        assert_string_equal(text, wanted);
    else
        assert_null(network);
    json_decref(network);
    json_decref(said);
}

/* What the node publishes is its own line, and a chosen port is chosen again. */
static void forwards(void **state)
{
    static const char xml[] =
        DOMAIN("user", ",hostfwd=tcp:127.0.0.1:22871-:22,hostfwd=udp::5353"
                       "-:53,hostfwd=tcp:127.0.0.1:2222-:22");

    (void)state;
    expect(xml, "[]",
           "{\"mode\":\"user\",\"forward\":[\"5353:53/udp\",\"127.0.0.1:2222:22\"]}");
    expect(xml, "[\"5353:53/udp\"]", "{\"mode\":\"user\",\"forward\":[\"127.0.0.1:2222:22\"]}");
    expect(xml, "[\"5353:53/udp\", \"127.0.0.1:2222:22\"]", "{\"mode\":\"user\"}");
    expect(DOMAIN("user", ""), "[]", "{\"mode\":\"user\"}");
}

static void others(void **state)
{
    (void)state;
    expect(DOMAIN("bridge", ",hostfwd=tcp::1-:2"), "[]", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forwards),
        cmocka_unit_test(others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
