/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/run.h"
#include "cmd/table.h"
#include "provision/status.h"

struct row {
    const char *cluster, *host, *owner;
    size_t nodes, running, networks;
};

struct rows {
    struct row *items;
    size_t count;
};

static struct row *row_of(struct rows *rows, const char *cluster, const char *host)
{
    struct row row = {.cluster = cluster, .host = host};

    for (size_t i = 0; i < rows->count; i++) {
        if (strcmp(rows->items[i].cluster, cluster) == 0 &&
            strcmp(rows->items[i].host, host) == 0)
            return &rows->items[i];
    }
    vector_push(rows->items, rows->count, row);
    return &rows->items[rows->count - 1];
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->cluster, y->cluster);

    return order ? order : strcmp(x->host, y->host);
}

static void collect(const struct status *s, struct rows *rows)
{
    for (size_t i = 0; i < s->node_count; i++) {
        struct row *row = row_of(rows, s->nodes[i].cluster, s->nodes[i].host);

        row->nodes++;
        row->running += s->nodes[i].state == NODE_RUNNING;
        row->owner = s->nodes[i].owner;
    }
    for (size_t i = 0; i < s->network_count; i++)
        row_of(rows, s->networks[i].cluster, s->networks[i].host)->networks++;
    if (rows->count)
        qsort(rows->items, rows->count, sizeof *rows->items, compare_rows);
}

static void print_text(const struct rows *rows)
{
    static const char *const headings[] = {"CLUSTER", "HOST",     "NODES",
                                           "RUNNING", "NETWORKS", "OWNER"};
    auto_table struct table t = {.columns = ARRAY_SIZE(headings)};

    for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
        table_add(&t, headings[i]);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];
        char numbers[3][24];

        snprintf(numbers[0], sizeof numbers[0], "%zu", row->nodes);
        snprintf(numbers[1], sizeof numbers[1], "%zu", row->running);
        snprintf(numbers[2], sizeof numbers[2], "%zu", row->networks);
        table_add(&t, row->cluster);
        table_add(&t, row->host);
        for (size_t n = 0; n < 3; n++)
            table_add(&t, numbers[n]);
        table_add(&t, row->owner);
    }
    table_print(&t, stdout);
}

static void print_json(const struct rows *rows)
{
    json_t *clusters = json_array();

    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];

        json_array_append_new(
            clusters, json_pack("{s:s, s:s, s:I, s:I, s:I, s:s?}", "cluster", row->cluster,
                                "host", row->host, "nodes", (json_int_t)row->nodes, "running",
                                (json_int_t)row->running, "networks", (json_int_t)row->networks,
                                "owner", row->owner));
    }
    context_print_json("result", json_pack("{s:o}", "clusters", clusters));
}

int cmd_list(struct context *context, struct error **err)
{
    auto_status struct status status = {0};
    struct provision_options how;
    struct rows rows = {0};
    struct site site;

    if (run_open_site(context, &how, &site, err) < 0)
        return -1;
    status_read(&site, &status);
    collect(&status, &rows);
    if (context->globals.json)
        print_json(&rows);
    else if (rows.count == 0)
        context_say(context, "No clusters on %s.", how.uri);
    else
        print_text(&rows);
    free(rows.items);
    site_close(&site);
    return EXIT_DONE;
}
