/* SPDX-License-Identifier: Apache-2.0 */
#include "config/image/layer_steps.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"

static bool is_roots(const struct guest_file *file)
{
    return !file->owner || strcmp(file->owner, "root") == 0 ||
           strcmp(file->owner, "root:root") == 0;
}

bool layer_step_has_file(const struct layer_step *step, const struct guest_file *file)
{
    return is_roots(file) ? step->kind == LAYER_STEP_FILES
                          : step->kind == LAYER_STEP_OWNED_FILES;
}

static void add(struct layer_steps *steps, struct layer_step step)
{
    vector_push(steps->items, steps->count, step);
}

static void add_files(const struct layer *layer, enum layer_step_kind kind,
                      struct layer_steps *ret)
{
    struct layer_step step = {.kind = kind, .layer = layer};
    bool any = false;

    list_each(const struct guest_file, layer->files, file) any =
        any || layer_step_has_file(&step, file);
    if (any)
        add(ret, step);
}

void layer_steps_list(const struct layer *layer, struct layer_steps *ret)
{
    *ret = (struct layer_steps){0};
    list_each(const struct layer_copy, layer->copies, copy)
        add(ret, (struct layer_step){LAYER_STEP_COPY, layer, copy, NULL});
    add_files(layer, LAYER_STEP_FILES, ret);
    if (layer->packages.count)
        add(ret, (struct layer_step){LAYER_STEP_PACKAGES, layer, NULL, NULL});
    add_files(layer, LAYER_STEP_OWNED_FILES, ret);
    for (size_t i = 0; i < layer->run.count; i++)
        add(ret, (struct layer_step){LAYER_STEP_RUN, layer, NULL, layer->run.items[i]});
    if (layer->only && layer->only <= ret->count) {
        ret->items[0] = ret->items[layer->only - 1];
        ret->count = 1;
    }
}

void layer_steps_done(struct layer_steps *steps)
{
    free(steps->items);
    *steps = (struct layer_steps){0};
}

/* The first line, cut to what fits beside a name. */
static void add_line(struct buffer *out, const char *text)
{
    const size_t limit = 100;
    size_t length = strcspn(text, "\r\n");

    buffer_append(out, text, length < limit ? length : limit);
    if (text[length] || length > limit)
        buffer_puts(out, " …");
}

char *layer_step_text(const struct layer_step *step)
{
    struct buffer out = {0};

    switch (step->kind) {
    case LAYER_STEP_COPY:
        buffer_printf(&out, "copy to %s", step->copy->to);
        break;
    case LAYER_STEP_FILES:
    case LAYER_STEP_OWNED_FILES:
        buffer_puts(&out, "files:");
        list_each(const struct guest_file, step->layer->files, file)
        {
            if (layer_step_has_file(step, file))
                buffer_printf(&out, " %s", file->path);
        }
        break;
    case LAYER_STEP_PACKAGES:
        buffer_puts(&out, "packages:");
        for (size_t i = 0; i < step->layer->packages.count; i++)
            buffer_printf(&out, " %s", step->layer->packages.items[i]);
        break;
    case LAYER_STEP_RUN:
        buffer_puts(&out, "run: ");
        add_line(&out, step->command);
        break;
    }
    return buffer_take(&out);
}

void layer_part(struct arena *arena, struct image *image)
{
    const struct image *below = image->parent;
    struct layer_steps steps;

    if (image->layer.cache != LAYER_CACHE_STEP || !image->parent)
        return;
    layer_steps_list(&image->layer, &steps);
    for (size_t i = 1; i < steps.count; i++) {
        struct image *part = arena_alloc(arena, sizeof *part);

        *part = *image;
        part->name = arena_printf(arena, "%s@%zu", image->name, i);
        part->parent = below;
        part->layer.only = i;
        part->layer.unsealed = true;
        part->layer.flatten = false;
        below = part;
    }
    if (steps.count > 1) {
        image->parent = below;
        image->layer.only = steps.count;
    }
    layer_steps_done(&steps);
}
