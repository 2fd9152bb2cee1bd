/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of one node's own values. */
#include <inttypes.h>
#include <string.h>

#include "config/loader.h"
#include "util/size.h"

void check_step(struct loader *l, struct position at, const char *key, uint64_t size)
{
    char text[SIZE_TEXT];

    if (size % MIB == 0)
        return;
    finding_error(l->d, at, "size-step",
                  arena_printf(l->arena, "write %" PRIu64 "M", size / MIB + 1),
                  "%s '%s' is not a whole number of MiB", key, size_format_exact(size, text));
}

/* The file itself says ssh: any other word there has been reported. */
static bool says_ssh(const struct node *node)
{
    const struct document_node *kind = document_get(node->ready.source, "kind");

    kind = kind ? kind : node->ready.source;
    return kind && kind->kind == DOCUMENT_SCALAR && !strcmp(kind->text, "ssh");
}

static void check_ready(struct loader *l, const struct node *node)
{
    const struct document_node *networks = document_get(node->source, "networks");

    if (!says_ssh(node) || node->nics.count > 0)
        return;
    /* What could not be read has been reported. */
    if (networks && (networks->kind != DOCUMENT_SEQUENCE || networks->count > 0))
        return;
    finding_error(l->d, loader_position(node->source, "ready"), "ready-network",
                  "give it a network, or write 'ready: none'",
                  "node '%s' has no network, so SSH can never answer", node->group);
}

void check_packages(struct loader *l, const struct document_node *source)
{
    const struct document_node *list = document_get(source, "packages");
    const struct document_node *item;

    if (!list || list->kind != DOCUMENT_SEQUENCE)
        return;
    document_each (list, i, item) {
        if (item->kind == DOCUMENT_SCALAR && item->text[0] == '-')
            finding_error(l->d, item->position, "package-name",
                          "package managers would take it for an option",
                          "a package cannot be called '%s'", item->text);
    }
}

void check_groups(struct loader *l)
{
    for (size_t i = 0; i < l->group_count; i++) {
        struct node *node = &l->groups[i].base;

        l->d->subject = node->group;
        check_cpus(l, node);
        check_numa(l, node);
        check_memory(l, node);
        check_devices(l, node);
        check_disks(l, node);
        check_cdroms(l, node);
        check_nics(l, node);
        check_nic_routes(l, node);
        check_boot_order(l, node);
        check_ready(l, node);
        check_packages(l, node->source);
        check_files(l, &node->files);
        check_templates(l, node);
        check_platform(l, node);
        check_boot_names(l, node);
        check_os(l, node);
        check_clock(l, node);
        check_node_features(l, node);
        check_smbios(l, node);
        check_fragments(l, node);
    }
    l->d->subject = NULL;
    check_shared_disks(l);
}
