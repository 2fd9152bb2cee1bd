/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/commands.h"
#include "cmd/run.h"
#include "provision/render.h"
#include "util/file.h"

struct output {
    const char *folder;
    size_t count;
};

static int write_file(void *user, const char *path, const void *data, size_t length,
                      struct error **err)
{
    struct output *output = user;
    auto_free char *full = xasprintf("%s/%s", output->folder, path);
    auto_free char *folder = path_folder(full);
    /* Seeds may hold secrets of the user's. */
    mode_t mode = strcmp(path, "commands.sh") == 0 ? 0755 : 0600;

    output->count++;
    if (file_make_folders(folder, 0755, err) < 0)
        return -1;
    return file_publish(full, data, length, mode, err);
}

int cmd_render(struct context *context, struct error **err)
{
    const struct render_options *options = context->options;
    auto_provision struct provision p = {0};
    struct output output = {.folder = options->output};
    struct render_sink sink = {write_file, &output};

    if (provision_offline(context->cluster, &context->diagnostics, &p, err) < 0)
        return -1;
    if (provision_want(&p, context->args, context->arg_count, err) < 0)
        return context->diagnostics.errors ? run_findings(context, err) : -1;
    if (render_all(&p, &sink, err) < 0)
        return -1;
    if (!p.public_key)
        context_warn(context, "the cluster's SSH key is made by its first up: the seeds are "
                              "written without it");
    if (context->globals.json)
        context_print_json("result", json_pack("{s:s, s:I}", "folder", options->output, "files",
                                               (json_int_t)output.count));
    else
        context_say(context, "%s: %zu files", options->output, output.count);
    return EXIT_DONE;
}
