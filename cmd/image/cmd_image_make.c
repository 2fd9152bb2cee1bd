/* SPDX-License-Identifier: Apache-2.0 */
/* image build, image pull: the images of the file, without any node. */
#include "cmd/image/image_commands.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"

static bool is_built(const struct image *image)
{
    return image->script || image->from || image->iso.source;
}

static bool is_fetched(const struct image *image)
{
    return download_is_given(&image->download);
}

static int nothing(struct context *context, bool pull)
{
    if (context->globals.json)
        context_print_json("result", json_pack("{s:i, s:i, s:i, s:i, s:i, s:[], s:i}", "steps",
                                               0, "done", 0, "failed", 0, "blocked", 0,
                                               "cancelled", 0, "failures", "exit_code", 0));
    else
        context_say(context, pull ? "Nothing to pull: what was asked for is in the store."
                                  : "Nothing to build: what was asked for is in the store.");
    return EXIT_DONE;
}

/* No cluster's lock: each image has its own, and nothing else is changed. */
static int make(struct context *context, struct provision_options *how, bool pull,
                struct error **err)
{
    auto_provision struct provision p = {0};
    auto_plan struct plan plan = {0};
    int code;

    how->images_only = true;
    if (run_open(context, how, &p, err) < 0 ||
        run_plan_images(context, &p, pull ? is_fetched : is_built, &plan, err) < 0)
        return -1;
    if (plan_is_empty(&plan))
        return nothing(context, pull);
    run_show_plan(context, &p, &plan);
    interrupt_defer(true);
    code = run_apply(context, &p, &plan, pull ? "Images are pulled" : "Images are built");
    interrupt_defer(false);
    return code;
}

int cmd_image_build(struct context *context, struct error **err)
{
    const struct image_build_options *options = context->options;
    struct provision_options how = run_options(context);

    how.rebuild = options->rebuild;
    how.keep_guest = options->keep;
    return make(context, &how, false, err);
}

int cmd_image_pull(struct context *context, struct error **err)
{
    struct provision_options how = run_options(context);

    how.refresh = true;
    return make(context, &how, true, err);
}
