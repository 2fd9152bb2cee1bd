/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fault/fault_field.h"

#include <stdlib.h>
#include <string.h>

#include "util/suggest.h"
#include "util/terminal.h"

static const struct domain_view_nic *view_nic(const struct domain_view *view, struct mac mac)
{
    for (size_t i = 0; i < view->nic_count; i++) {
        if (memcmp(&view->nics[i].mac, &mac, sizeof mac) == 0)
            return &view->nics[i];
    }
    return NULL;
}

/* Frames of a macvtap device pass the host's own device below every queue of ours. */
static bool is_tap(const char *device)
{
    return device && strncmp(device, "macvtap", 7) != 0;
}

static void add_nics(struct fault_node *node)
{
    const struct survey_domain *d = node->domain;
    const json_t *nics = json_object_get(d->config.tag.spec, "networks");
    json_t *nic;
    size_t i;

    json_array_foreach (nics, i, nic) {
        const char *network = json_string_value(json_object_get(nic, "network"));
        const char *mac = json_string_value(json_object_get(nic, "mac"));
        const struct domain_view_nic *live = NULL, *config;
        struct fault_nic n = {.network = xstrdup(network ? network : "?")};

        if (mac && mac_parse(mac, &n.mac, NULL) == 0)
            live = d->has_live ? view_nic(&d->live, n.mac) : NULL;
        config = view_nic(&d->config, n.mac);
        n.tap = live && is_tap(live->target) ? xstrdup(live->target) : NULL;
        n.down = live && live->link_down;
        n.stays_up = config && !config->link_down;
        vector_push(node->nics, node->nic_count, n);
    }
}

/* "web" of "web-2". */
static char *group_of(const char *name)
{
    size_t length = strlen(name), digits = 0;

    while (digits < length && strchr("0123456789", name[length - digits - 1]))
        digits++;
    if (digits && digits + 1 < length && name[length - digits - 1] == '-')
        return xstrndup(name, length - digits - 1);
    return xstrdup(name);
}

static void add_node(struct fault_field *field, struct site_host *host,
                     const struct survey_domain *d)
{
    struct fault_node node = {.name = d->config.tag.name, .host = host, .domain = d};

    node.group = group_of(node.name);
    node.runs = d->has_live;
    faults_copy(d->has_live ? &d->live.faults : &d->config.faults, &node.now);
    /* What is defined says of a node that runs that it was killed once. */
    if (d->has_live)
        faults_remove(&node.now, FAULT_KILLED, NULL);
    faults_copy(&node.now, &node.then);
    add_nics(&node);
    vector_push(field->nodes, field->count, node);
}

static int compare(const void *a, const void *b)
{
    return strverscmp(((const struct fault_node *)a)->name,
                      ((const struct fault_node *)b)->name);
}

void fault_field_open(const struct site *site, struct fault_field *ret)
{
    *ret = (struct fault_field){.site = site};
    for (size_t h = 0; h < site->host_count; h++) {
        struct site_host *host = &site->hosts[h];

        for (size_t i = 0; i < host->survey.domain_count; i++) {
            if (host->survey.domains[i].ours)
                add_node(ret, host, &host->survey.domains[i]);
        }
    }
    if (ret->count)
        qsort(ret->nodes, ret->count, sizeof *ret->nodes, compare);
}

void fault_field_close(struct fault_field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        struct fault_node *node = &field->nodes[i];

        for (size_t n = 0; n < node->nic_count; n++) {
            free(node->nics[n].network);
            free(node->nics[n].tap);
        }
        free(node->nics);
        free(node->group);
        faults_done(&node->now);
        faults_done(&node->then);
    }
    free(field->nodes);
    *field = (struct fault_field){0};
}

static int unknown(const struct fault_field *field, const char *name, bool groups,
                   struct error **err)
{
    auto_free char *safe = terminal_safe_line(name);
    struct suggest suggest = suggest_start(name);

    for (size_t i = 0; i < field->count; i++) {
        suggest_offer(&suggest, field->nodes[i].name);
        if (groups)
            suggest_offer(&suggest, field->nodes[i].group);
    }
    error_set(err, ERROR_USAGE, "cluster '%s' has no node '%s' on its hosts",
              field->site->cluster_name, safe);
    if (suggest_result(&suggest))
        return error_hint(err, "did you mean %s?", suggest_result(&suggest));
    return error_hint(err, "`virtopo status` shows the nodes");
}

int fault_field_node(struct fault_field *field, const char *name, struct fault_node **ret,
                     struct error **err)
{
    for (size_t i = 0; i < field->count; i++) {
        if (strcmp(field->nodes[i].name, name) == 0) {
            *ret = &field->nodes[i];
            return 0;
        }
    }
    return unknown(field, name, false, err);
}

int fault_field_on(struct fault_field *field, const char *name, const char *network,
                   struct fault_node **ret, struct error **err)
{
    auto_buffer struct buffer has = {0};
    auto_free char *safe = terminal_safe_line(network);

    if (fault_field_node(field, name, ret, err) < 0)
        return -1;
    if (!(*ret)->runs) {
        error_set(err, ERROR_FAILED, "node '%s' does not run", name);
        return error_hint(err, "`virtopo up %s` starts it", name);
    }
    for (size_t i = 0; i < (*ret)->nic_count; i++) {
        if (strcmp((*ret)->nics[i].network, network) == 0)
            return 0;
        buffer_printf(&has, "%s%s", i ? ", " : "", (*ret)->nics[i].network);
    }
    error_set(err, ERROR_USAGE, "node '%s' has no NIC on a network '%s'", name, safe);
    return has.length ? error_hint(err, "it is on %s", has.data)
                      : error_hint(err, "it is on no network");
}

int fault_field_choose(const struct fault_field *field, const char *word, bool *chosen,
                       struct error **err)
{
    bool found = false;

    for (size_t i = 0; i < field->count; i++) {
        if (strcmp(field->nodes[i].name, word) == 0 || strcmp(field->nodes[i].group, word) == 0)
            chosen[i] = found = true;
    }
    return found ? 0 : unknown(field, word, true, err);
}

bool fault_holds_link(const struct survey_domain *domain, const char *network)
{
    return domain && domain->has_live &&
           faults_find(&domain->live.faults, FAULT_LINK_DOWN, network);
}
