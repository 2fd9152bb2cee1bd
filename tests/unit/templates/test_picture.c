/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "templates/picture/picture.h"
#include "templates/picture/svg_layout.h"

static void add_network(struct picture *p, const char *name, const char *json)
{
    json_t *spec = json_loads(json, 0, NULL);

    assert_non_null(spec);
    picture_network(p, name, spec);
    json_decref(spec);
}

static struct picture_node *add_node(struct picture *p, const char *name, const char *host,
                                     const char *json)
{
    json_t *spec = json_loads(json, 0, NULL);
    struct picture_node *node;

    assert_non_null(spec);
    node = picture_node(p, name, NULL, host, spec);
    json_decref(spec);
    return node;
}

static void assert_text(char *got, const char *wanted)
{
    assert_string_equal(got, wanted);
    free(got);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void test_specs(void **state)
{
    auto_picture struct picture p;
    const struct picture_node *node;

    (void)state;
    picture_init(&p, "lab");
    add_network(
        &p, "prod",
        "{\"mode\": \"bridge\", \"bridge\": \"br-prod\", \"uplink\": \"eth1\", \"vlan\": 30,"
        " \"subnet\": \"0.0.0.0/0\"}");
    add_network(&p, "lan",
                "{\"mode\": \"nat\", \"subnet\": \"10.1.0.0/24\", \"gateway\": "
                "\"10.1.0.1\", \"subnet6\": \"fd00::/64\"}");
    node = add_node(
        &p, "web-12", "h",
        "{\"cpus\": {\"count\": 3}, \"memory\": {\"size\": \"2G\"}, \"image\": \"i\","
        " \"networks\": [{\"network\": \"lan\", \"ip\": \"10.1.0.2\", \"ip6\": "
        "\"fd00::2\"}, {\"network\": \"other\", \"ip\": \"dhcp\", \"link\": \"down\"}]}");
    assert_text(picture_network_detail(&p, &p.networks[0]),
                "bridge · br-prod · uplink eth1 · VLAN 30");
    assert_false(p.networks[0].foreign);
    assert_null(p.networks[0].subnet);
    assert_string_equal(p.networks[1].subnet6, "fd00::/64");
    assert_string_equal(p.networks[1].gateway, "10.1.0.1");
    assert_string_equal(p.networks[2].mode, "foreign");
    assert_string_equal(node->group, "web");
    assert_text(picture_node_detail(&p, node), "i · 3 vCPU · 2 GiB");
    assert_string_equal(node->links[0].ip6, "fd00::2");
    assert_string_equal(node->links[1].ip, "DHCP");
    assert_true(node->links[1].down);
}

/* A later spec is that of the network that was only named. */
static void test_network_late(void **state)
{
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    add_node(&p, "a", "h", "{\"networks\": [{\"network\": \"lan\"}]}");
    add_network(&p, "lan", "{\"mode\": \"ovs\"}");
    assert_int_equal(p.network_count, 1);
    assert_string_equal(p.networks[0].mode, "ovs");
    assert_true(p.networks[0].foreign);
}

static void test_groups(void **state)
{
    static const struct {
        const char *name, *group;
    } cases[] = {{"web-1", "web"}, {"web", "web"},   {"web-", "web-"},
                 {"-1", "-1"},     {"web1", "web1"}, {"a-b-22", "a-b"}};
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        assert_string_equal(add_node(&p, cases[i].name, "h", "{}")->group, cases[i].group);
}

/* web-1 … web-N on "lan" from 10.0.0.1 on. */
static void add_group(struct picture *p, const char *group, int count, int first)
{
    for (int i = 0; i < count; i++) {
        auto_free char *name = xasprintf("%s-%d", group, i + 1);
        auto_free char *spec =
            xasprintf("{\"networks\": [{\"network\": \"lan\", \"ip\": \"10.0.0.%d\", \"ip6\": "
                      "\"fd00::%x\"}]}",
                      first + i, first + i);

        add_node(p, name, "h", spec);
    }
}

static void test_fold(void **state)
{
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    add_group(&p, "web", 20, 1);
    add_group(&p, "db", 3, 100);
    add_group(&p, "x", 2, 200);
    picture_fold(&p);
    assert_int_equal(p.node_count, 6);
    assert_int_equal(picture_size(&p), 25);
    assert_text(picture_node_label(&p.nodes[0]), "web ×20");
    assert_string_equal(p.nodes[0].links[0].ip, "10.0.0.1–20");
    assert_string_equal(p.nodes[0].links[0].ip6, "fd00::1–14");
    assert_text(picture_node_label(&p.nodes[1]), "db-1");
}

static void test_fold_small(void **state)
{
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    add_group(&p, "web", PICTURE_FOLD_NODES, 1);
    picture_fold(&p);
    assert_int_equal(p.node_count, PICTURE_FOLD_NODES);
}

/* What differs in more than addresses stays by itself, and what is left is folded. */
static void test_fold_different(void **state)
{
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    add_group(&p, "web", 30, 1);
    p.nodes[10].links[0].fault = "delay 50 ms";
    p.nodes[20].state = PICTURE_STOPPED;
    picture_fold(&p);
    assert_int_equal(p.node_count, 5);
    assert_int_equal(p.nodes[0].alike, 10);
    assert_string_equal(p.nodes[1].name, "web-11");
    assert_int_equal(p.nodes[2].alike, 9);
    assert_string_equal(p.nodes[3].name, "web-21");
    assert_int_equal(p.nodes[4].alike, 9);
}

/* Addresses that do not follow each other are no range. */
static void test_fold_gap(void **state)
{
    auto_picture struct picture p;

    (void)state;
    picture_init(&p, "lab");
    add_group(&p, "web", 25, 1);
    p.nodes[24].links[0].ip = "10.0.0.99";
    picture_fold(&p);
    assert_int_equal(p.node_count, 1);
    assert_string_equal(p.nodes[0].links[0].ip, "10.0.0.1 …");
}

static void make_live(struct picture *p)
{
    picture_init(p, "a \"b\" <c> \\d;#`");
    p->live = true;
    picture_host(p, "alpha");
    picture_host(p, "beta");
    add_network(p, "lan", "{\"mode\": \"nat\", \"subnet\": \"10.0.0.0/24\"}");
    p->networks[0].state = PICTURE_RUNNING;
    add_node(p, "b", "beta", "{}")->state = PICTURE_KILLED;
    add_node(p, "a", "alpha",
             "{\"image\": \"<&\\\"\\\\\", \"networks\": [{\"network\": \"lan\", \"ip\": "
             "\"10.0.0.2\", \"ip6\": \"fd00::2\"}]}")
        ->state = PICTURE_RUNNING;
    p->nodes[1].links[0].fault = "delay 50 ms, loss 5 %";
    p->nodes[1].fault = "cut off from b";
    picture_sort(p);
}

static void test_text(void **state)
{
    auto_picture struct picture p;

    (void)state;
    make_live(&p);
    assert_text(picture_text(&p), "a \"b\" <c> \\d;#`\n"
                                  "  network lan: nat, 10.0.0.0/24\n"
                                  "    a  10.0.0.2  fd00::2  [delay 50 ms, loss 5 %]\n"
                                  "  host alpha\n"
                                  "    a  cut off from b · <&\"\\\n"
                                  "  host beta\n"
                                  "    b  killed\n");
}

static void test_escapes(void **state)
{
    auto_picture struct picture p;
    auto_free char *dot = NULL, *mermaid = NULL;

    (void)state;
    make_live(&p);
    dot = picture_dot(&p);
    assert_has(dot, "graph \"a \\\"b\\\" <c> \\\\d;#`\" {");
    assert_has(dot, "[label=\"a\\ncut off from b · <&\\\"\\\\\", color=\"#2da44e\"]");
    mermaid = picture_mermaid(&p);
    assert_has(mermaid, "node0[\"a<br>cut off from b · #60;#38;#34;#92;\"]:::running");
    assert_has(mermaid, "node0 -.-|\"10.0.0.2<br>fd00::2<br>delay 50 ms, loss 5 %\"| net0");
}

/* It is XML, the same each time, and everything is inside of it. */
static void test_svg(void **state)
{
    auto_picture struct picture p;
    auto_free char *svg = NULL, *again = NULL;
    auto_error struct error *err = NULL;
    xmlDocPtr doc;

    (void)state;
    make_live(&p);
    assert_int_equal(picture_svg(&p, &svg, &err), 0);
    assert_int_equal(picture_svg(&p, &again, &err), 0);
    assert_string_equal(svg, again);
    doc = xmlReadMemory(svg, (int)strlen(svg), "svg", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    assert_has(svg, ">fd00::2</text>");
    assert_has(svg, ">delay 50 ms, loss 5 %</text>");
    assert_has(svg, "class=\"killed\"");
}

static bool overlap(struct svg_box a, struct svg_box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

/* Boxes do not meet each other, headers, or the edges; the lines of both sides do not meet. */
static void check_layout(struct picture *p)
{
    struct svg_layout l;

    svg_layout(p, &l);
    for (size_t i = 0; i < p->node_count; i++) {
        struct svg_box box = l.nodes[i].box;

        assert_true(box.x > 0 && box.x + box.width < l.width);
        assert_true(box.y > 0 && box.y + box.height < l.height);
        for (size_t j = 0; j < i; j++)
            assert_false(overlap(box, l.nodes[j].box));
        for (size_t n = 0; n < p->network_count; n++) {
            assert_false(overlap(box, l.rails[n].header));
            assert_true(l.nodes[i].right ? l.rails[n].x < box.x
                                         : l.rails[n].x > box.x + box.width);
        }
        for (size_t n = 0; n < p->nodes[i].link_count; n++) {
            int y = l.nodes[i].lines[n];

            assert_true(y > box.y && y < box.y + box.height);
            for (size_t j = 0; j < i; j++)
                for (size_t m = 0; m < p->nodes[j].link_count; m++)
                    assert_int_not_equal(y, l.nodes[j].lines[m]);
        }
    }
}

static void test_layout(void **state)
{
    (void)state;
    for (int count = 0; count < 70; count += 7) {
        auto_picture struct picture p;

        picture_init(&p, "lab");
        add_network(&p, "lan", "{\"mode\": \"nat\"}");
        add_network(&p, "san", "{\"mode\": \"isolated\"}");
        for (int i = 0; i < count; i++) {
            auto_free char *name = xasprintf("n-%d", i);
            static const char *const specs[] = {
                "{}",
                "{\"networks\": [{\"network\": \"lan\", \"ip\": \"10.0.0.1\"}]}",
                "{\"networks\": [{\"network\": \"lan\"}, {\"network\": \"san\"}]}",
                "{\"networks\": [{\"network\": \"lan\"}, {\"network\": \"san\"}, {}]}",
            };

            add_node(&p, name, i % 3 ? "alpha" : "beta", specs[i % 4]);
        }
        picture_sort(&p);
        check_layout(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specs),      cmocka_unit_test(test_network_late),
        cmocka_unit_test(test_groups),     cmocka_unit_test(test_fold),
        cmocka_unit_test(test_fold_small), cmocka_unit_test(test_fold_different),
        cmocka_unit_test(test_fold_gap),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_escapes),    cmocka_unit_test(test_svg),
        cmocka_unit_test(test_layout),
    };

    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
