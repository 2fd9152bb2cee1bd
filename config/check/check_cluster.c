/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the top level: names, logins, hosts. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "config/loader.h"
#include "config/schema/schema_types.h"

#define FQDN_LONGEST 253
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static void check_cluster_name(struct loader *l)
{
    const char *name = l->cluster->name;
    const char *near;

    if (!name || schema_is_name(name, CLUSTER_NAME_LONGEST))
        return;
    near = schema_nearest_name(l->arena, name, CLUSTER_NAME_LONGEST);
    finding_error(l->d, loader_position(l->root, "cluster"), "cluster-name",
                  near ? arena_printf(l->arena, "write %s", near)
                       : "use a-z, 0-9 and '-', at most 32 characters, the first and the last "
                         "a letter or digit",
                  "'%s' cannot be a cluster's name", name);
}

static bool is_domain(const char *domain)
{
    size_t length;

    for (const char *label = domain;; label += length + 1) {
        length = strcspn(label, ".");
        if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-' ||
            strspn(label, LETTERS DIGITS "-") < length)
            return false;
        if (!label[length])
            return true;
    }
}

/* In small letters, and '-' for '_'; NULL when that is no domain either. */
static const char *nearest_domain(struct loader *l, const char *domain)
{
    char *near = arena_strdup(l->arena, domain);

    for (char *p = near; *p; p++)
        *p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
    return strlen(near) <= FQDN_LONGEST && is_domain(near) ? near : NULL;
}

static void check_domain(struct loader *l)
{
    const char *domain = l->cluster->domain;
    struct position at = loader_position(l->root, "domain");
    const char *last, *near;

    if (!document_get(l->root, "domain") || !domain)
        return;
    if (strlen(domain) > FQDN_LONGEST || !is_domain(domain)) {
        near = nearest_domain(l, domain);
        finding_error(l->d, at, "domain-name",
                      near ? arena_printf(l->arena, "write %s", near)
                           : "words of a-z, 0-9 and '-' with dots between them, such as "
                             "lab.test",
                      "'%s' is not a DNS domain", domain);
        return;
    }
    last = strrchr(domain, '.');
    last = last ? last + 1 : domain;
    if (strspn(last, DIGITS) == strlen(last))
        finding_error(l->d, at, "domain-name", "write a name, such as lab.test",
                      "'%s' is not a DNS domain: the last word of one is no number", domain);
    else if (!strcmp(last, "localhost"))
        finding_error(
            l->d, at, "domain-name", "take one that ends in .test, which is meant for this",
            "'%s' cannot be the domain: every machine takes the names below localhost "
            "for itself",
            domain);
    else if (!strcmp(last, "local"))
        finding_warning(l->d, at, "domain-local",
                        "take one that ends in .test, which is meant for this",
                        "names below .local are looked up by multicast DNS, not by the "
                        "cluster's DNS servers");
}

void check_login(struct loader *l, const struct document_node *source, const char *user)
{
    if (!user || (strspn(user, LETTERS CAPITALS DIGITS "_.-") == strlen(user) &&
                  strlen(user) <= 32 && !strchr("-." DIGITS, *user)))
        return;
    finding_error(l->d, loader_position(source, "user"), "user-name",
                  "use letters, digits, '_', '.' and '-', at most 32 of them, and start with a "
                  "letter or '_'",
                  "'%s' cannot be a login", user);
}

/* libvirt hands parts of a URI to a shell on the other side. */
static void check_uri(struct loader *l, const struct host_entry *host)
{
    struct position at = loader_position(host->source, "uri");
    const char *known[] = {"qemu:",     "qemu+ssh:", "qemu+libssh:", "qemu+libssh2:",
                           "qemu+tls:", "qemu+tcp:", "qemu+unix:",   "test:"};
    bool is_known = false;

    if (!host->uri)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
        is_known = is_known || !strncmp(host->uri, known[i], strlen(known[i]));
    if (!is_known || !strstr(host->uri, "://"))
        finding_error(l->d, at, "host-uri",
                      "for example qemu:///system or qemu+ssh://root@192.0.2.11/system",
                      "'%s' is not the URI of a QEMU host", host->uri);
    else if (strspn(host->uri, LETTERS CAPITALS DIGITS ":/?&=@._~+,-[]") != strlen(host->uri))
        finding_error(l->d, at, "host-uri",
                      "use letters, digits and : / ? & = @ . _ ~ + , - [ ] only",
                      "the URI '%s' has a character that is not allowed", host->uri);
}

bool is_clean_path(const char *path)
{
    size_t length;

    if (*path != '/' || !path[1])
        return false;
    for (const char *part = path + 1;; part += length + 1) {
        length = strcspn(part, "/");
        if (length == 0 || (length == 1 && part[0] == '.') ||
            (length == 2 && part[0] == '.' && part[1] == '.'))
            return false;
        if (!part[length])
            return true;
    }
}

static void check_hosts(struct loader *l)
{
    const struct list *hosts = &l->cluster->hosts;
    bool given = document_get(l->root, "hosts") != NULL;

    list_each(struct host_entry, *hosts, host)
    {
        if (!given || host->source == l->root)
            return;
        if (host != hosts->items)
            finding_error(l->d, host->source->key_position, "hosts-single", "keep one of them",
                          "a cluster runs on one host for now, and '%s' is another one",
                          host->name);
        check_uri(l, host);
        if (!host->dir && host->uri)
            finding_error(l->d, host->source->key_position, "host-dir",
                          "for example dir: /home/ann/.local/share/virtopo-store",
                          "host '%s' needs a dir: where a user's data is on another machine is "
                          "not known here",
                          host->name);
        if (host->dir && !is_clean_path(host->dir))
            finding_error(l->d, loader_position(host->source, "dir"), "host-dir",
                          "for example /var/lib/virtopo", "dir '%s' is not a whole path",
                          host->dir);
    }
}

void check_cluster(struct loader *l)
{
    check_cluster_name(l);
    check_domain(l);
    if (l->cluster->ssh.source)
        check_login(l, l->cluster->ssh.source, l->cluster->ssh.user);
    check_hosts(l);
}

/* The longest name that a group makes, in full, must still be a DNS name. */
static void check_lengths(struct loader *l, const struct group *group)
{
    const char *name = group->nodes[group->size - 1].name;
    const char *domain = l->cluster->domain;

    if (strlen(name) > 63 && group->base.count)
        finding_error(l->d, group->base.source->key_position, "node-name",
                      "a host name has at most 63 characters",
                      "with its number, node '%s' has a name of %zu characters", name,
                      strlen(name));
    else if (domain && strlen(name) + 1 + strlen(domain) > FQDN_LONGEST)
        finding_error(l->d, group->base.source->key_position, "node-name",
                      "a full DNS name has at most 253 characters: shorten the domain",
                      "with the domain, the name of node '%s' has %zu characters", name,
                      strlen(name) + 1 + strlen(domain));
}

static void check_reserved(struct loader *l, const struct group *group)
{
    static const struct {
        const char *name, *meaning;
    } reserved[] = {
        {"localhost", "every machine calls itself that"},
        {"gateway", "it is the host's name on the cluster's networks"},
        {"host", "it is the host's name on the cluster's networks"},
        {"all", "it means all nodes in commands"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
        if (!strcmp(group->base.group, reserved[i].name))
            finding_error(l->d, group->base.source->key_position, "reserved-name",
                          "take another name", "a node cannot be called '%s': %s",
                          reserved[i].name, reserved[i].meaning);
    }
}

static void add_name(struct loader *l, const char *name, struct group *group, struct node *node)
{
    struct target *target = arena_alloc(l->arena, sizeof *target), *before;

    target->group = group;
    target->node = node;
    before = names_add(&l->targets, name, target);
    if (before)
        finding_error(l->d, group->base.source->key_position, "node-collision",
                      "rename one of them",
                      "the name '%s' is made twice: here and by '%s' in %s", name,
                      before->group->base.group,
                      loader_line(l, group->base.source->key_position,
                                  before->group->base.source->key_position));
}

void check_names(struct loader *l)
{
    for (size_t i = 0; i < l->group_count; i++) {
        struct group *group = &l->groups[i];

        check_reserved(l, group);
        check_lengths(l, group);
        add_name(l, group->base.group, group, group->base.count ? NULL : group->nodes);
        for (size_t k = 0; k < group->size && group->base.count; k++)
            add_name(l, group->nodes[k].name, group, &group->nodes[k]);
    }
}
