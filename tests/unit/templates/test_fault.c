/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "templates/fault/fault.h"
#include "templates/fault/fault_script.h"
#include "templates/xmlreader.h"

static char lan[] = "lan", san[] = "san", since[] = "2026-01-31T12:00:00Z";

static void read_text(const char *element, struct faults *ret)
{
    auto_free char *xml =
        xasprintf("<domain><metadata><v:faults xmlns:v='" FAULT_URI "'>%s</v:faults></metadata>"
                  "</domain>",
                  element);
    auto_xml xmlDocPtr document = xmlreader_parse(xml, NULL);

    assert_non_null(document);
    faults_read(xmlDocGetRootElement(document), ret);
}

static void test_marks(void **state)
{
    const struct netem netem = {FAULT_OUT, 50, 5, 2500, 1 << 20};
    const struct fault all[] = {
        {.kind = FAULT_LINK_DOWN, .network = lan, .since = since},
        {.kind = FAULT_NETEM, .network = san, .netem = netem, .since = since},
        {.kind = FAULT_PARTITION, .side = 2},
        {.kind = FAULT_KILLED, .since = since},
    };
    auto_faults struct faults faults = {0}, again = {0};
    auto_free char *element = NULL;
    char *inner;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(all); i++)
        faults_set(&faults, &all[i]);
    assert_int_equal(faults_element(&faults, &element, NULL), 0);
    assert_ptr_equal(strstr(element, "<faults>"), element);
    *strstr(element, "</faults>") = '\0';
    inner = element + strlen("<faults>");
    /* libvirt puts its own prefix before each of them. */
    read_text("<v:link-down network='lan' since='2026-01-31T12:00:00Z'/>"
              "<v:netem network='san' direction='out' delay='50' jitter='5' loss='2500' "
              "rate='1048576'/><v:partition side='2'/><v:killed/><v:unknown/>",
              &again);
    assert_true(faults_equal(&faults, &again));
    assert_string_equal(again.items[0].since, since);
    faults_done(&again);
    read_text(inner, &again);
    assert_true(faults_equal(&faults, &again));
}

static void test_empty(void **state)
{
    auto_faults struct faults faults = {0};
    auto_xml xmlDocPtr document = xmlreader_parse("<domain><metadata/></domain>", NULL);

    (void)state;
    faults_read(xmlDocGetRootElement(document), &faults);
    assert_false(faults.marked);
    read_text("", &faults);
    assert_true(faults.marked);
    assert_int_equal(faults.count, 0);
}

/* One of a kind on a network; others stay. */
static void test_set(void **state)
{
    struct fault fault = {.kind = FAULT_NETEM, .network = lan, .netem = {.loss = 1}};
    auto_faults struct faults faults = {0}, copy = {0};

    (void)state;
    faults_set(&faults, &fault);
    fault.network = san;
    faults_set(&faults, &fault);
    fault.netem.loss = 2;
    faults_set(&faults, &fault);
    assert_int_equal(faults.count, 2);
    assert_int_equal(faults_find(&faults, FAULT_NETEM, "san")->netem.loss, 2);
    faults_copy(&faults, &copy);
    assert_true(faults_equal(&faults, &copy));
    faults_remove(&copy, FAULT_NETEM, "lan");
    assert_int_equal(copy.count, 1);
    assert_false(faults_equal(&faults, &copy));
    faults_remove(&copy, FAULT_NETEM, NULL);
    assert_int_equal(copy.count, 0);
    assert_null(faults_find(&copy, FAULT_NETEM, NULL));
}

static void test_texts(void **state)
{
    static const struct {
        struct netem netem;
        const char *text;
    } cases[] = {
        {{FAULT_BOTH, 50, 0, 0, 0}, "delay 50 ms"},
        {{FAULT_IN, 1500, 100, 0, 0}, "delay 1.5 s ± 100 ms, in"},
        {{FAULT_OUT, 0, 0, 50000, 1 << 20}, "loss 5 %, rate 1 MiB/s, out"},
        {{FAULT_BOTH, 0, 0, 2500, 0}, "loss 0.25 %"},
        {{FAULT_BOTH, 0, 0, 1, 0}, "loss 0.0001 %"},
        {{FAULT_BOTH, 0, 0, 1000000, 0}, "loss 100 %"},
    };
    const struct fault link = {.kind = FAULT_LINK_DOWN, .network = lan};
    const struct fault killed = {.kind = FAULT_KILLED};
    char *text;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        text = netem_text(&cases[i].netem);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
    text = fault_line(&link);
    assert_string_equal(text, "lan: link down");
    free(text);
    text = fault_line(&killed);
    assert_string_equal(text, "killed");
    free(text);
}

static void test_link_xml(void **state)
{
    static const char xml[] =
        "<domain><devices>"
        "<interface type='network'><mac address='52:00:00:00:00:01'/></interface>"
        "<interface type='direct'><mac address='52:00:00:00:00:02'/><source dev='e' "
        "mode='vepa'/><link state='down'/></interface></devices></domain>";
    const struct mac first = {{0x52, 0, 0, 0, 0, 1}}, second = {{0x52, 0, 0, 0, 0, 2}},
                     third = {{0x52, 0, 0, 0, 0, 3}};
    auto_error struct error *err = NULL;
    char *device = NULL;

    (void)state;
    assert_int_equal(fault_link_xml(xml, first, false, &device, &err), 0);
    assert_string_equal(device,
                        "<interface type=\"network\"><mac address=\"52:00:00:00:00:01\"/>"
                        "<link state=\"down\"/></interface>");
    free(device);
    assert_int_equal(fault_link_xml(xml, second, true, &device, &err), 0);
    assert_string_equal(device,
                        "<interface type=\"direct\"><mac address=\"52:00:00:00:00:02\"/>"
                        "<source dev=\"e\" mode=\"vepa\"/></interface>");
    free(device);
    assert_int_equal(fault_link_xml(xml, third, true, &device, &err), -1);
    assert_string_equal(err->message, "there is no NIC 52:00:00:00:00:03");
}

static void assert_script(const struct fault_tap *tap, const char *wanted)
{
    auto_buffer struct buffer script = {0};

    fault_script_tap(&script, tap);
    assert_string_equal(script.data, wanted);
}

static void test_script(void **state)
{
    const struct mac cut[] = {{{0x52, 1, 2, 3, 4, 5}}, {{0x52, 255, 0, 0, 0, 255}}};
    struct netem netem = {FAULT_BOTH, 50, 5, 0, 2000};
    struct fault_tap tap = {.tap = "vnet0",
                            .alias = "virtopo-fault:lab/a",
                            .mac = {{0x52, 0xa4, 0xe0, 0x73, 0x51, 0xe0}},
                            .netem = &netem};

    (void)state;
    assert_script(&tap,
                  "vf_reset vnet0 vf-a4e07351e0\n"
                  "vf_root vnet0 netem limit 20000 delay 50ms 5ms rate 2000bps\n"
                  "vf_out vnet0 vf-a4e07351e0 virtopo-fault:lab/a netem limit 20000 delay 50ms "
                  "5ms rate 2000bps\n");
    netem = (struct netem){FAULT_IN, 0, 0, 500000, 2000};
    assert_script(&tap,
                  "vf_reset vnet0 vf-a4e07351e0\n"
                  "vf_bpf vnet0 egress 32344 '4,32 0 0 4294963256,53 1 0 2147483648,6 0 0 "
                  "2,6 0 0 4294967295'\n"
                  "vf_root vnet0 tbf rate 2000bps burst 16384b latency 400ms\n");
    netem = (struct netem){FAULT_OUT, 0, 0, 1000000, 0};
    assert_script(&tap, "vf_reset vnet0 vf-a4e07351e0\n"
                        "vf_bpf vnet0 ingress 32344 '1,6 0 0 2'\n");
    tap.netem = NULL;
    tap.cut = cut;
    tap.cut_count = 2;
    assert_script(&tap,
                  "vf_reset vnet0 vf-a4e07351e0\n"
                  "vf_bpf vnet0 egress 32343 '11,32 0 0 8,21 0 3 33752069,40 0 0 6,21 0 1 "
                  "20993,6 0 0 2,32 0 0 8,21 0 3 255,40 0 0 6,21 0 1 21247,6 0 0 2,6 0 0 "
                  "4294967295'\n");
}

/* Many addresses are several programs, none longer than a kernel takes. */
static void test_script_many(void **state)
{
    auto_buffer struct buffer script = {0};
    struct mac cut[601] = {0};
    const struct fault_tap tap = {.tap = "t", .cut = cut, .cut_count = ARRAY_SIZE(cut)};
    size_t programs = 0;

    (void)state;
    fault_script_tap(&script, &tap);
    for (const char *at = script.data; (at = strstr(at, "vf_bpf")); at++)
        programs++;
    assert_int_equal(programs, 3);
    assert_non_null(strstr(script.data, "32343 '1501,"));
    assert_non_null(strstr(script.data, "32343 '6,"));
}

/* A shell reads it, and a word from outside stays one. */
static void test_script_shell(void **state)
{
    auto_buffer struct buffer script = {0};
    const struct fault_tap tap = {.tap = "a'b; exit 3", .alias = "x"};
    auto_free char *alias = fault_alias("lab", NULL);
    FILE *shell = popen("/bin/sh -n", "w");

    (void)state;
    fault_script_start(&script);
    fault_script_tap(&script, &tap);
    fault_script_sweep(&script, alias);
    fault_script_list(&script, alias);
    assert_non_null(strstr(script.data, "vf_reset 'a'\\''b; exit 3' "));
    assert_non_null(strstr(script.data, "vf_sweep virtopo-fault:lab/"));
    assert_non_null(shell);
    fputs(script.data, shell);
    assert_int_equal(pclose(shell), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),       cmocka_unit_test(test_empty),
        cmocka_unit_test(test_set),         cmocka_unit_test(test_texts),
        cmocka_unit_test(test_link_xml),    cmocka_unit_test(test_script),
        cmocka_unit_test(test_script_many), cmocka_unit_test(test_script_shell),
    };

    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
