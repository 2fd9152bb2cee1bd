/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/context.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/options.h"
#include "config/image/lock_file.h"
#include "config/load.h"
#include "provision/node/fragment_validate.h"
#include "util/file.h"

int context_find_file(struct context *context, struct error **err)
{
    static const char *const names[] = {"virtopo.yaml", "virtopo.yml"};
    auto_free char *folder = NULL;

    if (context->file)
        return 0;
    context->file = context->globals.file;
    for (size_t i = 0; i < ARRAY_SIZE(names) && !context->file; i++) {
        if (access(names[i], F_OK) == 0)
            context->file = names[i];
    }
    if (context->file)
        return 0;
    folder = getcwd(NULL, 0);
    error_set(err, ERROR_CONFIG, "there is no virtopo.yaml in %s", folder ? folder : ".");
    return error_hint(err, "name another file with -f, or write a first one: virtopo init");
}

const char *context_uri(const struct context *context)
{
    const char *uri = getenv("LIBVIRT_DEFAULT_URI");

    if (context->globals.connect)
        return context->globals.connect;
    return uri && *uri ? uri : "qemu:///system";
}

static void show_findings(struct context *context)
{
    auto_buffer struct buffer text = {0};

    if (context->diagnostics.count == 0 ||
        (context->diagnostics.errors == 0 && context->globals.quiet))
        return;
    diagnostics_render(&context->diagnostics, context->color_err, &text);
    fputs(text.data, stderr);
}

int context_load(struct context *context, struct error **err)
{
    struct load_options options = {.default_uri = context_uri(context)};
    struct error *error = NULL;
    auto_free char *lock = NULL;
    int status;

    if (context->cluster)
        return 0;
    if (context_find_file(context, err) < 0)
        return -1;
    options.file = context->file;
    lock = lock_file_path(context->file);
    if (!(context->command && context->command->needs & IGNORES_LOCK))
        options.lock = lock;
    options.settings = context->globals.set.items;
    options.setting_count = context->globals.set.count;
    status = cluster_load(&options, &context->diagnostics, &context->arena, &context->cluster,
                          &error);
    if (context->cluster && fragment_validate(context->cluster, &context->diagnostics) < 0) {
        cluster_free(context->cluster);
        context->cluster = NULL;
        status = -1;
    }
    show_findings(context);
    if (error) {
        /* Whatever keeps it from being read, it is the file that is wrong. */
        error->kind = ERROR_CONFIG;
        return error_move(err, error);
    }
    return status;
}

void context_say(const struct context *context, const char *fmt, ...)
{
    va_list ap;

    if (context->globals.quiet || context->globals.json)
        return;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

void context_done(struct context *context)
{
    cluster_free(context->cluster);
    diagnostics_done(&context->diagnostics);
    arena_free(context->arena);
    options_done(context);
    *context = (struct context){0};
}
