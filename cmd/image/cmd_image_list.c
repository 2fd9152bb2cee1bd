/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/image/image_commands.h"
#include "cmd/run.h"
#include "cmd/table.h"
#include "provision/image/catalogue.h"
#include "util/size.h"

/* "node web of lab and 3 more" */
static char *users(const struct catalogue_image *image)
{
    if (image->used_by_count == 0)
        return xstrdup("-");
    if (image->used_by_count == 1)
        return xstrdup(image->used_by[0]);
    return xasprintf("%s and %zu more", image->used_by[0], image->used_by_count - 1);
}

static void print_text(const struct catalogue *c)
{
    static const char *const headings[] = {"HOST", "IMAGE",  "DIGEST", "SIZE",
                                           "FILE", "LAYERS", "STATE",  "USED BY"};
    auto_table struct table t = {.columns = ARRAY_SIZE(headings)};

    for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
        table_add(&t, headings[i]);
    for (size_t i = 0; i < c->count; i++) {
        const struct catalogue_image *image = &c->items[i];
        char size[SIZE_TEXT], file[SIZE_TEXT], digest[13], layers[24];
        auto_free char *used_by = users(image);

        snprintf(digest, sizeof digest, "%s", image->digest);
        snprintf(layers, sizeof layers, "%zu", image->layers);
        table_add(&t, image->host);
        table_add(&t, image->name ? image->name : "-");
        table_add(&t, digest);
        table_add(&t, size_format(image->capacity, size));
        table_add(&t, size_format(image->bytes, file));
        table_add(&t, layers);
        table_add(&t, catalogue_state_name(image));
        table_add(&t, used_by);
    }
    table_print(&t, stdout);
}

static void print_json(const struct catalogue *c)
{
    json_t *images = json_array();

    for (size_t i = 0; i < c->count; i++)
        json_array_append_new(images, catalogue_json(&c->items[i]));
    context_print_json("result", json_pack("{s:o}", "images", images));
}

int cmd_image_list(struct context *context, struct error **err)
{
    auto_catalogue struct catalogue catalogue = {0};
    struct provision_options how;
    struct site site;
    int outcome;

    if (run_open_site(context, &how, &site, err) < 0)
        return -1;
    outcome = catalogue_read(&site, &catalogue, err);
    if (outcome == 0 && context->globals.json)
        print_json(&catalogue);
    else if (outcome == 0 && catalogue.count == 0)
        context_say(context, "No images on %s.", how.uri);
    else if (outcome == 0)
        print_text(&catalogue);
    if (outcome == 0 && catalogue.unknown)
        context_warn(context, "not all users are known: %s could not be looked at",
                     catalogue.unknown);
    site_close(&site);
    return outcome < 0 ? -1 : EXIT_DONE;
}
