/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: what the file leaves open and other values decide. */
#include <string.h>

#include "config/loader.h"
#include "util/digest.h"
#include "util/file.h"

#define PASSWORD_FILE_LONGEST 4096

/* `none` stands for no screen; beside others it is refused (check_graphics). */
static void resolve_graphics(struct list *graphics)
{
    const struct graphics *only = graphics->count == 1 ? graphics->items : NULL;

    if (only && only->type == GRAPHICS_NONE && only->source->kind == DOCUMENT_SCALAR)
        graphics->count = 0;
}

static void read_password(struct loader *l, struct graphics *graphics)
{
    auto_error struct error *error = NULL;
    auto_buffer struct buffer data = {0};
    size_t length;

    if (!graphics->password_file || graphics->password)
        return;
    if (file_is_special(graphics->password_file)) {
        const struct document_node *file = document_get(graphics->source, "password_file");

        finding_error(l->d, file->position, "graphics-password", NULL,
                      "cannot read '%s': it is not a regular file", file->text);
        return;
    }
    if (file_read(graphics->password_file, PASSWORD_FILE_LONGEST, &data, &error) < 0) {
        const struct document_node *file = document_get(graphics->source, "password_file");
        bool is_system = error->kind == ERROR_SYSTEM;

        finding_error(l->d, file->position, "graphics-password",
                      is_system ? "a relative path starts at the folder of the cluster's file"
                                : NULL,
                      "cannot read '%s': %s", file->text,
                      is_system ? strerror(error->code) : "it is too long for a password");
        return;
    }
    length = data.length ? strcspn(data.data, "\r\n") : 0;
    graphics->password = arena_strndup(l->arena, data.data ? data.data : "", length);
}

/* The same password comes with many nodes, and its digest takes its time. */
static void digest_password(struct loader *l, struct graphics *graphics)
{
    char digest[SHA256_TEXT];

    if (!graphics->password || !l->cluster->name)
        return;
    graphics->password_digest = names_find(&l->digests, graphics->password);
    if (graphics->password_digest)
        return;
    sha256_slow_text(graphics->password, l->cluster->name, digest);
    graphics->password_digest = arena_printf(l->arena, "sha256:%.16s", digest);
    names_add(&l->digests, graphics->password, (void *)graphics->password_digest);
}

static void resolve_tags(struct loader *l, struct node *node)
{
    size_t index = 0;

    list_each(struct share, node->shares, share)
    {
        if (!share->tag)
            share->tag = arena_printf(l->arena, "share%zu", index);
        index++;
    }
}

void resolve_devices(struct loader *l, struct node *node)
{
    resolve_graphics(&node->graphics);
    list_each(struct graphics, node->graphics, graphics)
    {
        read_password(l, graphics);
        digest_password(l, graphics);
    }
    resolve_tags(l, node);
    if (node->tpm.source && node->tpm.source->kind == DOCUMENT_MAPPING &&
        !document_get(node->tpm.source, "version"))
        node->tpm.version = TPM_2_0;
    if (node->vsock.cid && !node->vsock.enabled)
        node->vsock.enabled = SWITCH_ON;
}
