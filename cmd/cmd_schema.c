/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "config/describe/json_schema.h"

int cmd_schema(struct context *context, struct error **err)
{
    const struct schema_options *options = context->options;
    json_t *schema = json_schema(options->part);
    char *text;

    (void)err;
    if (context->globals.json) {
        context_print_json("result", json_pack("{s:o}", "schema", schema));
        return EXIT_DONE;
    }
    text = json_dumps(schema, JSON_INDENT(2));
    puts(text);
    free(text);
    json_decref(schema);
    return EXIT_DONE;
}
