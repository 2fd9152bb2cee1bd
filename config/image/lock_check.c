/* SPDX-License-Identifier: Apache-2.0 */
/* The file against its virtopo.lock: what was locked is what is taken, or nothing. */
#include <string.h>

#include "config/image/lock_file.h"
#include "config/loader.h"

static void report(struct loader *l, const struct image *image, struct position at,
                   const char *message)
{
    finding_error(
        l->d, at, "image-lock",
        arena_printf(l->arena, "if that is right: virtopo image lock %s", image->name),
        "image '%s' %s", image->name, message);
}

static struct position position_of(const struct image *image, const char *key)
{
    const struct document_node *source = image->iso.source ? image->iso.source : image->source;
    const struct document_node *value = document_get(source, key);

    return value ? value->position : image->source->key_position;
}

/* The digest that the file itself has. */
static const char *own_digest(const struct download *download, const char **ret_hex)
{
    *ret_hex = download->sha512 ? download->sha512 : download->sha256;
    return download->sha512 ? "sha512" : download->sha256 ? "sha256" : NULL;
}

static void compare(struct loader *l, const struct image *image, struct download *download,
                    const json_t *entry)
{
    const char *hex, *own_hex;
    const char *kind = lock_file_digest(entry, &hex), *own = own_digest(download, &own_hex);

    if (!lock_file_fits(entry, download)) {
        report(l, image, position_of(image, download->url ? "url" : "urls"),
               "is not fetched from where it was when " LOCK_FILE_NAME " was written");
    } else if (own && (strcmp(own, kind) != 0 || strcmp(own_hex, hex) != 0)) {
        report(l, image, position_of(image, own),
               arena_printf(l->arena,
                            "has the %s %.12s… here, and the %s %.12s… in " LOCK_FILE_NAME, own,
                            own_hex, kind, hex));
    } else if (strcmp(kind, "sha512") == 0) {
        download->sha512 = arena_strdup(l->arena, hex);
        download->locked = own ? NULL : image->name;
    } else {
        download->sha256 = arena_strdup(l->arena, hex);
        download->locked = own ? NULL : image->name;
    }
}

void check_locks(struct loader *l, const char *path)
{
    auto_error struct error *error = NULL;
    json_t *images = NULL;
    int outcome = path ? lock_file_read(path, &images, &error) : 1;

    if (outcome < 0)
        finding_error(l->d, (struct position){.file = l->root->position.file}, "image-lock",
                      error->hint ? arena_strdup(l->arena, error->hint) : NULL, "%s",
                      error->message);
    list_each(struct image, l->cluster->images, image)
    {
        struct download *download = outcome == 0 ? lock_file_download(image) : NULL;
        const json_t *entry = download ? json_object_get(images, image->name) : NULL;
        const char *hex;

        if (entry)
            compare(l, image, download, entry);
        else if (download && !own_digest(download, &hex))
            report(l, image, image->source->key_position, "is not in " LOCK_FILE_NAME);
    }
    json_decref(images);
}
