/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "provision/build/layer.h"
#include "provision/build/layer_tree.h"
#include "templates/layer_work.h"

/* With its NUL, so that no two lists of texts come out the same. */
static void add_text(struct buffer *out, const char *text)
{
    buffer_append(out, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add_files(const struct layer_step *step, struct buffer *out)
{
    char digest[SHA256_TEXT];

    list_each(const struct guest_file, step->layer->files, file)
    {
        if (!layer_step_has_file(step, file))
            continue;
        add_text(out, file->path);
        add_text(out, file->mode);
        add_text(out, file->owner);
        add_text(out,
                 sha256_text(file->content ? file->content : "", file->content_length, digest));
    }
}

static int add_step(const struct layer_step *step, struct buffer *out, struct error **err)
{
    buffer_printf(out, "step %d", step->kind);
    buffer_append(out, "", 1);
    switch (step->kind) {
    case LAYER_STEP_COPY:
        add_text(out, step->copy->to);
        return layer_tree_recipe(step->copy->from, out, err);
    case LAYER_STEP_FILES:
    case LAYER_STEP_OWNED_FILES:
        add_files(step, out);
        return 0;
    case LAYER_STEP_PACKAGES:
        for (size_t i = 0; i < step->layer->packages.count; i++)
            add_text(out, step->layer->packages.items[i]);
        return 0;
    case LAYER_STEP_RUN:
        add_text(out, step->command);
        return 0;
    }
    return 0;
}

int layer_recipe_text(const struct image *image, const char *parent, char out[SHA256_TEXT],
                      struct error **err)
{
    auto_buffer struct buffer all = {0};
    struct layer_steps steps;
    int outcome = 0;

    add_text(&all, "virtopo layer " LAYER_VERSION);
    add_text(&all, parent);
    buffer_printf(&all, "size %" PRIu64 " flatten %d seal %d network %d uefi %d", image->size,
                  image->layer.flatten, !image->layer.unsealed, image->layer.network,
                  image->uefi);
    layer_steps_list(&image->layer, &steps);
    for (size_t i = 0; outcome == 0 && i < steps.count; i++) {
        buffer_append(&all, "", 1);
        outcome = add_step(&steps.items[i], &all, err);
    }
    layer_steps_done(&steps);
    if (outcome < 0)
        return error_wrap(err, "image '%s'", image->name);
    sha256_text(all.data, all.length, out);
    return 0;
}
