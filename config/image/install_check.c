/* SPDX-License-Identifier: Apache-2.0 */
/* Images that an installer makes: where it comes from, what it is told. */
#include <string.h>

#include "config/loader.h"
#include "util/file.h"

static bool is_given(const struct document_node *source, const char *key)
{
    const struct document_node *value = document_get(source, key);

    return value && !value->is_null;
}

/* A medium, or kernel and initrd by themselves. */
static void check_source(struct loader *l, const struct image *image, bool has_medium)
{
    static const char *const keys[] = {"file", "url", "urls"};
    const struct document_node *source = image->iso.source;
    const char *first = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (!is_given(source, keys[i]))
            continue;
        if (first)
            finding_error(
                l->d, document_get(source, keys[i])->key_position, "install-medium",
                "remove one of them",
                "an ISO comes from one place, and that of image '%s' has both %s and %s",
                image->name, first, keys[i]);
        first = first ? first : keys[i];
    }
    if (!has_medium && (!image->iso.kernel || !image->iso.initrd))
        finding_error(l->d, source->key_position, "install-medium",
                      "add 'file: PATH' or 'url: URL'; or kernel and initrd, both, of an "
                      "installer that needs no medium",
                      "image '%s' has nothing to be installed from", image->name);
}

/* Without a medium they are files here. */
static void resolve_path(struct loader *l, const struct document_node *source, const char *key,
                         const char **path)
{
    struct position at = loader_position(source, key);
    auto_error struct error *error = NULL;
    auto_free char *whole = NULL;

    if (!*path)
        return;
    if (path_resolve(binder_folder(&l->binder, &at), *path, &whole, &error) < 0)
        finding_error(l->d, at, "install-medium", error->hint, "%s: %s", key, error->message);
    else
        *path = arena_strdup(l->arena, whole);
}

static void check_member(struct loader *l, const struct document_node *source, const char *key,
                         const char *path)
{
    size_t length = path ? strlen(path) : 0;

    if (path && (length == 0 || path[length - 1] == '/'))
        finding_error(l->d, loader_position(source, key), "install-medium",
                      "write it as the ISO has it: install.amd/vmlinuz",
                      "'%s' cannot be the path of a file in an ISO", path);
}

void check_install(struct loader *l, struct image *image)
{
    const struct document_node *source = image->iso.source;
    bool has_medium;

    if (!source || (source->kind != DOCUMENT_MAPPING && source->kind != DOCUMENT_SCALAR))
        return;
    /* a scalar is the path of a file */
    has_medium = source->kind == DOCUMENT_SCALAR || is_given(source, "file") ||
                 is_given(source, "url") || is_given(source, "urls");
    if (source->kind == DOCUMENT_MAPPING)
        check_source(l, image, has_medium);
    if (has_medium) {
        check_member(l, source, "kernel", image->iso.kernel);
        check_member(l, source, "initrd", image->iso.initrd);
        return;
    }
    resolve_path(l, source, "kernel", &image->iso.kernel);
    resolve_path(l, source, "initrd", &image->iso.initrd);
}
