/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/hardware_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/network/user_net.h"
#include "config/spec_diff.h"
#include "provision/fault/fault_field.h"
#include "provision/node/domain_diff.h"
#include "provision/node/domain_render.h"
#include "provision/node/live_update.h"
#include "provision/node/resize.h"
#include "templates/domain/domain_compare.h"
#include "templates/xmlreader.h"

void hardware_diff_start(struct hardware_diff *d, struct resource *r, const struct machine *m)
{
    *d = (struct hardware_diff){.r = r, .m = m, .spec = cluster_node_spec(m->node)};
    /* a network's MTU is its NICs' too */
    for (size_t i = 0; i < r->need_count; i++)
        d->file_changed = d->file_changed || (strcmp(r->needs[i]->kind->name, "network") == 0 &&
                                              r->needs[i]->changes.count > 0);
}

void hardware_diff_done(struct hardware_diff *d)
{
    for (size_t i = 0; i < d->area_count; i++)
        free(d->areas[i]);
    free(d->areas);
    json_decref(d->spec);
    *d = (struct hardware_diff){0};
}

bool hardware_diff_has(const struct hardware_diff *d, const char *area)
{
    for (size_t i = 0; i < d->area_count; i++) {
        size_t length = strlen(d->areas[i]);

        /* "shares" has "shares 0" in it */
        if (strncmp(d->areas[i], area, length) == 0 && (!area[length] || area[length] == ' '))
            return true;
    }
    return false;
}

static void add_area(struct hardware_diff *d, const char *area)
{
    if (!hardware_diff_has(d, area))
        vector_push(d->areas, d->area_count, xstrdup(area));
}

/* A word that is not said is the first of its row; that for what libvirt does when nothing is
 * said is no value. New reference. */
static json_t *value_of(const struct field *field, const json_t *value)
{
    const char *word =
        value || field->type != FIELD_ENUM ? json_string_value(value) : field->words[0];

    if (word && strcmp(word, "default") == 0)
        return NULL;
    return value ? json_incref((json_t *)value) : word ? json_string(word) : NULL;
}

static void add_change(struct hardware_diff *d, const char *what,
                       const struct spec_change *change)
{
    json_t *from = value_of(change->field, change->from);
    json_t *to = value_of(change->field, change->to);

    if (from || to)
        machine_add_change(&d->r->changes,
                           change->cost == FIELD_CHANGE_RESTART ? CHANGE_RESTART : CHANGE_LIVE,
                           what, from, to);
    json_decref(from);
    json_decref(to);
}

/* Compared with what libvirt has, not with what was wanted before. */
static bool is_compared_elsewhere(const struct hardware_diff *d, const char *path)
{
    static const char *const paths[] = {"autostart", "cpus",   "disk", "host", "image",
                                        "networks",  "memory", "virt", NULL};

    for (size_t i = 0; paths[i]; i++) {
        if (strcmp(paths[i], path) == 0)
            return true;
    }
    return strcmp(path, "publish") == 0 && node_publishes_by_user_net(d->m->node);
}

/* "disks.data.cache" is told of as "disk data cache". A disk or drive that comes or goes, or
 * its size, is device_diff's and volume.c's. */
static void visit_disk(struct hardware_diff *d, const char *kind,
                       const struct spec_change *change)
{
    auto_free char *name = xstrdup(strchr(change->path, '.') + 1);
    char *key = strchr(name, '.');
    char source[] = "source";
    auto_free char *area = NULL;
    auto_free char *what = NULL;

    /* the key that a short form stands for has no path of its own */
    if (!key && !json_is_string(change->from) && !json_is_string(change->to))
        return;
    if (key)
        *key++ = '\0';
    else
        key = source;
    area = xasprintf("%s %s", kind, name);
    what = xasprintf("%s %s", area, key);
    add_area(d, area);
    if (strcmp(key, "size") != 0)
        add_change(d, what, change);
}

/* "cpus.numa.1.memory": part of the node's memory, which tells of it where it changes too.
 * Moved from cell to cell, it is for the next start. */
static bool visit_cell_memory(struct hardware_diff *d, const struct spec_change *change)
{
    struct spec_change moved = *change;
    unsigned cell;
    int end = 0;

    if (sscanf(change->path, "cpus.numa.%u.memory%n", &cell, &end) != 1 || end == 0)
        return false;
    moved.cost = FIELD_CHANGE_RESTART;
    if (d->m->found->config.memory == resize_memory(d->m))
        add_change(d, change->path, &moved);
    return true;
}

/* What is named now may be what it has by default: the XML tells. (It does not tell the host's
 * architecture, which a node has that names none any more.) */
static bool is_what_it_may_be(const struct spec_change *change)
{
    return strcmp(change->path, "machine") == 0 ||
           (strcmp(change->path, "arch") == 0 && change->to);
}

/* "disk.cache" is told of as "disk root cache". */
static void visit_root(struct hardware_diff *d, const struct spec_change *change)
{
    const char *key = strchr(change->path, '.');
    auto_free char *what = key ? xasprintf("disk root %s", key + 1) : NULL;

    add_area(d, "disk root");
    if (what)
        add_change(d, what, change);
}

static void visit(void *user, const struct spec_change *change)
{
    struct hardware_diff *d = user;
    auto_free char *top = xstrndup(change->path, strcspn(change->path, "."));

    if (change->cost == FIELD_CHANGE_RECREATE)
        return;
    if (change->cost != FIELD_CHANGE_FREE)
        d->file_changed = true;
    if (strcmp(top, "disks") == 0 || strcmp(top, "cdroms") == 0) {
        visit_disk(d, *top == 'd' ? "disk" : "cdrom", change);
        return;
    }
    if (strcmp(top, "disk") == 0) {
        visit_root(d, change);
        return;
    }
    if (is_what_it_may_be(change))
        return;
    add_area(d, top);
    if (!visit_cell_memory(d, change) && !is_compared_elsewhere(d, change->path))
        add_change(d, change->path, change);
}

/* The NIC with that MAC as it was last applied. */
static const json_t *applied_nic(const struct machine *m, const json_t *nic)
{
    const json_t *networks = json_object_get(machine_applied(m), "networks");
    const json_t *mac = json_object_get(nic, "mac");
    json_t *item;
    size_t i;

    json_array_foreach (networks, i, item) {
        if (mac && json_equal(json_object_get(item, "mac"), mac))
            return item;
    }
    return NULL;
}

struct nic_visit {
    struct hardware_diff *d;
    const char *area;
};

static void visit_nic(void *user, const struct spec_change *change)
{
    const struct nic_visit *v = user;
    auto_free char *what = xasprintf("%s %s", v->area, change->path);

    if (strcmp(change->path, "ip") == 0 || strcmp(change->path, "ip6") == 0 ||
        strcmp(change->path, "network") == 0)
        return;
    v->d->file_changed = true;
    if (strcmp(change->path, "mtu") == 0) /* without one it has the network's */
        return;
    add_area(v->d, v->area);
    add_change(v->d, what, change);
}

static void diff_nics(struct hardware_diff *d)
{
    const json_t *networks = json_object_get(d->spec, "networks");
    json_t *nic;
    size_t i;

    json_array_foreach (networks, i, nic) {
        auto_free char *area = xasprintf("network %zu", i + 1);
        struct nic_visit v = {d, area};
        const json_t *applied = applied_nic(d->m, nic);

        if (applied)
            spec_diff(&nic_schema, applied, nic, visit_nic, &v);
    }
}

void hardware_diff_spec(struct hardware_diff *d)
{
    if (!machine_applied(d->m))
        return;
    spec_diff(&node_schema, machine_applied(d->m), d->spec, visit, d);
    diff_nics(d);
}

/* The file of a disk is told of where snapshots are; a target's name follows its bus. */
static bool is_told_elsewhere(const struct domain_difference *difference)
{
    auto_free char *file = xasprintf("%s file", difference->area);
    auto_free char *name = xasprintf("%s dev", difference->area);

    return strncmp(difference->area, "disk ", 5) == 0 &&
           (strcmp(difference->what, file) == 0 || strcmp(difference->what, name) == 0);
}

/* The one cell of a node that can grow has all of its memory. */
static bool is_cell_of_memory(const struct hardware_diff *d,
                              const struct domain_difference *difference)
{
    return strcmp(difference->what, "cpus numa cell 0 memory") == 0 &&
           d->m->node->cpus.cells.count == 0;
}

/* "network 2 link": down on purpose, until `virtopo fault heal`. */
static bool is_fault(const struct hardware_diff *d, const struct domain_difference *difference)
{
    size_t index;
    int end = 0;

    if (sscanf(difference->what, "network %zu link%n", &index, &end) != 1 || !end || !index ||
        index > d->m->node->nics.count)
        return false;
    return fault_holds_link(d->m->found,
                            ((const struct nic *)d->m->node->nics.items)[index - 1].network);
}

/* Something that begins with the area has been told of. */
static bool is_told(const struct hardware_diff *d, const char *area, size_t count)
{
    size_t length = strlen(area);

    for (size_t i = 0; i < count; i++) {
        const char *what = d->r->changes.items[i].what;

        if (strncmp(what, area, length) == 0 && (!what[length] || strchr(" .", what[length])))
            return true;
    }
    return false;
}

static bool is_among(const struct domain_differences *found, const char *what)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->items[i].what, what) == 0)
            return true;
    }
    return false;
}

/* Areas in which a running domain shows what libvirt made of the wish, and not the wish. */
static bool is_unknown_live(const char *area)
{
    return strcmp(area, "cpus") == 0 || strcmp(area, "graphics") == 0;
}

/* What only the definition has otherwise is put right there, and the guest goes on. */
static enum change_class class_of(const struct hardware_diff *d,
                                  const struct domain_difference *difference,
                                  const struct domain_differences *live)
{
    if (live_update_can(difference->what) || !d->m->found->has_live)
        return CHANGE_LIVE;
    return is_among(live, difference->what) || is_unknown_live(difference->area)
               ? CHANGE_RESTART
               : CHANGE_LIVE;
}

static void add_found(struct hardware_diff *d, const struct domain_differences *found,
                      const struct domain_differences *live, const char *note)
{
    size_t told = d->r->changes.count;

    for (size_t i = 0; i < found->count; i++) {
        const struct domain_difference *difference = &found->items[i];
        const enum change_class class = class_of(d, difference, live);

        if (!is_told_elsewhere(difference) && !is_cell_of_memory(d, difference) &&
            !(found == live && is_fault(d, difference)) &&
            !hardware_diff_has(d, difference->area) && !is_told(d, difference->area, told))
            change_add(&d->r->changes, class, difference->what, difference->have,
                       difference->want, found == live && class == CHANGE_LIVE ? NULL : note);
    }
}

static int compare(xmlDocPtr want, const struct domain_view *view, bool live,
                   struct domain_differences *ret, struct error **err)
{
    auto_xml xmlDocPtr have = xmlreader_parse(view->xml, err);

    if (!have)
        return -1;
    domain_compare(want, have, live, ret);
    return 0;
}

/* The host is asked only where it matters: it takes a call. */
static int find_virtualisation(const struct machine *m, const char **ret, struct error **err)
{
    const struct host_facts *facts;

    *ret = NULL;
    if (m->node->cpus.nested != SWITCH_ON)
        return 0;
    if (site_facts(m->host, &facts, err) < 0)
        return -1;
    *ret = facts->virtualisation;
    return 0;
}

int hardware_diff_found(struct hardware_diff *d, struct error **err)
{
    const struct survey_domain *found = d->m->found;
    const char *arch = platform_arch(d->m->node, found->config.arch);
    const char *virtualisation;
    auto_differences struct domain_differences config = {0}, live = {0};
    auto_xml xmlDocPtr want = NULL;

    if (find_virtualisation(d->m, &virtualisation, err) < 0 ||
        domain_render_document(d->m, found->config.type, arch,
                               platform_machine(d->m->node, arch), virtualisation, &want,
                               err) < 0 ||
        compare(want, &found->config, false, &config, err) < 0 ||
        (found->has_live && compare(want, &found->live, true, &live, err) < 0))
        return -1;
    add_found(d, &config, &live, d->file_changed ? NULL : DIFF_OUTSIDE);
    add_found(d, &live, &live, DIFF_WAITS);
    return 0;
}
