/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/run.h"
#include "cmd/table.h"
#include "provision/status.h"
#include "util/size.h"

static int open_site(struct context *context, struct site *ret, struct error **err)
{
    const struct status_options *options = context->options;
    struct provision_options how;

    if (options->cluster ? run_check_name(context, options->cluster, err) < 0
                         : context_load(context, err) < 0)
        return -1;
    how = run_options(context);
    if (options->cluster)
        how.cluster_name = options->cluster;
    return site_open(how.cluster, how.cluster_name, how.uri, how.dir, how.parallel, ret, err);
}

static char *addresses_text(const struct node_status *n)
{
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < n->address_count; i++) {
        const struct node_address *a = &n->addresses[i];
        const char *none = a->is_user ? "(no port for ssh)" : "(no lease)";

        buffer_printf(&out, "%s%s %s", i ? ", " : "", a->network, a->ip[0] ? a->ip : none);
        if (a->port)
            buffer_printf(&out, ":%u", a->port);
        buffer_printf(&out, "%s%s", a->ip6[0] ? " " : "", a->ip6);
    }
    return buffer_take(&out);
}

static const char *ready_text(const struct node_status *n)
{
    if (n->ready)
        return "yes";
    return n->has_ready && n->state == NODE_RUNNING ? "no" : "-";
}

static const char *state_note(const struct node_status *n)
{
    if (n->state == NODE_MISSING)
        return "not made yet: virtopo up";
    if (n->unwanted)
        return n->clone_of ? "a clone, not in the file" : "not in the file any more";
    if (n->state == NODE_KILLED)
        return "virtopo fault heal starts it";
    if (n->state == NODE_PAUSED || n->state == NODE_STOPPED || n->state == NODE_CRASHED)
        return "virtopo up starts it";
    if (n->drifted)
        return "changes wait for a restart";
    return "";
}

/* What is done to it on purpose comes first. */
static char *note_of(const struct node_status *n)
{
    const char *note = state_note(n);
    struct buffer out = {0};

    for (size_t i = 0; i < n->faults.count && n->state != NODE_KILLED; i++) {
        auto_free char *line = fault_line(&n->faults.items[i]);

        buffer_printf(&out, "%s%s", out.length ? "; " : "fault: ", line);
    }
    if (*note)
        buffer_printf(&out, "%s%s", out.length ? "; " : "", note);
    return buffer_take(&out);
}

static void print_text(const struct status *s)
{
    static const char *const headings[] = {"NODE",   "STATE", "READY",     "CPUS",
                                           "MEMORY", "HOST",  "ADDRESSES", "NOTE"};
    auto_table struct table t = {.columns = ARRAY_SIZE(headings)};

    for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
        table_add(&t, headings[i]);
    for (size_t i = 0; i < s->node_count; i++) {
        const struct node_status *n = &s->nodes[i];
        auto_free char *addresses = addresses_text(n);
        auto_free char *note = note_of(n);
        char cpus[24], memory[SIZE_TEXT];

        snprintf(cpus, sizeof cpus, "%lld", n->cpus);
        table_add(&t, n->name);
        table_add(&t, node_state_name(n->state));
        table_add(&t, ready_text(n));
        table_add(&t, cpus);
        table_add(&t, size_format(n->memory, memory));
        table_add(&t, n->host);
        table_add(&t, addresses);
        table_add(&t, note);
    }
    table_print(&t, stdout);
}

static void print_json(const struct site *site, const struct status *s)
{
    json_t *nodes = json_array(), *networks = json_array();

    for (size_t i = 0; i < s->node_count; i++)
        json_array_append_new(nodes, status_node_json(&s->nodes[i]));
    for (size_t i = 0; i < s->network_count; i++)
        json_array_append_new(networks, status_network_json(&s->networks[i]));
    context_print_json("result", json_pack("{s:s, s:o, s:o}", "cluster", site->cluster_name,
                                           "nodes", nodes, "networks", networks));
}

int cmd_status(struct context *context, struct error **err)
{
    auto_status struct status status = {0};
    struct site site;

    if (open_site(context, &site, err) < 0)
        return -1;
    status_read(&site, &status);
    if (context->globals.json)
        print_json(&site, &status);
    else if (status.node_count == 0)
        context_say(context, "Cluster %s has no nodes here.", site.cluster_name);
    else
        print_text(&status);
    site_close(&site);
    return EXIT_DONE;
}
