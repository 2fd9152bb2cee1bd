/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/disk_source.h"

#include <string.h>

#include "util/memory.h"

int disk_source_kind(const struct disk_source *source)
{
    if (source->file)
        return DISK_SOURCE_FILE;
    if (source->block)
        return DISK_SOURCE_BLOCK;
    if (source->nfs.source)
        return DISK_SOURCE_NFS;
    if (source->iscsi.source)
        return DISK_SOURCE_ISCSI;
    return source->rbd.source ? DISK_SOURCE_RBD : DISK_SOURCE_NONE;
}

bool disk_source_short(struct binder *b, const struct document_node *node, void *target)
{
    const char *key;

    if (node->kind != DOCUMENT_SCALAR || node->is_null)
        return false;
    key = strncmp(node->text, "/dev/", 5) == 0 ? "block" : "file";
    schema_bind_field(b, schema_field(&disk_source_schema, key), node, target);
    return true;
}

const char *disk_source_text(struct arena *arena, const struct disk_source *s)
{
    switch (s->kind) {
    case DISK_SOURCE_FILE:
        return s->file;
    case DISK_SOURCE_BLOCK:
        return s->block;
    case DISK_SOURCE_NFS:
        return arena_printf(arena, "nfs://%s%s", s->nfs.server ? s->nfs.server : "?",
                            s->nfs.path ? s->nfs.path : "");
    case DISK_SOURCE_ISCSI:
        return arena_printf(arena, "iscsi://%s/%s/%lld",
                            s->iscsi.server ? s->iscsi.server : "?",
                            s->iscsi.target ? s->iscsi.target : "?", s->iscsi.lun);
    case DISK_SOURCE_RBD:
        return arena_printf(arena, "rbd:%s/%s", s->rbd.pool ? s->rbd.pool : "?",
                            s->rbd.image ? s->rbd.image : "?");
    default:
        return "";
    }
}
