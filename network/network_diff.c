/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network_diff.h"

#include <stdlib.h>
#include <string.h>

#include "network/carry.h"
#include "network/kernel_drift.h"
#include "network/network.h"
#include "network/network_entries.h"
#include "network/network_ranges.h"
#include "network/own_bridge/own_bridge.h"
#include "templates/network_shape.h"
#include "templates/xmlreader.h"

#define OUTSIDE "changed outside of virtopo"

/* A network's XML: as wanted, as it runs (where it does not, as it is defined), and as it is
 * defined where it runs. */
struct comparison {
    struct resource *resource;
    struct network_object *object;
    const struct survey_network *found;
    xmlNodePtr want, have, config; /* config NULL: is the same as `have` */
    const char *cost;              /* of a restart, once it is known */
};

static const char *on_off(bool on)
{
    return on ? "on" : "off";
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool network_has_guests(const struct network_object *o)
{
    const struct survey *survey = &o->host->survey;

    for (size_t i = 0; i < survey->domain_count; i++) {
        const struct survey_domain *d = &survey->domains[i];

        for (size_t n = 0; d->ours && d->has_live && n < d->live.nic_count; n++) {
            if (is_same(d->live.nics[n].network, o->name))
                return true;
        }
    }
    return false;
}

/* What the nodes' addresses and devices hang on: then nothing else needs to be compared. */
static void diff_anew(struct comparison *c)
{
    for (size_t i = 0; i < network_shape_row_count; i++) {
        const struct network_shape_row *row = &network_shape_rows[i];
        auto_free char *want = row->anew ? row->read(c->want) : NULL;
        auto_free char *have = row->anew ? row->read(c->have) : NULL;

        if (is_same(want, have))
            continue;
        change_add(&c->resource->changes, CHANGE_RECREATE, row->what, have, want, NULL);
        c->resource->replace = true;
    }
}

static const char *restart_note(struct comparison *c)
{
    c->object->work.define = true;
    if (!c->found->active)
        return NULL;
    c->object->work.restart = true;
    if (!c->cost)
        c->cost = carry_cost(c->object);
    return c->cost;
}

/* Of a text that is read in all three. True when what runs is as wanted and the definition is
 * not: somebody changed what will start next. */
static bool is_only_defined(const char *want, const char *have, const char *config,
                            const struct comparison *c)
{
    return c->config && is_same(want, have) && !is_same(want, config);
}

static void diff_shape(struct comparison *c)
{
    for (size_t i = 0; i < network_shape_row_count; i++) {
        const struct network_shape_row *row = &network_shape_rows[i];
        auto_free char *want = row->read(c->want);
        auto_free char *have = row->read(c->have);
        auto_free char *config = c->config ? row->read(c->config) : NULL;

        if (!is_same(want, have)) {
            change_add(&c->resource->changes, CHANGE_LIVE, row->what, have, want,
                       restart_note(c));
        } else if (is_only_defined(want, have, config, c)) {
            change_add(&c->resource->changes, CHANGE_LIVE, row->what, config, want, OUTSIDE);
            c->object->work.define = true;
        }
    }
}

static void diff_ranges(struct comparison *c, bool six)
{
    const char *what = six ? "dhcp6" : "dhcp";
    auto_free char *want = network_ranges_text(c->want, six);
    auto_free char *have = network_ranges_text(c->have, six);
    auto_free char *config = c->config ? network_ranges_text(c->config, six) : NULL;

    if (!is_same(want, have)) {
        change_add(&c->resource->changes, CHANGE_LIVE, what, have, want, NULL);
        c->object->work.ranges = true;
    } else if (is_only_defined(want, have, config, c)) {
        change_add(&c->resource->changes, CHANGE_LIVE, what, config, want, OUTSIDE);
        c->object->work.define = true;
    }
}

static void diff_entries(struct comparison *c)
{
    const struct network_object *o = c->object;

    network_entries_show(c->resource, o, &c->found->view);
    if (!c->config || network_entries_differ(o, &c->found->view) ||
        !network_entries_differ(o, &c->found->config))
        return;
    change_add(&c->resource->changes, CHANGE_LIVE, "definition", "other addresses or names",
               "as it runs", OUTSIDE);
    c->object->work.define = true;
}

static void diff_state(struct comparison *c)
{
    const struct survey_network *found = c->found;
    struct change_list *changes = &c->resource->changes;
    bool autostart = c->object->network->autostart;

    if (!found->active)
        change_add(changes, CHANGE_LIVE, "state", "stopped", "running", NULL);
    if (!found->persistent)
        change_add(changes, CHANGE_LIVE, "definition", NULL, "persistent", OUTSIDE);
    if (found->autostart != autostart)
        change_add(changes, CHANGE_LIVE, "autostart", on_off(found->autostart),
                   on_off(autostart), NULL);
}

static void compare(struct comparison *c)
{
    diff_anew(c);
    if (c->resource->replace)
        return;
    diff_shape(c);
    diff_ranges(c, false);
    diff_ranges(c, true);
    diff_state(c);
    diff_entries(c);
    if (network_mode(c->object->network)->serves)
        kernel_drift_find(c->resource, c->object, &c->found->view);
}

int network_diff(void *context, struct resource *r, struct error **err)
{
    const struct survey_network *found = r->state;
    auto_free char *text = NULL;
    auto_xml xmlDocPtr want = NULL, have = NULL, config = NULL;
    struct comparison c = {.resource = r, .object = r->data, .found = found};

    (void)context;
    c.object->work = (struct network_work){0};
    if (network_is_own_bridge(c.object->network)) {
        if (own_bridge_diff(r, err) < 0)
            return -1;
        if (!r->replace)
            diff_state(&c);
        return 0;
    }
    if (network_render(r, &text, err) < 0 || !(want = xmlreader_parse(text, err)) ||
        !(have = xmlreader_parse(found->view.xml, err)) ||
        (found->has_config && !(config = xmlreader_parse(found->config.xml, err))))
        return -1;
    c.want = xmlDocGetRootElement(want);
    c.have = xmlDocGetRootElement(have);
    c.config = config ? xmlDocGetRootElement(config) : NULL;
    compare(&c);
    return 0;
}
