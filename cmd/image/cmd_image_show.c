/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/image/image_commands.h"
#include "cmd/run.h"
#include "provision/image/catalogue.h"
#include "util/size.h"
#include "util/terminal.h"

static void line(const char *label, const char *text)
{
    auto_free char *safe = terminal_safe_line(text);

    printf("%-9s %s\n", label, safe);
}

/* One line a record: when it came there, of what, by whom. */
static void print_records(const struct catalogue_image *image)
{
    size_t i;
    json_t *record;

    json_array_foreach (image->records, i, record) {
        const char *name = json_string_value(json_object_get(record, "name"));
        const char *source = json_string_value(json_object_get(record, "source"));
        const char *made = json_string_value(json_object_get(record, "made"));
        const char *owner = json_string_value(json_object_get(record, "owner"));
        const char *recipe = json_string_value(json_object_get(record, "recipe"));
        auto_free char *text =
            xasprintf("%s %s: %s, by %s", made ? made : "-", name ? name : "-",
                      source ? source : "-", owner ? owner : "-");

        line(i ? "" : "made", text);
        if (recipe)
            line("recipe", recipe);
    }
}

static void print_image(const struct catalogue *c, const struct catalogue_image *image)
{
    char size[SIZE_TEXT], bytes[SIZE_TEXT];
    auto_free char *sizes = xasprintf("%s, its file %s", size_format(image->capacity, size),
                                      size_format(image->bytes, bytes));
    auto_free char *file = xasprintf("%s on host %s", image->volume, image->host);

    line("image", image->name ? image->name : "-");
    line("digest", image->digest);
    line("file", file);
    line("size", sizes);
    line("state", catalogue_state_name(image));
    print_records(image);
    for (const struct catalogue_image *at = catalogue_parent(c, image); at;
         at = catalogue_parent(c, at)) {
        auto_free char *below = xasprintf("%s (%.12s)", at->name ? at->name : "-", at->digest);

        line("on", below);
    }
    if (image->missing) {
        auto_free char *missing = xasprintf("%s, which is gone", image->missing);

        line("on", missing);
    }
    for (size_t i = 0; i < image->used_by_count; i++)
        line(i ? "" : "used by", image->used_by[i]);
}

static int show(struct context *context, struct site *site, const struct catalogue *catalogue,
                struct error **err)
{
    const struct catalogue_image **found = NULL;
    json_t *images;
    size_t count;

    if (catalogue_find(site, context->cluster, catalogue, context->args[0], &found, &count,
                       err) < 0)
        return -1;
    images = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(images, catalogue_json(found[i]));
        if (context->globals.json)
            continue;
        if (i)
            putchar('\n');
        print_image(catalogue, found[i]);
    }
    if (context->globals.json)
        context_print_json("result", json_pack("{s:O}", "images", images));
    json_decref(images);
    free(found);
    return EXIT_DONE;
}

int cmd_image_show(struct context *context, struct error **err)
{
    auto_catalogue struct catalogue catalogue = {0};
    struct provision_options how;
    struct site site;
    int outcome;

    if (run_open_site(context, &how, &site, err) < 0)
        return -1;
    outcome =
        catalogue_read(&site, &catalogue, err) < 0 ? -1 : show(context, &site, &catalogue, err);
    site_close(&site);
    return outcome;
}
