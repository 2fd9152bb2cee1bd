/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between the keys of images, and the layers on them. */
#include <string.h>

#include "config/image/layer_steps.h"
#include "config/loader.h"

/* As many as one can be on top of another: QEMU opens each of them. */
#define LAYERS_MOST 32

/* The keys that say where an image comes from, of which one must be there. */
static const char *const sources[] = {"file", "url", "urls",   "script",
                                      "from", "iso", "stored", NULL};

static void check_source(struct loader *l, const struct image *image)
{
    const struct document_node *first = NULL, *second = NULL;
    const char *names[2] = {NULL, NULL};

    for (const char *const *key = sources; *key; key++) {
        const struct document_node *value = document_get(image->source, *key);

        if (!value)
            continue;
        if (first) {
            second = second ? second : value;
            names[1] = names[1] ? names[1] : *key;
        } else {
            first = value;
            names[0] = *key;
        }
    }
    if (!first)
        finding_error(l->d, image->source->key_position, "image-source",
                      "add 'file: PATH', 'url: URL' or another of them",
                      "image '%s' needs exactly one of file, url, urls, script, from, iso, "
                      "stored, and has none",
                      image->name);
    else if (second)
        finding_error(l->d, second->key_position, "image-source", "remove one of them",
                      "an image comes from one place, and '%s' has both %s and %s", image->name,
                      names[0], names[1]);
}

static void check_inputs(struct loader *l, const struct image *image)
{
    const struct document_node *inputs = document_get(image->source, "inputs");

    if (inputs && !inputs->is_null && !document_get(image->source, "script") &&
        document_get(image->source, "file"))
        finding_error(l->d, inputs->key_position, "image-inputs", "remove it",
                      "inputs are what a script depends on, and image '%s' has none",
                      image->name);
}

/* Keys that mean nothing where the image comes from. */
static void check_fitting(struct loader *l, const struct image *image)
{
    const struct document_node *source = image->source;
    bool url = document_get(source, "url") || document_get(source, "urls");
    bool from = document_get(source, "from"), iso = document_get(source, "iso");

    check_unfit(l, &image_schema, source,
                "sha256 sha512 checksums insecure allow_http size_limit", url);
    check_unfit(l, &image_schema, source, "keyring", document_get(source, "checksums"));
    check_unfit(l, &image_schema, source, "signature", document_get(source, "keyring"));
    check_unfit(l, &image_schema, source, "copy files packages run cache flatten", from);
    check_unfit(l, &image_schema, source, "size network cpus memory uefi", from || iso);
    check_unfit(l, &image_schema, source, "answers cmdline", iso);
    check_unfit(l, &image_schema, source, "timeout", url || from || iso);
}

static void find_parent(struct loader *l, struct image *image)
{
    if (!image->from)
        return;
    image->parent = names_find(&l->images, image->from);
    if (!image->parent)
        finding_error(l->d, loader_position(image->source, "from"), "unknown-image",
                      loader_hint(l, image->from, &l->cluster->images, sizeof(struct image),
                                  "add it under 'images'"),
                      "unknown image '%s'", image->from);
}

/* Whether following the parents leads back to it, and it is the first of that circle in the
 * file: a circle is told once. */
static bool is_in_circle(const struct image *image, size_t count)
{
    const struct image *at = image->parent;

    for (size_t i = 0; at && at != image && i < count; i++) {
        if (at < image)
            return false;
        at = at->parent;
    }
    return at == image;
}

static void report_circle(struct loader *l, const struct image *image)
{
    auto_buffer struct buffer names = {0};
    const struct image *at = image;

    do {
        buffer_printf(&names, "%s -> ", at->name);
        at = at->parent;
    } while (at != image);
    finding_error(l->d, loader_position(image->source, "from"), "image-cycle",
                  "one of them must come from somewhere else",
                  "images are layers on each other in a circle: %s%s", names.data, image->name);
}

/* Of the images below; not counted beyond one too many. */
static size_t depth_of(const struct image *image)
{
    size_t depth = 0;

    for (; image && image->parent && depth <= LAYERS_MOST; depth++)
        image = image->parent;
    return depth;
}

/* Told of the lowest that is too high, alone. */
static void check_depth(struct loader *l, const struct image *image)
{
    if (depth_of(image) <= LAYERS_MOST ||
        depth_of(names_find(&l->images, image->from)) > LAYERS_MOST)
        return;
    finding_error(l->d, loader_position(image->source, "from"), "image-layers",
                  image->layer.only ? "keep its steps together: cache: whole"
                                    : "make one of those below it one file: flatten: true",
                  "image '%s' is more than %d layers high", image->name, LAYERS_MOST);
}

void check_images(struct loader *l)
{
    bool circles = false;

    list_each(struct image, l->cluster->images, image)
    {
        if (image->source->kind != DOCUMENT_MAPPING && !image->source->is_null)
            continue;
        check_source(l, image);
        check_inputs(l, image);
        check_fitting(l, image);
        check_login(l, image->source, image->user);
        check_download(l, image->source, &image->download,
                       arena_printf(l->arena, "image '%s'", image->name));
        if (image->iso.source)
            check_download(l, image->iso.source, &image->iso.download,
                           arena_printf(l->arena, "the ISO of image '%s'", image->name));
        check_install(l, image);
        find_parent(l, image);
    }
    list_each(struct image, l->cluster->images, image) check_layer(l, image);
    list_each(struct image, l->cluster->images, image)
    {
        if (!is_in_circle(image, l->cluster->images.count))
            continue;
        report_circle(l, image);
        circles = true;
    }
    if (circles)
        return;
    list_each(struct image, l->cluster->images, image) layer_part(l->arena, image);
    list_each(struct image, l->cluster->images, image) check_depth(l, image);
}
