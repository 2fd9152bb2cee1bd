/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fault/fault_host.h"

#include <stdlib.h>
#include <string.h>

#include "host/shell.h"
#include "templates/fault/fault_script.h"

/* A script may have 100 KiB; a single tap's part may have half of that. */
#define SCRIPT_FULL (40u << 10)
#define SHELL_MS 120000

static bool has_host_part(const struct faults *faults)
{
    return faults_find(faults, FAULT_NETEM, NULL) || faults_find(faults, FAULT_PARTITION, NULL);
}

static int explain(const struct host *host, const struct shell_result *result,
                   struct error **err)
{
    auto_free char *said = xstrdup(result->output.data ? result->output.data : "");

    error_set(err, ERROR_FAILED, "changing the nodes' taps on host '%s' failed",
              host_name(host));
    if (*said)
        error_detail(err, said);
    switch (result->status) {
    case FAULT_EXIT_NO_TC:
        return error_hint(err, "it has no `tc`: apt install iproute2, or dnf install "
                               "iproute-tc");
    case FAULT_EXIT_NO_NETEM:
        return error_hint(err, "its kernel has no netem, which delays packets: `modprobe "
                               "sch_netem`; Fedora has it in kernel-modules-extra, Debian in "
                               "linux-image-amd64. --loss, and --rate without --delay, work "
                               "without it");
    case FAULT_EXIT_NO_IFB:
        return error_hint(err, "its kernel cannot delay what comes from a node (ifb, "
                               "act_mirred: `modprobe ifb`); --direction in needs neither");
    case FAULT_EXIT_BUSY:
        return error_hint(err, "the NIC has queues of its own, as with the key `bandwidth`: "
                               "take that out of the file and run `virtopo up`, which is live");
    case FAULT_EXIT_NO_BPF:
        return error_hint(err, "its kernel has no filters by BPF: `modprobe cls_bpf`");
    default:
        return -1;
    }
}

static int run_script(struct host *host, struct buffer *script, struct error **err)
{
    auto_shell_result struct shell_result result = {0};
    struct shell_options options = {.timeout_ms = SHELL_MS, .root = true};

    if (shell_run(host, script->data, NULL, &options, &result, err) < 0)
        return -1;
    buffer_done(script);
    return result.status == 0 ? 0 : explain(host, &result, err);
}

/* Where a host takes no commands, nothing was ever done by one: heal need not. */
static int run(const struct fault_field *field, struct host *host, struct buffer *script,
               struct error **err)
{
    auto_error struct error *reason = NULL;

    if (run_script(host, script, &reason) == 0)
        return 0;
    for (size_t i = 0; i < field->count; i++) {
        if (has_host_part(&field->nodes[i].now) || has_host_part(&field->nodes[i].then))
            break;
        if (i + 1 == field->count && reason->kind == ERROR_NOT_FOUND)
            return 0;
    }
    error_move(err, TAKE(reason));
    return -1;
}

/* The addresses on that network of nodes on other sides. */
static void find_cut(const struct fault_field *field, const struct fault_node *node,
                     const char *network, struct mac **ret, size_t *count)
{
    const struct fault *own = faults_find(&node->then, FAULT_PARTITION, NULL);

    for (size_t i = 0; own && i < field->count; i++) {
        const struct fault_node *other = &field->nodes[i];
        const struct fault *theirs = faults_find(&other->then, FAULT_PARTITION, NULL);

        if (!theirs || theirs->side == own->side)
            continue;
        for (size_t n = 0; n < other->nic_count; n++) {
            if (strcmp(other->nics[n].network, network) == 0)
                vector_push(*ret, *count, other->nics[n].mac);
        }
    }
}

static void put_tap(const struct fault_field *field, const struct fault_node *node,
                    const struct fault_nic *nic, struct buffer *script)
{
    const struct fault *netem = faults_find(&node->then, FAULT_NETEM, nic->network);
    auto_free char *alias = fault_alias(field->site->cluster_name, node->name);
    auto_free struct mac *cut = NULL;
    struct fault_tap tap = {.tap = nic->tap, .alias = alias, .mac = nic->mac};

    find_cut(field, node, nic->network, &cut, &tap.cut_count);
    tap.cut = cut;
    tap.netem = netem ? &netem->netem : NULL;
    fault_script_tap(script, &tap);
}

/* Sides of others decide whom a node hears. */
static bool is_partition_changed(const struct fault_field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        const struct fault *was = faults_find(&field->nodes[i].now, FAULT_PARTITION, NULL);
        const struct fault *is = faults_find(&field->nodes[i].then, FAULT_PARTITION, NULL);

        if (!was != !is || (was && was->side != is->side))
            return true;
    }
    return false;
}

static bool needs_tap(const struct fault_node *node, bool partition)
{
    if (!node->runs)
        return false;
    if (node->touched)
        return true;
    if (!has_host_part(&node->now) && !has_host_part(&node->then))
        return false;
    return !faults_equal(&node->now, &node->then) ||
           (partition && faults_find(&node->then, FAULT_PARTITION, NULL));
}

int fault_host_apply(const struct fault_field *field, const struct site_host *host,
                     struct error **err)
{
    bool partition = is_partition_changed(field);
    auto_buffer struct buffer script = {0};

    for (size_t i = 0; i < field->count; i++) {
        const struct fault_node *node = &field->nodes[i];

        if (node->host != host || !needs_tap(node, partition))
            continue;
        for (size_t n = 0; n < node->nic_count; n++) {
            if (!node->nics[n].tap)
                continue;
            if (!script.length)
                fault_script_start(&script);
            put_tap(field, node, &node->nics[n], &script);
            if (script.length > SCRIPT_FULL && run(field, host->host, &script, err) < 0)
                return -1;
        }
    }
    return script.length ? run(field, host->host, &script, err) : 0;
}

/* Whether something may be left there. A shell costs a session where the host is far. */
static bool is_suspect(const struct site_host *host)
{
    bool marked = host_is_local(host->host);

    for (size_t i = 0; i < host->survey.domain_count; i++) {
        const struct survey_domain *d = &host->survey.domains[i];

        marked = marked || (d->ours && (d->config.faults.marked || d->live.faults.marked));
    }
    return marked && !host_is_mock(host->host);
}

int fault_sweep(const struct site *site, struct error **err)
{
    auto_free char *alias = fault_alias(site->cluster_name, NULL);

    for (size_t i = 0; i < site->host_count; i++) {
        struct host *host = site->hosts[i].host;
        auto_buffer struct buffer list = {0}, sweep = {0}, left = {0};
        auto_error struct error *reason = NULL;

        if (!is_suspect(&site->hosts[i]))
            continue;
        fault_script_list(&list, alias);
        if (shell_check(host, "looking for what faults left", list.data, NULL, NULL, &left,
                        &reason) < 0) {
            /* Where a host takes no commands, none was ever given. */
            if (reason->kind == ERROR_NOT_FOUND)
                continue;
            error_move(err, TAKE(reason));
            return -1;
        }
        if (!left.length)
            continue;
        fault_script_start(&sweep);
        fault_script_sweep(&sweep, alias);
        if (run_script(host, &sweep, err) < 0)
            return -1;
    }
    return 0;
}
