/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/run.h"
#include "host/identity.h"
#include "host/key.h"
#include "provision/status.h"
#include "util/file.h"
#include "util/process.h"
#include "util/suggest.h"

#define MEMBERS_SHOWN 10

/* "w-1, w-2": the nodes that a group's name stands for, or NULL. */
static char *members(const struct status *s, const char *group)
{
    auto_buffer struct buffer out = {0};
    size_t length = strlen(group), count = 0;

    for (size_t i = 0; i < s->node_count; i++) {
        const char *name = s->nodes[i].name;

        if (strncmp(name, group, length) != 0 || name[length] != '-' || !name[length + 1] ||
            name[length + 1 + strspn(name + length + 1, "0123456789")])
            continue;
        if (count++ < MEMBERS_SHOWN)
            buffer_printf(&out, "%s%s", count > 1 ? ", " : "", name);
    }
    if (count > MEMBERS_SHOWN)
        buffer_puts(&out, ", ...");
    return count ? buffer_take(&out) : NULL;
}

static const struct node_status *find_node(const struct status *s, const char *name,
                                           struct error **err)
{
    struct suggest suggest = suggest_start(name);
    auto_free char *group = NULL;

    for (size_t i = 0; i < s->node_count; i++) {
        if (strcmp(s->nodes[i].name, name) == 0)
            return &s->nodes[i];
        suggest_offer(&suggest, s->nodes[i].name);
    }
    error_set(err, ERROR_USAGE, "there is no node '%s'", name);
    group = members(s, name);
    if (group)
        error_hint(err, "it is a group: %s", group);
    else if (suggest_result(&suggest))
        error_hint(err, "did you mean '%s'?", suggest_result(&suggest));
    return NULL;
}

/* One of its own, before a port of the host. */
static const struct node_address *first_address(const struct node_status *n)
{
    const struct node_address *found = NULL;

    for (size_t i = 0; i < n->address_count; i++) {
        const struct node_address *a = &n->addresses[i];

        if (a->ip[0] && !a->apart && (!found || (found->port && !a->port)))
            found = a;
    }
    return found;
}

static bool is_apart(const struct node_status *n)
{
    bool all = n->address_count > 0;

    for (size_t i = 0; i < n->address_count; i++)
        all = all && n->addresses[i].apart;
    return all;
}

static int check_reachable(const struct node_status *n, struct error **err)
{
    if (n->state != NODE_RUNNING) {
        error_set(err, ERROR_FAILED, "node '%s' is %s", n->name, node_state_name(n->state));
        return error_hint(err, "`virtopo up` brings it up");
    }
    if (is_apart(n)) {
        error_set(err, ERROR_FAILED,
                  "node '%s' is on devices of this host by macvtap, and the host itself does "
                  "not reach it",
                  n->name);
        return error_hint(err, "ask from another machine, or give it a NIC on another network");
    }
    if (!first_address(n)) {
        error_set(err, ERROR_FAILED, "node '%s' has no address", n->name);
        return error_hint(err, "it has no network, or no DHCP lease yet; virsh console reaches "
                               "its serial console");
    }
    return 0;
}

static int check_key(const struct context *context, const char *path, struct error **err)
{
    if (access(path, R_OK) == 0)
        return 0;
    error_errno(err, errno, "cannot read the key %s", path);
    if (context->cluster->ssh.key)
        return -1;
    return error_hint(err,
                      "the cluster was brought up by another user or machine, which has its "
                      "key; with ssh.key in the file everybody can use their own copy");
}

/* The guest's host key is known from its tag: written where ssh looks, under a name that no
 * other machine has, so that nothing clashes with the user's own known_hosts. */
static int write_known_hosts(const struct node_status *n, const char *alias, char **ret,
                             struct error **err)
{
    auto_free char *cache = path_cache();
    auto_free char *folder = xasprintf("%s/known_hosts/%s", cache, n->cluster);
    auto_free char *path = xasprintf("%s/%s", folder, n->name);
    auto_free char *line = NULL;

    if (file_make_folders(folder, 0700, err) < 0)
        return -1;
    if (n->host_key) {
        line = xasprintf("%s %s\n", alias, n->host_key);
        if (file_publish(path, line, strlen(line), 0600, err) < 0)
            return -1;
    }
    *ret = TAKE(path);
    return 0;
}

/* One word is a command line for the guest's shell, as with ssh; several are its exact words.
 */
static char *remote_command(const struct context *context)
{
    auto_buffer struct buffer out = {0};

    if (context->rest_count == 1)
        return xstrdup(context->rest[0]);
    for (size_t i = 0; i < context->rest_count; i++) {
        auto_free char *word = shell_quote(context->rest[i]);

        buffer_printf(&out, "%s%s", i ? " " : "", word);
    }
    return buffer_take(&out);
}

static int run_ssh(const struct context *context, const struct node_status *n,
                   const char *key_path, struct error **err)
{
    auto_free char *alias = identity_domain(n->cluster, n->name);
    auto_free char *known_hosts = NULL;
    auto_free char *known_option = NULL;
    auto_free char *alias_option = xasprintf("HostKeyAlias=%s", alias);
    auto_free char *target =
        xasprintf("%s@%s", n->user ? n->user : "root", first_address(n)->ip);
    unsigned port = first_address(n)->port;
    auto_free char *port_option = port ? xasprintf("Port=%u", port) : NULL;
    auto_free char *command = context->rest_count ? remote_command(context) : NULL;
    const char *argv[32];
    size_t count = 0;

    if (write_known_hosts(n, alias, &known_hosts, err) < 0)
        return -1;
    known_option = xasprintf("UserKnownHostsFile=\"%s\"", known_hosts);
    {
        const char *const fixed[] = {"ssh",
                                     "-i",
                                     key_path,
                                     "-o",
                                     "IdentitiesOnly=yes",
                                     "-o",
                                     known_option,
                                     "-o",
                                     "GlobalKnownHostsFile=/dev/null",
                                     "-o",
                                     alias_option,
                                     "-o",
                                     "CheckHostIP=no",
                                     "-o",
                                     n->host_key ? "StrictHostKeyChecking=yes"
                                                 : "StrictHostKeyChecking=accept-new"};

        for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
            argv[count++] = fixed[i];
    }
    if (!context->globals.verbose) {
        argv[count++] = "-o";
        argv[count++] = "LogLevel=ERROR";
    }
    if (port_option) {
        argv[count++] = "-o";
        argv[count++] = port_option;
    }
    argv[count++] = target;
    if (command)
        argv[count++] = command;
    argv[count] = NULL;
    execvp("ssh", (char *const *)argv);
    return error_errno(err, errno, "cannot run ssh");
}

int cmd_ssh(struct context *context, struct error **err)
{
    struct provision_options how = run_options(context);
    auto_status struct status status = {0};
    auto_free char *key = context->cluster->ssh.key ? xstrdup(context->cluster->ssh.key)
                                                    : key_cluster_path(context->cluster->name);
    const struct node_status *n;
    struct site site;
    int outcome = -1;

    if (site_open(how.cluster, NULL, how.uri, how.dir, how.parallel, &site, err) < 0)
        return -1;
    status_read(&site, &status);
    n = find_node(&status, context->args[0], err);
    if (n && check_reachable(n, err) == 0 && check_key(context, key, err) == 0)
        outcome = run_ssh(context, n, key, err);
    site_close(&site);
    return outcome;
}
