/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a boot order by names. */
#include <string.h>

#include "config/hardware/boot.h"
#include "config/loader.h"
#include "util/suggest.h"

static bool is_known(const struct boot_devices *all, const char *word)
{
    for (size_t i = 0; i < all->count; i++) {
        if (boot_stands_for(all, word, &all->items[i]))
            return true;
    }
    return false;
}

static const char *known_words(struct loader *l, const struct boot_devices *all,
                               const char *word)
{
    struct suggest near = suggest_start(word);
    auto_buffer struct buffer names = {0};

    for (size_t i = 0; i < all->count; i++) {
        suggest_offer(&near, all->items[i].name);
        buffer_printf(&names, "%s%s", i ? ", " : "", all->items[i].name);
    }
    for (size_t i = 0; boot_groups[i]; i++)
        suggest_offer(&near, boot_groups[i]);
    if (suggest_result(&near) && is_known(all, suggest_result(&near)))
        return arena_printf(l->arena, "did you mean '%s'?", suggest_result(&near));
    return arena_printf(l->arena, "it has %s", names.data);
}

static void check_word(struct loader *l, const struct node *node,
                       const struct boot_devices *all, const struct string_list *order,
                       size_t i, struct position at)
{
    const char *word = order->items[i];

    for (size_t before = 0; before < i; before++) {
        if (strcmp(order->items[before], word) != 0)
            continue;
        finding_error(l->d, at, "boot-order", "remove one of the two",
                      "'%s' is already in the boot order", word);
        return;
    }
    if (!is_known(all, word))
        finding_error(l->d, at, "boot-order", known_words(l, all, word),
                      "node '%s' has no disk, CD-ROM or network '%s' to start from",
                      node->group, word);
}

/* Places that devices say themselves: one of the two ways. */
static void check_own(struct loader *l, const struct boot_devices *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct document_node *source = all->items[i].source;
        const struct document_node *own = source ? document_get(source, "boot") : NULL;

        if (own)
            finding_error(l->d, own->position, "boot-order",
                          "remove it, or the order in the node's 'boot'",
                          "the node's boot order says already where '%s' comes",
                          all->items[i].name);
    }
}

void check_boot_names(struct loader *l, const struct node *node)
{
    const struct boot_setting *boot = &node->platform.boot;
    const struct document_node *list = boot->source;
    struct boot_devices all;

    if (boot->order.count == 0)
        return;
    if (list->kind == DOCUMENT_MAPPING)
        list = document_get(list, "order");
    /* what could not be read as a text has been reported */
    if (!list || list->count != boot->order.count)
        return;
    all = boot_devices(l->arena, node);
    for (size_t i = 0; i < list->count; i++)
        check_word(l, node, &all, &boot->order, i, list->items[i]->position);
    check_own(l, &all);
}
