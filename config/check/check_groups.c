/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of one node's own values. */
#include <inttypes.h>
#include <string.h>

#include "config/loader.h"
#include "util/size.h"

#define SERIAL_LONGEST 20

void check_step(struct loader *l, struct position at, const char *key, uint64_t size)
{
    char text[SIZE_TEXT];

    if (size % MIB == 0)
        return;
    finding_error(l->d, at, "size-step",
                  arena_printf(l->arena, "write %" PRIu64 "M", size / MIB + 1),
                  "%s '%s' is not a whole number of MiB", key, size_format_exact(size, text));
}

static void check_serial(struct loader *l, struct names *serials, const struct disk *disk)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    bool is_given = document_get(disk->source, "serial") != NULL;
    struct position at = loader_position(disk->source, is_given ? "serial" : "name");
    const struct disk *before;

    if (!disk->serial)
        return;
    if (strlen(disk->serial) > SERIAL_LONGEST)
        finding_error(l->d, at, "disk-serial",
                      is_given ? "shorten it"
                               : "set 'serial' to something shorter; by default it is the name",
                      "the serial '%s' has %zu characters, and a disk can have %d",
                      disk->serial, strlen(disk->serial), SERIAL_LONGEST);
    else if (strspn(disk->serial, allowed) != strlen(disk->serial))
        finding_error(l->d, at, "disk-serial", "use letters, digits and . _ + -",
                      "'%s' cannot be a disk's serial", disk->serial);
    before = names_add(serials, disk->serial, (void *)disk);
    if (before && is_given)
        finding_error(l->d, at, "disk-serial", "each disk needs a serial of its own",
                      "serial '%s' is already the one of disk '%s'", disk->serial,
                      before->name);
}

static void check_disks(struct loader *l, const struct node *node)
{
    static const char *const taken[] = {"root", "seed", "console"};
    auto_names struct names names = {0}, serials = {0};

    check_step(l, loader_position(node->source, "disk"), "disk", node->disk);
    list_each(struct disk, node->disks, disk)
    {
        const struct disk *before;
        struct position at = loader_position(disk->source, "name");

        check_step(l, loader_position(disk->source, "size"), "size", disk->size);
        check_serial(l, &serials, disk);
        if (!disk->name)
            continue;
        for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
            if (!strcmp(disk->name, taken[i]))
                finding_error(l->d, at, "disk-name", "take another name, such as data",
                              "a disk cannot be called '%s': every node has a file of that "
                              "name",
                              disk->name);
        }
        before = names_add(&names, disk->name, disk);
        if (before)
            finding_error(l->d, at, "disk-name", "rename one of them",
                          "disk '%s' is already in %s", disk->name,
                          loader_line(l, at, loader_position(before->source, "name")));
    }
}

static void check_nics(struct loader *l, const struct node *node)
{
    list_each(struct nic, node->nics, nic)
    {
        long long limit = nic->net && nic->net->mtu ? nic->net->mtu : 1500;

        if (nic->net && nic->mtu > limit)
            finding_error(l->d, loader_position(nic->source, "mtu"), "nic-mtu",
                          arena_printf(l->arena, "set 'mtu: %lld' in network '%s' too",
                                       nic->mtu, nic->network),
                          "mtu %lld is more than the %lld of network '%s'", nic->mtu, limit,
                          nic->network);
        if (nic->mac_explicit && node->count > 1)
            finding_error(l->d, loader_position(nic->source, "mac"), "mac-count",
                          "leave it out: every node gets one of its own that never changes",
                          "%lld nodes cannot share one MAC address", node->count);
    }
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

static void check_packages(struct loader *l, const struct node *node)
{
    const struct document_node *list = document_get(node->source, "packages");
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
        check_disks(l, node);
        check_nics(l, node);
        check_ready(l, node);
        check_packages(l, node);
        check_files(l, node);
    }
    l->d->subject = NULL;
}
