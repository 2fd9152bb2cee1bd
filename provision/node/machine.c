/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/machine.h"

#include <stdlib.h>
#include <string.h>

#include "config/network/user_net.h"
#include "config/spec_diff.h"
#include "host/identity.h"
#include "network/forward_plan.h"
#include "provision/copy/clone.h"

struct machine *machine_new(struct provision *p, struct site_host *host, const char *name)
{
    struct machine *m = xcalloc(1, sizeof *m);
    const char *cluster = p->site.cluster_name;

    m->provision = p;
    m->host = host;
    m->name = xstrdup(name);
    m->domain_name = identity_domain(cluster, name);
    identity_domain_uuid(cluster, name, m->uuid);
    m->pool_path = identity_pool_path(host_dir(host->host), cluster);
    m->found = survey_domain(&host->survey, m->uuid);
    if (m->found)
        m->host_key = xstrdup_null(m->found->config.tag.extra_hostkey);
    return m;
}

void machine_free(struct machine *m)
{
    if (!m)
        return;
    free(m->name);
    free(m->domain_name);
    free(m->pool_path);
    free(m->host_key);
    clone_free_image(m->own_image);
    free(m);
}

bool machine_keeps(const struct machine *m)
{
    return m->node && m->node->clone_of && machine_applied(m);
}

const char *machine_login(const struct machine *m)
{
    const struct cluster *cluster = m->provision->site.cluster;
    const json_t *login = json_object_get(machine_applied(m), "login");

    if (machine_keeps(m) && json_object_get(login, "user"))
        return json_string_value(json_object_get(login, "user"));
    if (!cluster->ssh.user_given && m->node->image && m->node->image->user)
        return m->node->image->user;
    return cluster->ssh.user;
}

struct seed_template machine_seed(const struct machine *m)
{
    return (struct seed_template){
        .cluster = m->provision->site.cluster,
        .node = m->node,
        .instance_id = m->uuid,
        .authorized_key = m->provision->public_key,
        .login = machine_login(m),
        .new_identity = m->is_copy,
    };
}

const json_t *machine_applied(const struct machine *m)
{
    return m->found ? m->found->config.tag.spec : NULL;
}

/* Who may log in, as the first boot sets it up. */
static json_t *login_spec(const struct machine *m)
{
    json_t *login = json_object();

    json_object_set_new(login, "user", json_string(machine_login(m)));
    if (m->provision->public_key)
        json_object_set_new(login, "key", json_string(m->provision->public_key));
    return login;
}

/* What may hold secrets is in a spec as its digest, which tells a reader nothing. */
static bool is_digest(const json_t *value)
{
    return json_is_string(value) && strncmp(json_string_value(value), "sha256:", 7) == 0;
}

/* {"kind":"ssh","timeout":"3m"} -> "ssh, timeout: 3m"; other values inside are left to JSON. */
static char *flat(const json_t *object)
{
    auto_free char *sorted = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    json_t *copy = json_loads(sorted, 0, NULL);
    struct buffer text = {0};
    const char *key;
    json_t *value;

    json_object_foreach (copy, key, value) {
        auto_free char *inner =
            json_is_string(value)
                ? xstrdup(json_string_value(value))
                : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

        buffer_printf(&text, "%s%s%s%s", text.length ? ", " : "",
                      strcmp(key, "kind") == 0 ? "" : key, strcmp(key, "kind") == 0 ? "" : ": ",
                      inner);
    }
    json_decref(copy);
    return buffer_take(&text);
}

/* A value short enough for a plan's line: a lone entry is shown itself, by its path if it has
 * one, several are counted. */
static char *brief(const json_t *value)
{
    const size_t most = 40;
    char *text;

    if (!value || json_is_null(value))
        return NULL;
    if (json_is_array(value) && json_array_size(value) == 1)
        return brief(json_array_get(value, 0));
    if (json_is_array(value))
        return json_array_size(value) ? xasprintf("%zu entries", json_array_size(value)) : NULL;
    if (is_digest(value))
        return xstrdup("");
    if (json_is_string(value))
        text = xstrdup(json_string_value(value));
    else if (json_is_string(json_object_get(value, "path")))
        text = xstrdup(json_string_value(json_object_get(value, "path")));
    else if (json_is_object(value))
        text = flat(value);
    else
        text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    if (text && strlen(text) > most && *text == '/') { /* the end of a path says most */
        memmove(text + 3, text + strlen(text) - most + 3, most - 2);
        memcpy(text, "...", 3);
    } else if (text && strlen(text) > most) {
        memcpy(text + most - 3, "...", 4);
    }
    return text;
}

void machine_add_change(struct change_list *list, enum change_class class, const char *key,
                        const json_t *from, const json_t *to)
{
    auto_free char *old = brief(from);
    auto_free char *now = brief(to);

    if (is_digest(from) && is_digest(to)) {
        change_add(list, class, key, NULL, NULL, "changed");
    } else if (old && now && strcmp(old, now) == 0) {
        auto_free char *changed = xasprintf("%s, changed", now);

        change_add(list, class, key, old, changed, NULL);
    } else {
        change_add(list, class, key, old, now, NULL);
    }
}

static bool image_differs(const struct machine *m, const json_t *applied,
                          struct change_list *list)
{
    const char *old = json_string_value(json_object_get(applied, "image_digest"));
    const char *old_name = json_string_value(json_object_get(applied, "image"));

    if (m->image ? old && m->image->digest && strcmp(old, m->image->digest) == 0 : !old_name)
        return false;
    if (m->image && !old && old_name)
        return false; /* a script's, of a digest that was not known */
    if (list && (!m->image || !old_name)) {
        change_add(list, CHANGE_RECREATE, "image", old_name,
                   m->image ? m->node->image->name : NULL, NULL);
    } else if (list) {
        auto_free char *from = xasprintf("%s (%.12s)", old_name ? old_name : "?", old);
        auto_free char *to =
            m->image->digest ? xasprintf("%s (%.12s)", m->node->image->name, m->image->digest)
                             : xasprintf("%s (to be built)", m->node->image->name);

        change_add(list, CHANGE_RECREATE, "image", from, to, NULL);
    }
    return true;
}

static bool login_differs(const struct machine *m, const json_t *applied,
                          struct change_list *list)
{
    const json_t *old = json_object_get(applied, "login");
    json_t *now = login_spec(m);
    bool differs = old && !json_equal(old, now);

    bool same_user = json_equal(json_object_get(old, "user"), json_object_get(now, "user"));

    if (differs && list && same_user)
        change_add(list, CHANGE_RECREATE, "ssh with another key", NULL, NULL, NULL);
    else if (differs && list)
        machine_add_change(list, CHANGE_RECREATE, "ssh", json_object_get(old, "user"),
                           json_object_get(now, "user"));
    json_decref(now);
    return differs;
}

struct recreate_visit {
    struct change_list *list; /* or NULL */
    bool differs;
};

static void visit_recreate(void *user, const struct spec_change *change)
{
    struct recreate_visit *v = user;

    /* an image is known by its digest; a host's domains are looked for on that host */
    if (change->cost != FIELD_CHANGE_RECREATE || strcmp(change->path, "image") == 0)
        return;
    v->differs = true;
    if (v->list)
        machine_add_change(v->list, CHANGE_RECREATE, change->path, change->from, change->to);
}

static bool differs_for_good(const struct machine *m, struct change_list *list)
{
    const json_t *applied = machine_applied(m);
    struct recreate_visit v = {.list = list};
    json_t *wanted;
    bool differs;

    if (!applied || !m->node)
        return false;
    wanted = cluster_node_spec(m->node);
    differs = image_differs(m, applied, list);
    differs = login_differs(m, applied, list) || differs;
    spec_diff(&node_schema, applied, wanted, visit_recreate, &v);
    json_decref(wanted);
    return differs || v.differs;
}

bool machine_needs_recreate(const struct machine *m, struct change_list *list)
{
    return !machine_keeps(m) && differs_for_good(m, list);
}

int machine_hash_seed(struct machine *m, struct error **err)
{
    const char *applied = json_string_value(json_object_get(machine_applied(m), "seed"));
    struct seed_template t = machine_seed(m);

    if (!machine_keeps(m) || !applied || !differs_for_good(m, NULL))
        return seed_hash(&t, m->seed_hash, err);
    snprintf(m->seed_hash, sizeof m->seed_hash, "%s", applied);
    return 0;
}

static void put(json_t *object, const char *key, const json_t *value)
{
    if (value)
        json_object_set_new(object, key, json_deep_copy(value));
    else
        json_object_del(object, key);
}

/* A key, or one of a mapping: "disk.format". */
static void put_back(void *spec, const struct spec_change *change)
{
    const char *dot = strchr(change->path, '.');
    auto_free char *outer = dot ? xstrndup(change->path, (size_t)(dot - change->path)) : NULL;
    json_t *inner = dot ? json_object_get(spec, outer) : NULL;

    if (change->cost != FIELD_CHANGE_RECREATE)
        return;
    if (!dot)
        put(spec, change->path, change->from);
    else if (json_is_object(inner) && !strchr(dot + 1, '.'))
        put(inner, dot + 1, change->from);
}

static void keep_applied(const struct machine *m, json_t *spec)
{
    const json_t *applied = machine_applied(m);
    json_t *wanted = json_deep_copy(spec);

    spec_diff(&node_schema, applied, wanted, put_back, spec);
    put(spec, "login", json_object_get(applied, "login"));
    json_decref(wanted);
}

static void note_moved(const struct machine *m, json_t *spec)
{
    json_t *networks = json_object_get(spec, "networks");
    const struct nic *nics = m->node->nics.items;

    for (size_t i = 0; i < m->node->nics.count; i++) {
        if (nics[i].moved)
            json_object_set_new(json_array_get(networks, i), "moved", json_true());
    }
}

json_t *machine_spec(const struct machine *m)
{
    json_t *spec = cluster_node_spec(m->node);

    note_moved(m, spec);
    if (m->image && m->image->digest)
        json_object_set_new(spec, "image_digest", json_string(m->image->digest));
    if (m->image && m->image->recipe)
        json_object_set_new(spec, "image_recipe", json_string(m->image->recipe));
    if (machine_keeps(m))
        keep_applied(m, spec);
    if (disk_is_none(&m->node->disk))
        return spec;
    if (!json_object_get(spec, "login"))
        json_object_set_new(spec, "login", login_spec(m));
    json_object_set_new(spec, "seed", json_string(m->seed_hash));
    return spec;
}

char *machine_root_name(const char *node)
{
    return xasprintf("%s.root.qcow2", node);
}

char *machine_disk_name(const char *node, const struct disk *disk)
{
    return xasprintf("%s.%s.%s", node, disk->name, disk_format_name(disk));
}

char *machine_seed_name(const struct machine *m)
{
    return xasprintf("%s.seed-%.12s.iso", m->name, m->seed_hash);
}

char *machine_console_name(const char *node)
{
    return xasprintf("%s.console.log", node);
}

char *machine_path(const struct machine *m, const char *volume)
{
    return xasprintf("%s/%s", m->pool_path, volume);
}

bool machine_may_start(const struct machine *m)
{
    return !m->provision->options.no_start || (m->found && m->found->active);
}

char *machine_network(const struct machine *m, const struct nic *nic)
{
    switch (network_mode(nic->net)->plug) {
    case PLUG_BRIDGE:
    case PLUG_OVS:
        return xstrdup(nic->net->bridge);
    case PLUG_DIRECT:
        return xstrdup(nic->net->dev);
    case PLUG_USER:
        return xstrdup("user");
    case PLUG_NETWORK:
        break;
    }
    if (nic->net->mode == NETWORK_EXTERNAL)
        return xstrdup(nic->net->external);
    return identity_network(m->provision->site.cluster_name, nic->network);
}

bool machine_reaches(const struct machine *m, const struct nic *nic)
{
    return network_mode(nic->net)->plug != PLUG_DIRECT || !host_is_local(m->host->host);
}

uint32_t machine_address(const struct machine *m)
{
    list_each(struct nic, m->node->nics, nic)
    {
        if (nic->ip && machine_reaches(m, nic))
            return nic->ip;
    }
    return 0;
}

struct machine_way machine_way(const struct machine *m)
{
    struct machine_way way = {machine_address(m), MACHINE_SSH_PORT};
    const struct nic *nic = node_user_nic(m->node);
    const struct port_forward *said = nic ? nic_ssh_forward(nic) : NULL;
    struct port_forward own = {.address = "127.0.0.1"};
    uint16_t port;

    if (way.ip || !nic || (!said && !nic->ssh_port))
        return way;
    own.host_port = nic->ssh_port;
    if (forward_reach(m->host->host, said ? said : &own, &way.ip, &port))
        way.port = port;
    return way;
}
