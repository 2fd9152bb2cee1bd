/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/commands.h"
#include "cmd/run.h"
#include "network/address_plan.h"
#include "provision/picture.h"
#include "util/file.h"

const char *const graph_formats[] = {"auto", "svg", "dot", "mermaid", "text", NULL};
enum graph_format { FORMAT_AUTO, FORMAT_SVG, FORMAT_DOT, FORMAT_MERMAID, FORMAT_TEXT };

static int check_options(const struct context *context, struct error **err)
{
    const struct graph_options *options = context->options;

    if (context->globals.json && options->format != FORMAT_AUTO)
        return error_set(err, ERROR_USAGE, "--json and --format do not go together");
    if (context->globals.json && options->output)
        return error_set(err, ERROR_USAGE, "--json writes to standard output: leave out -o");
    if (!options->cluster || options->live)
        return 0;
    error_set(err, ERROR_USAGE, "--cluster shows what runs: it needs --live");
    return error_hint(err, "without --live, the file is drawn, and no host is asked");
}

static int read_file(struct context *context, struct picture *ret, struct error **err)
{
    if (context_load(context, err) < 0 || address_plan(context->cluster, NULL, 0, err) < 0)
        return -1;
    provision_picture_file(context->cluster, ret);
    return 0;
}

static int read_live(struct context *context, struct picture *ret, struct error **err)
{
    const struct graph_options *options = context->options;
    struct provision_options how;
    struct site site;

    if (options->cluster ? run_check_name(context, options->cluster, err) < 0
                         : context_load(context, err) < 0)
        return -1;
    how = run_options(context);
    if (options->cluster)
        how.cluster_name = options->cluster;
    if (site_open(how.cluster, how.cluster_name, how.uri, how.dir, how.parallel, &site, err) <
        0)
        return -1;
    /* What nodes that are not made yet will have. */
    if (how.cluster && address_plan(how.cluster, NULL, 0, err) < 0) {
        site_close(&site);
        return -1;
    }
    provision_picture_live(&site, ret);
    site_close(&site);
    if (how.cluster || ret->node_count || ret->network_count)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "there is nothing of a cluster '%s' here",
              how.cluster_name);
    return error_hint(err, "`virtopo list` shows the clusters that are there");
}

/* A picture that nobody can open is no help. */
static int check_end(const struct graph_options *options, struct error **err)
{
    static const char *const pictures[] = {".png", ".jpg", ".jpeg", ".pdf", ".gif", ".webp"};
    const char *end = options->output ? strrchr(options->output, '.') : NULL;

    for (size_t i = 0; end && options->format == FORMAT_AUTO && i < ARRAY_SIZE(pictures); i++) {
        if (strcasecmp(end, pictures[i]) != 0)
            continue;
        error_set(err, ERROR_USAGE, "'%s': graph writes SVG, Graphviz, Mermaid or text",
                  options->output);
        return error_hint(err, "write an SVG, and convert it: rsvg-convert x.svg -o x%s", end);
    }
    return 0;
}

/* By the output's name; "text" for a terminal and everything else. */
static enum graph_format format_of(const struct graph_options *options)
{
    static const struct {
        const char *end;
        enum graph_format format;
    } ends[] = {{".svg", FORMAT_SVG},
                {".dot", FORMAT_DOT},
                {".gv", FORMAT_DOT},
                {".mmd", FORMAT_MERMAID},
                {".mermaid", FORMAT_MERMAID}};
    size_t length = options->output ? strlen(options->output) : 0;

    if (options->format != FORMAT_AUTO)
        return (enum graph_format)options->format;
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        size_t end = strlen(ends[i].end);

        if (length > end && strcmp(options->output + length - end, ends[i].end) == 0)
            return ends[i].format;
    }
    return FORMAT_TEXT;
}

static int render(const struct picture *picture, enum graph_format format, char **ret,
                  struct error **err)
{
    switch (format) {
    case FORMAT_SVG:
        return picture_svg(picture, ret, err);
    case FORMAT_DOT:
        *ret = picture_dot(picture);
        return 0;
    case FORMAT_MERMAID:
        *ret = picture_mermaid(picture);
        return 0;
    default:
        *ret = picture_text(picture);
        return 0;
    }
}

int cmd_graph(struct context *context, struct error **err)
{
    const struct graph_options *options = context->options;
    auto_picture struct picture picture = {0};
    auto_free char *text = NULL;

    if (check_options(context, err) < 0 || check_end(options, err) < 0 ||
        (options->live ? read_live(context, &picture, err)
                       : read_file(context, &picture, err)) < 0)
        return -1;
    if (!options->expand)
        picture_fold(&picture);
    if (context->globals.json) {
        context_print_json("result", picture_json(&picture));
        return EXIT_DONE;
    }
    if (render(&picture, format_of(options), &text, err) < 0)
        return -1;
    if (!options->output) {
        fputs(text, stdout);
        return EXIT_DONE;
    }
    if (file_publish(options->output, text, strlen(text), 0644, err) < 0)
        return -1;
    context_say(context, "%s: %zu node%s, %zu network%s", options->output,
                picture_size(&picture), picture_size(&picture) == 1 ? "" : "s",
                picture.network_count, picture.network_count == 1 ? "" : "s");
    return EXIT_DONE;
}
