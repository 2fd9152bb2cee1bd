/* SPDX-License-Identifier: Apache-2.0 */
/* Files with `template: true`: the names in them. */
#include "config/guest_template.h"
#include "config/loader.h"

struct work {
    struct loader *l;
    const struct guest_file *file;
};

static struct position text_position(const struct guest_file *file)
{
    return loader_position(file->source, file->from ? "from" : "content");
}

static void report(void *user, size_t line, const char *why, const char *near)
{
    const struct work *w = user;

    finding_error(w->l->d, text_position(w->file), "file-template",
                  near ? arena_printf(w->l->arena, "did you mean '%s'?", near)
                       : "names are node.name, node.fqdn, nic.NETWORK.ip and more, see "
                         "docs/networks.md; '{{{{' stands for '{{'",
                  "%s in line %zu of the text", why, line);
}

void check_templates(struct loader *l, const struct node *node)
{
    struct node one = *node; /* a numbered one has its own name later */

    one.name = node->group;
    list_each(const struct guest_file, node->files, file)
    {
        struct work w = {l, file};

        if (file->is_template && file->content)
            guest_template_check(l->cluster, &one, file, report, &w);
    }
}

void check_no_templates(struct loader *l, const struct list *files)
{
    list_each(const struct guest_file, *files, file)
    {
        if (file->is_template)
            finding_error(l->d, loader_position(file->source, "template"), "file-template",
                          "give the file to the nodes instead",
                          "a file of an image is the same on all nodes: it has no places for "
                          "what is known of one");
    }
}
