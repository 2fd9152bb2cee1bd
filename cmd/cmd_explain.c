/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/explain/explain.h"

int cmd_explain(struct context *context, struct error **err)
{
    const struct explain_options *options = context->options;
    auto_arena struct arena *arena = arena_new();
    auto_buffer struct buffer text = {0};
    const struct place_list all = place_all(arena);
    struct explain explain = {.all = &all, .recursive = options->recursive, .arena = arena};

    if (context->arg_count > 0 &&
        place_find(&all, context->args[0], arena, &explain.place, err) < 0)
        return -1;
    if (context->globals.json) {
        context_print_json("result", explain_json(&explain));
        return EXIT_DONE;
    }
    explain_text(&explain, &text);
    fputs(text.data, stdout);
    return EXIT_DONE;
}
