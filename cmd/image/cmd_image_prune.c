/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/consent.h"
#include "cmd/image/image_commands.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"
#include "provision/image/image_prune.h"
#include "provision/image/leftover.h"
#include "util/size.h"

/* What is kept for the next time, and could go too. */
static void tell_cache(struct context *context)
{
    const struct image_prune_options *options = context->options;
    uint64_t bytes = options->cache ? 0 : leftover_cache_bytes();
    char size[SIZE_TEXT];

    if (bytes)
        context_say(context,
                    "The cache of this machine has another %s of finished images: --cache "
                    "removes them.",
                    size_format(bytes, size));
}

static int nothing(struct context *context)
{
    if (context->globals.json)
        context_print_json("result",
                           json_pack("{s:i, s:i, s:i, s:i, s:i, s:[], s:i, s:i}", "steps", 0,
                                     "done", 0, "failed", 0, "blocked", 0, "cancelled", 0,
                                     "failures", "freed", 0, "exit_code", 0));
    else
        context_say(context, "Nothing to prune.");
    tell_cache(context);
    return EXIT_DONE;
}

static int dry_run(struct context *context, uint64_t bytes)
{
    char size[SIZE_TEXT];

    if (context->globals.json)
        context_print_json("result", json_pack("{s:b, s:I, s:i}", "dry_run", 1, "would_free",
                                               (json_int_t)bytes, "exit_code", 0));
    else
        context_say(context, "Would free %s.", size_format(bytes, size));
    tell_cache(context);
    return EXIT_DONE;
}

static int prune(struct context *context, struct provision *p, struct error **err)
{
    const struct image_prune_options *options = context->options;
    const struct consent consent = {.what = "removing images that nothing uses",
                                    .question = "Remove them?"};
    auto_plan struct plan plan = {0};
    auto_free char *subject = NULL;
    char size[SIZE_TEXT];
    uint64_t bytes;
    int code;

    p->set.unwanted_note = "nothing uses it";
    if (image_prune_plan(p, options->cache, options->dry_run, &plan, err) < 0)
        return -1;
    if (plan_is_empty(&plan))
        return nothing(context);
    run_show_plan(context, p, &plan);
    bytes = image_prune_bytes(&plan);
    if (options->dry_run)
        return dry_run(context, bytes);
    if (consent_ask(context, &consent, err) < 0)
        return -1;
    subject = xasprintf("Freed %s", size_format(bytes, size));
    interrupt_defer(true);
    code = run_apply(context, p, &plan, subject);
    interrupt_defer(false);
    tell_cache(context);
    return code;
}

int cmd_image_prune(struct context *context, struct error **err)
{
    auto_provision struct provision p = {0};
    struct provision_options how;

    if (run_open_site(context, &how, &p.site, err) < 0)
        return -1;
    p.options = how;
    p.options.cluster = NULL;
    p.diagnostics = &context->diagnostics;
    return prune(context, &p, err);
}
