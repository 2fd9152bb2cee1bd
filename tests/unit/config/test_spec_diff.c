/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "config/cluster.h"
#include "config/spec_diff.h"
#include "util/buffer.h"
#include "util/memory.h"

static void note(void *user, const struct spec_change *change)
{
    static const char *const costs[] = {"free", "live", "restart", "recreate"};
    const int flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS;
    auto_free char *from = change->from ? json_dumps(change->from, flags) : xstrdup("-");
    auto_free char *to = change->to ? json_dumps(change->to, flags) : xstrdup("-");

    buffer_printf(user, "%s %s %s %s\n", change->path, from, to, costs[change->cost]);
}

static void expect(const char *from, const char *to, const char *wanted)
{
    json_t *left = from ? json_loads(from, 0, NULL) : NULL;
    json_t *right = to ? json_loads(to, 0, NULL) : NULL;
    auto_buffer struct buffer out = {0};

    assert_true((left || !from) && (right || !to));
    spec_diff(&node_schema, left, right, note, &out);
    assert_string_equal(out.data ? out.data : "", wanted);
    json_decref(left);
    json_decref(right);
}

static void scalars(void **state)
{
    (void)state;
    expect("{\"image\":\"a\"}", "{\"image\":\"a\"}", "");
    expect("{\"image\":\"a\"}", "{\"image\":\"b\"}", "image \"a\" \"b\" recreate\n");
    expect("{}", "{\"description\":\"x\"}", "description - \"x\" live\n");
    expect(NULL, "{\"description\":\"x\"}", "description - \"x\" live\n");
    expect("{\"description\":\"x\"}", NULL, "description \"x\" - live\n");
    /* not keys of ours: the seed's digest, what another version knew */
    expect("{\"seed\":\"1\",\"gone\":2}", "{\"seed\":\"2\"}", "");
}

static void defaults(void **state)
{
    (void)state;
    expect("{}", "{\"virt\":\"auto\",\"autostart\":false}", "");
    expect("{\"virt\":\"auto\",\"autostart\":false}", "{}", "");
    expect("{}", "{\"virt\":\"kvm\"}", "virt - \"kvm\" restart\n");
}

static void short_forms(void **state)
{
    (void)state;
    expect("{\"cpus\":1}", "{\"cpus\":2}", "cpus 1 2 live\n");
    expect("{\"cpus\":1}", "{\"cpus\":{\"count\":1}}", "");
    expect("{\"cpus\":{\"count\":1}}", "{\"cpus\":3}", "cpus 1 3 live\n");
    expect("{}", "{\"cpus\":1}", "");
    expect("{}", "{\"cpus\":2}", "cpus - 2 live\n");
}

/* Mappings whose items have a short form, and lists in which places count. */
static void items(void **state)
{
    (void)state;
    expect("{\"cpus\":{\"features\":{\"aes\":\"require\",\"hle\":\"disable\"}}}",
           "{\"cpus\":{\"features\":{\"aes\":\"force\",\"rtm\":\"disable\"}}}",
           "cpus.features.aes \"require\" \"force\" restart\n"
           "cpus.features.hle \"disable\" - restart\n"
           "cpus.features.rtm - \"disable\" restart\n");
    expect("{\"cpus\":{\"numa\":[{\"memory\":\"1G\"},{\"memory\":\"1G\"}]}}",
           "{\"cpus\":{\"numa\":[{\"memory\":\"1G\"},{\"memory\":\"2G\"}]}}",
           "cpus.numa.1.memory \"1G\" \"2G\" live\n");
    expect(
        "{\"cpus\":{\"numa\":[{\"memory\":\"1G\"}]}}",
        "{\"cpus\":{\"numa\":[{\"memory\":\"1G\"},{\"memory\":\"2G\"}]}}",
        "cpus.numa [{\"memory\":\"1G\"}] [{\"memory\":\"1G\"},{\"memory\":\"2G\"}] restart\n");
}

static void lists(void **state)
{
    (void)state;
    expect("{\"disks\":[{\"name\":\"a\",\"size\":\"1G\"},{\"name\":\"b\",\"size\":\"1G\"}]}",
           "{\"disks\":[{\"name\":\"b\",\"size\":\"2G\"},{\"name\":\"a\",\"size\":\"1G\","
           "\"cache\":\"none\"}]}",
           "disks.a.cache - \"none\" restart\ndisks.b.size \"1G\" \"2G\" live\n");
    expect("{}", "{\"disks\":[{\"name\":\"a\",\"size\":\"1G\"}]}",
           "disks.a - {\"name\":\"a\",\"size\":\"1G\"} live\n");
    expect("{\"disks\":[{\"name\":\"a\",\"size\":\"1G\"}]}", "{}",
           "disks.a {\"name\":\"a\",\"size\":\"1G\"} - live\n");
    /* without names: as a whole */
    expect("{\"files\":[{\"path\":\"/a\"}]}", "{\"files\":[{\"path\":\"/b\"}]}",
           "files [{\"path\":\"/a\"}] [{\"path\":\"/b\"}] recreate\n");
    expect("{\"labels\":{\"a\":\"1\"}}", "{\"labels\":{\"a\":\"2\"}}",
           "labels {\"a\":\"1\"} {\"a\":\"2\"} free\n");
}

static void mappings(void **state)
{
    (void)state;
    expect("{\"ready\":{\"kind\":\"ssh\",\"timeout\":\"1m\"}}",
           "{\"ready\":{\"kind\":\"none\",\"timeout\":\"2m\"}}",
           "ready.kind \"ssh\" \"none\" free\nready.timeout \"1m\" \"2m\" free\n");
    expect("{}", "{\"ready\":{\"kind\":\"ssh\"}}", "ready - {\"kind\":\"ssh\"} free\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars), cmocka_unit_test(defaults), cmocka_unit_test(short_forms),
        cmocka_unit_test(items),   cmocka_unit_test(lists),    cmocka_unit_test(mappings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
