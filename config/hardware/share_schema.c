/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/cluster.h"

const char *const share_drivers[] = {"virtiofs", "9p", NULL};
static const char *const driver_notes[] = {
    "fast, and behaves like a local file system; the guest's memory is shared with its daemon",
    "works everywhere, also read-only; slower",
    NULL,
};
const char *const share_accesses[] = {"default", "passthrough", "mapped", "squash", NULL};
static const char *const access_notes[] = {
    "mapped",
    "as the guest says, as far as QEMU may on the host",
    "QEMU's on the host; what the guest says is kept beside",
    "as passthrough, but what fails is overlooked",
    NULL,
};
const char *const share_caches[] = {"default", "none", "always", NULL};
static const char *const cache_notes[] = {
    "the daemon's own",
    "the guest asks each time",
    "for folders that nobody else changes",
    NULL,
};

static const struct field share_fields[] = {
    {.key = "source",
     .type = FIELD_STRING,
     .offset = offsetof(struct share, source),
     .flags = FIELD_REQUIRED,
     .max = 4095,
     .type_text = "an absolute path",
     .change = FIELD_CHANGE_RESTART,
     .summary = "The folder on the host",
     .example = "/srv/data",
     .also = "dir host_path src from host"},
    {.key = "target",
     .type = FIELD_STRING,
     .offset = offsetof(struct share, target),
     .flags = FIELD_NOTE,
     .max = 4095,
     .type_text = "an absolute path",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "not mounted",
     .summary = "Where the guest mounts it",
     .example = "/mnt/data",
     .also = "path mount mountpoint guest_path dest destination to guest"},
    {.key = "tag",
     .type = FIELD_STRING,
     .offset = offsetof(struct share, tag),
     .flags = FIELD_NOTE,
     .max = 255,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "share0, share1 and so on",
     .summary = "What the guest mounts it by",
     .example = "data",
     .also = "name mount_tag"},
    {.key = "driver",
     .type = FIELD_ENUM,
     .offset = offsetof(struct share, driver),
     .flags = FIELD_NOTE,
     .words = share_drivers,
     .notes = driver_notes,
     .change = FIELD_CHANGE_RESTART,
     .default_text = "virtiofs",
     .summary = "How it gets there",
     .example = "9p",
     .also = "type fs protocol"},
    {.key = "readonly",
     .type = FIELD_BOOL,
     .offset = offsetof(struct share, readonly),
     .flags = FIELD_NOTE,
     .only = "with driver 9p",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "false",
     .summary = "The guest cannot write to it",
     .example = "true",
     .also = "ro read_only"},
    {.key = "access",
     .type = FIELD_ENUM,
     .offset = offsetof(struct share, access),
     .flags = FIELD_NOTE,
     .words = share_accesses,
     .notes = access_notes,
     .only = "with driver 9p",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "Whose the guest's files are on the host; default is mapped",
     .example = "squash",
     .also = "accessmode mode"},
    {.key = "cache",
     .type = FIELD_ENUM,
     .offset = offsetof(struct share, cache),
     .flags = FIELD_NOTE,
     .words = share_caches,
     .notes = cache_notes,
     .only = "with driver virtiofs",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "default",
     .summary = "Whether the guest may keep what it has read",
     .example = "always"},
    {.key = "queue",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct share, queue),
     .min = 1,
     .max = 1024,
     .only = "with driver virtiofs",
     .change = FIELD_CHANGE_RESTART,
     .summary = "How many requests may wait",
     .example = "1024"},
    {.key = "xattr",
     .type = FIELD_SWITCH,
     .offset = offsetof(struct share, xattr),
     .flags = FIELD_NOTE,
     .only = "with driver virtiofs",
     .change = FIELD_CHANGE_RESTART,
     .default_text = "false",
     .summary = "Extended attributes",
     .example = "true"},
    {.key = "options",
     .type = FIELD_STRING,
     .offset = offsetof(struct share, options),
     .max = 1024,
     .change = FIELD_CHANGE_RESTART,
     .summary = "More mount options in the guest, with commas between them",
     .example = "noatime,nosuid",
     .also = "mount_options opts"},
};

static void bind_text(struct binder *b, const char *key, const struct document_node *at,
                      const char *text, struct share *share)
{
    const struct document_node node = {
        .kind = DOCUMENT_SCALAR, .position = at->position, .text = text};

    schema_bind_field(b, schema_field(&share_schema, key), &node, share);
}

/* "/srv/data:/mnt/data" */
static bool bind_pair(struct binder *b, const struct document_node *node, void *target)
{
    const char *colon;

    if (node->kind != DOCUMENT_SCALAR || node->is_null)
        return false;
    colon = strchr(node->text, ':');
    if (!colon || strchr(colon + 1, ':')) {
        binder_report(b, node->position, "share-form", "write /srv/data:/mnt/data",
                      "'%s' is not a folder of the host and one of the guest with a colon "
                      "between them",
                      node->text);
        return true;
    }
    bind_text(b, "source", node,
              arena_strndup(b->arena, node->text, (size_t)(colon - node->text)), target);
    bind_text(b, "target", node, colon + 1, target);
    return true;
}

const struct schema share_schema = {
    .name = "share",
    .size = sizeof(struct share),
    .fields = share_fields,
    .field_count = ARRAY_SIZE(share_fields),
    .source_offset = offsetof(struct share, source_node),
    .short_form = bind_pair,
    .short_form_text = "write /srv/data:/mnt/data or { source: /srv/data, target: /mnt/data }",
    .short_form_schema = "{\"type\": \"string\", \"pattern\": \"^/[^:]*:/[^:]*$\"}",
};

bool shares_need_shared_memory(const struct list *shares)
{
    list_each(struct share, *shares, share)
    {
        if (share->driver == SHARE_VIRTIOFS)
            return true;
    }
    return false;
}
