/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/domain_diff.h"

#include <string.h>

#include "provision/node/device_diff.h"
#include "provision/node/forward_diff.h"
#include "provision/node/hardware_diff.h"
#include "provision/node/nic_diff.h"
#include "provision/node/resize.h"
#include "util/size.h"

/* Three-way for one number: the definition against the file (who moved?), then what runs. */
struct three_way {
    const char *key;
    uint64_t config, live, want;
    bool can_live; /* the running guest can be given it */
    const char *(*format)(uint64_t value, char out[SIZE_TEXT]);
};

static void diff_number(struct hardware_diff *d, const struct three_way *t)
{
    const bool is_outside = !hardware_diff_has(d, t->key);
    const enum change_class class = t->can_live ? CHANGE_LIVE : CHANGE_RESTART;
    char from[SIZE_TEXT], to[SIZE_TEXT];

    if (t->config != t->want)
        change_add(&d->r->changes, class, t->key, t->format(t->config, from),
                   t->format(t->want, to), is_outside ? DIFF_OUTSIDE : NULL);
    else if (d->m->found->has_live && t->live != t->want)
        change_add(&d->r->changes, class, t->key, t->format(t->live, from),
                   t->format(t->want, to), t->can_live ? NULL : DIFF_WAITS);
}

static const char *format_count(uint64_t value, char out[SIZE_TEXT])
{
    snprintf(out, SIZE_TEXT, "%llu", (unsigned long long)value);
    return out;
}

static void diff_memory(struct hardware_diff *d)
{
    const struct survey_domain *found = d->m->found;
    const struct three_way t = {"memory",
                                found->config.memory,
                                resize_memory_now(&found->live, resize_memory(d->m)),
                                resize_memory(d->m),
                                resize_can_memory(d->m),
                                size_format};

    diff_number(d, &t);
}

static void diff_cpus(struct hardware_diff *d)
{
    const struct survey_domain *found = d->m->found;
    const struct three_way t = {"cpus",
                                (uint64_t)found->config.cpus,
                                (uint64_t)found->live.cpus,
                                (uint64_t)d->m->node->cpus.count,
                                resize_can_cpus(d->m),
                                format_count};

    diff_number(d, &t);
}

static void diff_virt(struct resource *r, const struct machine *m)
{
    const char *want = m->node->virt == VIRT_KVM ? "kvm" : "qemu";
    const char *type = m->found->config.type;

    if (m->node->virt != VIRT_AUTO && type && strcmp(type, want) != 0)
        change_add(&r->changes, CHANGE_RESTART, "virt", type, want, NULL);
}

/* The guest hears of another address from its seed, at its next boot. */
static void diff_address(struct resource *r, const struct nic *nic, const char *what,
                         const char *old, const char *now, bool moves)
{
    auto_free char *label = xasprintf("%s on %s", what, nic->network);

    if (strcmp(old ? old : "", now ? now : "") != 0)
        change_add(&r->changes, moves ? CHANGE_LIVE : CHANGE_RESTART, label, old, now,
                   moves ? NIC_DIFF_PLUGGED : NULL);
}

/* One whose move to another network is told of as live: the guest goes on. */
static bool moves_live(const struct resource *r, const struct nic *nic, size_t place,
                       const json_t *applied)
{
    const char *before = json_string_value(json_object_get(applied, "network"));
    auto_free char *what = xasprintf("network %zu", place);

    if (!before || strcmp(before, nic->network) == 0)
        return false;
    for (size_t i = 0; i < r->changes.count; i++) {
        const struct change *change = &r->changes.items[i];

        if (change->class == CHANGE_LIVE && strcmp(change->what, what) == 0)
            return true;
    }
    return false;
}

static void diff_addresses(struct resource *r, const struct machine *m)
{
    const json_t *networks = json_object_get(machine_applied(m), "networks");
    size_t i = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        const json_t *applied = json_array_get(networks, i++);
        const char *old = json_string_value(json_object_get(applied, "ip"));
        const bool moves = moves_live(r, nic, i, applied);
        char ip[IP4_TEXT], ip6[IP6_TEXT];

        if (applied && old && nic->ip)
            diff_address(r, nic, "address", old, ip4_format(nic->ip, ip), moves);
        if (applied)
            diff_address(r, nic, "IPv6 address",
                         json_string_value(json_object_get(applied, "ip6")),
                         ip6_is_set(nic->ip6)            ? ip6_format(nic->ip6, ip6)
                         : nic->ip6_from == NIC_IP6_DHCP ? "dhcp"
                         : nic->ip6_from == NIC_IP6_AUTO ? "auto"
                                                         : NULL,
                         moves);
    }
}

/* With --no-start, a node may be stopped or paused. */
static void diff_power(struct resource *r, const struct survey_domain *found)
{
    if (found->state == VIR_DOMAIN_PAUSED || found->state == VIR_DOMAIN_PMSUSPENDED)
        change_add(&r->changes, CHANGE_LIVE, "state", "paused", "running", NULL);
    else if (!found->active)
        change_add(&r->changes, CHANGE_LIVE, "state",
                   found->state == VIR_DOMAIN_CRASHED ? "crashed" : "stopped", "running", NULL);
}

static void diff_state(struct resource *r, const struct machine *m)
{
    const struct survey_domain *found = m->found;
    const char *clone_of = found->config.tag.clone_of;

    if (!m->provision->options.no_start)
        diff_power(r, found);
    if (!found->persistent)
        change_add(&r->changes, CHANGE_LIVE, "definition", NULL, "persistent", DIFF_OUTSIDE);
    if (clone_of && !m->node->clone_of) {
        auto_free char *from = xasprintf("of %s", clone_of);

        change_add(&r->changes, CHANGE_LIVE, "clone", from, "in the file", NULL);
    }
    if (found->autostart != m->node->autostart)
        change_add(&r->changes, CHANGE_LIVE, "autostart", found->autostart ? "on" : "off",
                   m->node->autostart ? "on" : "off", NULL);
}

/* A network that is made anew leaves its guests' taps without a bridge. */
static void diff_networks_remade(struct resource *r)
{
    for (size_t i = 0; i < r->need_count; i++) {
        const struct resource *need = r->needs[i];

        if (strcmp(need->kind->name, "network") == 0 && need->wanted && need->replace) {
            auto_free char *what = xasprintf("network %s", need->name);

            change_add(&r->changes, CHANGE_RESTART, what, NULL, NULL, "is made anew");
        }
    }
}

static bool has_restart(const struct resource *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        if (r->changes.items[i].class >= CHANGE_RESTART)
            return true;
    }
    return false;
}

static bool has_plugged_nic(const struct resource *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        if (r->changes.items[i].class == CHANGE_LIVE &&
            strncmp(r->changes.items[i].what, "network ", 8) == 0)
            return true;
    }
    return false;
}

/* Whatever else the seed says differently reaches the guest at its next boot; a NIC that is
 * plugged in says so itself. */
static void diff_seed(struct resource *r, const struct machine *m)
{
    if (m->seed && m->seed->action == ACTION_CREATE && !has_restart(r) && !has_plugged_nic(r) &&
        m->found->active)
        change_add(&r->changes, CHANGE_RESTART, "seed", NULL, NULL,
                   "what the guest hears at its next boot changed");
}

/* Who does not run is not interrupted: no consent is needed. */
static void spare_restarts(struct resource *r)
{
    for (size_t i = 0; i < r->changes.count; i++) {
        if (r->changes.items[i].class == CHANGE_RESTART)
            r->changes.items[i].class = CHANGE_LIVE;
    }
}

int domain_diff(void *context, struct resource *r, struct error **err)
{
    struct machine *m = r->data;
    auto_hardware_diff struct hardware_diff d;

    (void)context;
    hardware_diff_start(&d, r, m);
    if (machine_needs_recreate(m, &r->changes))
        r->replace = true;
    diff_state(r, m);
    hardware_diff_spec(&d);
    diff_memory(&d);
    diff_cpus(&d);
    diff_virt(r, m);
    device_diff_disks(r, m);
    nic_diff(r, m);
    forward_diff(r, m);
    diff_addresses(r, m);
    if (hardware_diff_found(&d, err) < 0)
        return -1;
    diff_networks_remade(r);
    diff_seed(r, m);
    if (!m->found->active)
        spare_restarts(r);
    return 0;
}
