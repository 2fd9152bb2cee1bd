/* SPDX-License-Identifier: Apache-2.0 */
#include "hostworld.h"

#include <stdlib.h>
#include <string.h>

#include "util/file.h"

const struct hostworld qemu_host = {"capabilities-qemu.xml", "domcaps-qemu.xml"};
const struct hostworld kvm_host = {"capabilities-kvm.xml", "domcaps-kvm.xml"};

static char *read_data(const char *name)
{
    auto_free char *path = xasprintf("tests/unit/host/data/%s", name);
    struct buffer text = {0};
    struct error *err = NULL;

    expect_ok(file_read(path, 1 << 20, &text, &err), &err);
    return buffer_take(&text);
}

static void disguise(struct site_host *host, const struct hostworld *as)
{
    struct error *err = NULL;

    auto_free char *facts = read_data(as->capabilities);
    auto_free char *offer = read_data(as->domcaps);
    struct domcaps *caps = xcalloc(1, sizeof *caps);

    expect_ok(host_facts_parse(facts, &host->facts, &err), &err);
    host->has_facts = true;
    expect_ok(domcaps_parse(offer, caps, &err), &err);
    free(caps->machine);
    caps->machine = xstrdup("q35");
    vector_push(host->domcaps, host->domcaps_count, caps);
}

static char *findings(struct world *w)
{
    auto_buffer struct buffer rendered = {0};
    struct buffer out = {0};

    diagnostics_render(&w->d, false, &rendered); /* sorts them, too */
    for (size_t i = 0; i < w->d.count; i++) {
        const struct diagnostic *d = &w->d.items[i];

        buffer_printf(&out, "%d:%d %s [%s]\n", d->position.line, d->position.column, d->message,
                      d->check);
        if (d->hint)
            buffer_printf(&out, "  %s\n", d->hint);
    }
    return buffer_take(&out);
}

/* The driver reads what it has from a file. */
static char *with_devices(const struct hostworld *host, const char *text)
{
    auto_free char *xml = NULL;

    if (!host->devices)
        return xstrdup(text);
    xml = xasprintf("<node>%s</node>", host->devices);
    scratch_text("node.xml", xml, 0644);
    return xasprintf("%shosts: { local: { uri: \"test://%s/node.xml\" } }\n", text, scratch);
}

void expect_findings(const struct hostworld *host, const char *text, const char *expected)
{
    auto_world struct world w;
    struct provision_options how = {.no_start = host->no_start};
    auto_free char *whole = with_devices(host, text);
    auto_free char *shown = NULL;
    struct error *err = NULL;
    int outcome;

    world_load(&w, whole);
    how.cluster = w.cluster;
    expect_ok(provision_open(&how, &w.d, &w.provision, &err), &err);
    disguise(&w.provision.site.hosts[0], host);
    expect_ok(provision_want(&w.provision, NULL, 0, &err), &err);
    outcome = provision_plan(&w.provision, &w.plan, &err);
    if (err)
        expect_ok(outcome, &err);
    shown = findings(&w);
    assert_string_equal(shown, expected);
    assert_int_equal(outcome, w.d.errors ? -1 : 0);
}
