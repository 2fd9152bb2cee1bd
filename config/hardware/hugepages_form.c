/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/hugepages_form.h"

#include <ctype.h>

#include "config/hardware/memory.h"

/* The row of a key, under the name that the file has for it. */
static struct field row_of(const char *key)
{
    struct field field = *schema_field(&hugepages_schema, key);

    field.key = "hugepages";
    field.type_text = "true, false, a page size such as 2M, or a list";
    field.example = "2M";
    return field;
}

static void bind_size(struct binder *b, const struct document_node *node,
                      struct hugepages *hugepages)
{
    struct hugepage *page = arena_alloc(b->arena, sizeof *page);

    schema_bind(b, &hugepage_schema, node, page);
    hugepages->pages = (struct list){.items = page, .count = 1};
}

bool hugepages_short_form(struct binder *b, const struct document_node *node, void *target)
{
    struct field enabled = row_of("enabled"), pages = row_of("pages");

    if (node->kind == DOCUMENT_SEQUENCE)
        schema_bind_field(b, &pages, node, target);
    else if (node->kind == DOCUMENT_SCALAR && !node->is_null &&
             isdigit((unsigned char)*node->text))
        bind_size(b, node, target);
    else if (node->kind == DOCUMENT_SCALAR && !node->is_null)
        schema_bind_field(b, &enabled, node, target);
    else
        return false;
    return true;
}
