/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of an image that is a layer on another. */
#include <string.h>

#include "config/loader.h"
#include "util/size.h"

/* The path of a file, or of a folder with a slash behind it; also the root. */
static bool is_place(const char *path)
{
    if (*path != '/')
        return false;
    for (const char *part = path; part; part = strchr(part + 1, '/')) {
        size_t length = strcspn(part + 1, "/");

        if (part[1] && (length == 0 || (length <= 2 && strspn(part + 1, ".") == length)))
            return false;
    }
    return true;
}

static void check_copies(struct loader *l, const struct image *image)
{
    list_each(const struct layer_copy, image->layer.copies, copy)
    {
        if (copy->to && !is_place(copy->to))
            finding_error(l->d, loader_position(copy->source, "to"), "copy-to",
                          "write a whole path: of the folder that it becomes, of the file, or "
                          "of a folder for the file with a slash at its end",
                          "'%s' is no path in the guest", copy->to);
    }
}

/* What is known of sizes without looking at any file. */
static void check_size(struct loader *l, const struct image *image)
{
    const struct image *parent = image->parent;
    char size[SIZE_TEXT], least[SIZE_TEXT];

    if (!image->size || !parent || image->size >= parent->size)
        return;
    finding_error(l->d, loader_position(image->source, "size"), "image-size",
                  "leave it out to have the same, or write a larger one",
                  "image '%s' is %s large, and '%s', which it is made from, %s", image->name,
                  size_format(image->size, size), parent->name,
                  size_format(parent->size, least));
}

void check_layer(struct loader *l, struct image *image)
{
    if (!image->from)
        return;
    check_copies(l, image);
    check_files(l, &image->layer.files);
    check_no_templates(l, &image->layer.files);
    check_packages(l, image->source);
    check_size(l, image);
}
