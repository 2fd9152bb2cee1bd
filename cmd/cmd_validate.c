/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commands.h"
#include "util/terminal.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_json(struct context *context)
{
    const struct cluster *cluster = context->cluster;
    json_t *result = json_object();

    json_object_set_new(result, "file", json_string(context->file));
    json_object_set_new(result, "valid", json_boolean(cluster));
    if (cluster) {
        json_object_set_new(result, "cluster", json_string(cluster->name));
        json_object_set_new(result, "nodes", json_integer((json_int_t)cluster->node_count));
        json_object_set_new(result, "networks",
                            json_integer((json_int_t)cluster->networks.count));
        json_object_set_new(result, "images", json_integer((json_int_t)cluster->images.count));
    }
    json_object_set_new(result, "findings", diagnostics_json(&context->diagnostics));
    context_print_json("result", result);
}

int cmd_validate(struct context *context, struct error **err)
{
    auto_error struct error *error = NULL;
    auto_free char *file = NULL;
    int status = context_load(context, &error);

    if (error)
        return error_move(err, TAKE(error));
    if (context->globals.json)
        print_json(context);
    if (status < 0)
        return EXIT_USAGE;
    file = terminal_safe_line(context->file);
    context_say(context, "%s: %zu node%s, %zu network%s, %zu image%s: fine", file,
                context->cluster->node_count, plural(context->cluster->node_count),
                context->cluster->networks.count, plural(context->cluster->networks.count),
                context->cluster->images.count, plural(context->cluster->images.count));
    return EXIT_DONE;
}
