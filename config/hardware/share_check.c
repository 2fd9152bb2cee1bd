/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of `shares`. */
#include <string.h>

#include "config/loader.h"

static const char tag_characters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

/* fstab has blanks between its words. */
static bool is_mount_point(const char *path)
{
    return *path == '/' && path[1] && !strpbrk(path, " \t\\#") && !strstr(path, "//") &&
           !strstr(path, "/../") && !strstr(path, "/./");
}

static void check_target(struct loader *l, struct names *targets, const struct share *share)
{
    struct position at = loader_position(share->source_node, "target");
    const struct share *before;

    if (!share->target)
        return;
    if (!is_mount_point(share->target))
        finding_error(l->d, at, "share-target", "write the whole path of a folder: /mnt/data",
                      "nothing can be mounted at '%s'", share->target);
    before = names_add(targets, share->target, (void *)share);
    if (before)
        finding_error(l->d, at, "share-target", "mount one of them elsewhere",
                      "'%s' is mounted at %s already", before->source, share->target);
}

static void check_tag(struct loader *l, struct names *tags, const struct share *share)
{
    size_t most = share->driver == SHARE_9P ? SHARE_TAG_LONGEST_9P : SHARE_TAG_LONGEST;
    struct position at = loader_position(share->source_node, "tag");

    if (strspn(share->tag, tag_characters) != strlen(share->tag) || share->tag[0] == '-')
        finding_error(l->d, at, "share-tag", "use letters, digits and . _ -",
                      "'%s' cannot be the tag of a share", share->tag);
    else if (strlen(share->tag) > most)
        finding_error(l->d, at, "share-tag", "shorten it",
                      "the tag '%s' has %zu characters, and %s takes %zu", share->tag,
                      strlen(share->tag), share_drivers[share->driver], most);
    if (names_add(tags, share->tag, (void *)share))
        finding_error(l->d, at, "share-tag", "each share needs a tag of its own",
                      "the tag '%s' is taken", share->tag);
}

static void check_readonly(struct loader *l, const struct share *share)
{
    if (share->readonly && share->driver == SHARE_VIRTIOFS)
        finding_error(l->d, loader_position(share->source_node, "readonly"), "share-readonly",
                      "add 'driver: 9p', or 'options: ro' if the guest may be trusted",
                      "virtiofs cannot keep the guest from writing");
}

static void check_memory_shared(struct loader *l, const struct node *node,
                                const struct share *share)
{
    const struct memory_setting *memory = &node->memory;
    bool is_private = memory->shared == SWITCH_OFF || memory->backing == MEMORY_ANONYMOUS;

    if (share->driver == SHARE_VIRTIOFS && is_private)
        finding_error(l->d, share->source_node->position, "share-memory",
                      "take 'driver: 9p', or leave the memory as it is by default",
                      "virtiofs needs the guest's memory shared, and 'memory' says otherwise");
}

void check_shares(struct loader *l, const struct node *node)
{
    auto_names struct names targets = {0}, tags = {0};

    list_each(struct share, node->shares, share)
    {
        const struct document_node *source = share->source_node;

        check_unfit(l, &share_schema, source, "cache queue xattr",
                    share->driver == SHARE_VIRTIOFS);
        check_unfit(l, &share_schema, source, "access", share->driver == SHARE_9P);
        check_absolute(l, source, "source", share->source);
        check_target(l, &targets, share);
        check_tag(l, &tags, share);
        check_readonly(l, share);
        check_memory_shared(l, node, share);
        if (share->options && strpbrk(share->options, " \t#\\"))
            finding_error(l->d, loader_position(source, "options"), "share-options",
                          "write them with commas and without blanks: noatime,nosuid",
                          "'%s' cannot be mount options", share->options);
        if (share->options && !share->target)
            finding_error(l->d, loader_position(source, "options"), "share-options",
                          "add 'target: /mnt/data'",
                          "options are for mounting, and the share has no target");
    }
}
