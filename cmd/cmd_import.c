/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "host/dump.h"
#include "provision/disk_file/in_use.h"
#include "provision/import/import_file.h"
#include "util/file.h"

#define XML_LARGEST (4u << 20)

struct found {
    struct import_source *items;
    size_t count;
    char **texts; /* owned */
    size_t text_count;
};

static void found_done(struct found *found)
{
    for (size_t i = 0; i < found->text_count; i++)
        free(found->texts[i]);
    free(found->texts);
    free(found->items);
}
#define auto_found __attribute__((cleanup(found_done)))

static void found_add(struct found *found, const char *origin, char *xml, bool autostart,
                      char *base)
{
    struct import_source source = {
        .origin = origin, .xml = xml, .autostart = autostart, .base = base};

    vector_push(found->texts, found->text_count, xml);
    vector_push(found->texts, found->text_count, base);
    vector_push(found->items, found->count, source);
}

static int read_files(const struct context *context, struct found *found, struct error **err)
{
    for (size_t i = 0; i < context->arg_count; i++) {
        struct buffer text = {0};

        if (file_read(context->args[i], XML_LARGEST, &text, err) < 0)
            return -1;
        found_add(found, context->args[i], buffer_take(&text), false, NULL);
    }
    return 0;
}

static int read_domains(const struct context *context, struct found *found, struct error **err)
{
    const struct import_cmd_options *options = context->options;
    auto_dump struct dump dump = {0};

    if (dump_domains(context_uri(context), context->args, context->arg_count, options->live,
                     &dump, err) < 0 ||
        dump_networks(context_uri(context), &dump, err) < 0)
        return -1;
    for (size_t i = 0; i < dump.count; i++) {
        char *origin = TAKE(dump.items[i].name);

        vector_push(found->texts, found->text_count, origin);
        found_add(found, origin, TAKE(dump.items[i].xml), dump.items[i].autostart,
                  TAKE(dump.items[i].base));
    }
    return 0;
}

static int check_arguments(const struct context *context, struct error **err)
{
    const struct import_cmd_options *options = context->options;

    if (options->all && (context->arg_count > 0 || options->xml))
        return error_set(err, ERROR_USAGE, "--all stands for all domains: name none, no --xml");
    if (options->live && options->xml)
        return error_set(err, ERROR_USAGE, "--live and --xml do not go together");
    if (!options->all && context->arg_count == 0) {
        error_set(err, ERROR_USAGE, "import what?");
        return error_hint(err, options->xml
                                   ? "name files with libvirt's XML, - for standard input"
                                   : "name domains (`virsh list --all` shows them), or "
                                     "take --all");
    }
    return options->output ? in_use_check_output(options->output, err) : 0;
}

static int deliver(const struct context *context, const struct import_file *file,
                   struct error **err)
{
    const struct import_cmd_options *options = context->options;
    auto_buffer struct buffer text = {0};

    if (import_file_write(file, &text, err) < 0)
        return -1;
    if (options->output && file_publish(options->output, text.data, text.length, 0644, err) < 0)
        return -1;
    if (context->globals.json)
        context_print_json("result", import_file_json(file));
    else if (options->output)
        context_say(context, "%s: %zu nodes", options->output, file->node_count);
    else
        fputs(text.data, stdout);
    return EXIT_DONE;
}

int cmd_import(struct context *context, struct error **err)
{
    const struct import_cmd_options *options = context->options;
    struct import_options how = {.cluster = options->cluster,
                                 .from = options->xml ? "XML" : context_uri(context)};
    auto_found struct found found = {0};
    auto_import struct import_file file = {0};

    if (check_arguments(context, err) < 0)
        return -1;
    if ((options->xml ? read_files : read_domains)(context, &found, err) < 0)
        return -1;
    if (import_file_build(&how, found.items, found.count, &file, err) < 0)
        return -1;
    return deliver(context, &file, err);
}
