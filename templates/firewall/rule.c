/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/firewall/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/digest.h"

#define MARK "virtopo:"

void rule_add(struct rule_list *list, const struct rule *rule)
{
    vector_push(list->items, list->count, *rule);
}

void rule_list_done(struct rule_list *list)
{
    free(list->items);
    *list = (struct rule_list){0};
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
    return a->family == b->family && a->place == b->place && a->udp == b->udp &&
           a->port == b->port && a->to_port == b->to_port && !strcmp(a->source, b->source) &&
           !strcmp(a->target, b->target) && !strcmp(a->in, b->in) && !strcmp(a->out, b->out) &&
           !strcmp(a->to, b->to) && !strcmp(a->mark, b->mark);
}

bool rule_list_has(const struct rule_list *list, const struct rule *rule)
{
    for (size_t i = 0; i < list->count; i++) {
        if (rule_equal(&list->items[i], rule))
            return true;
    }
    return false;
}

bool rule_is_of(const struct rule *rule, const char *cluster, const char **node)
{
    char mark[RULE_MARK];
    size_t length = strlen(rule_mark(cluster, "", mark));

    if (strncmp(rule->mark, mark, length) != 0)
        return false;
    *node = rule->mark + length;
    return true;
}

const char *rule_mark(const char *cluster, const char *node, char out[RULE_MARK])
{
    snprintf(out, RULE_MARK, "%s%s%s%s", MARK, cluster, node ? "/" : "", node ? node : "");
    return out;
}

/* A cluster's name may be longer than a chain's. */
const char *rule_chains(const char *cluster, char out[RULE_CHAIN])
{
    char digest[SHA256_TEXT];

    sha256_text(cluster, strlen(cluster), digest);
    snprintf(out, RULE_CHAIN, "VIRTOPO-%.8s", digest);
    return out;
}

const char *rule_table(const char *cluster, char out[64])
{
    snprintf(out, 64, "virtopo_%s", cluster);
    return out;
}
