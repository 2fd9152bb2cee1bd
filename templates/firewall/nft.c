/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the words of nft, both ways. */
#include "templates/firewall/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What accepts is inserted in libvirt's own table: an accept in another one does not keep
 * packets from being rejected there. */
static const struct {
    const char *chain, *match, *verdict;
} places[] = {
    [RULE_DNAT] = {"publish", "", "dnat to"},
    [RULE_SNAT] = {"answer", " ct status dnat", "masquerade"},
    [RULE_ACCEPT] = {"forward", " ct status dnat", "accept"},
    [RULE_GUARD] = {"guard", " ct state != { established, related }", "drop"},
};

static void word(struct buffer *out, const char *option, const char *value)
{
    if (*value)
        buffer_printf(out, " %s %s", option, value);
}

static void device(struct buffer *out, const char *option, const char *value)
{
    if (*value)
        buffer_printf(out, " %s \"%s\"", option, value);
}

void nft_rule(const struct rule *rule, struct buffer *out)
{
    bool is_ip6 = rule->family == RULE_IP6;

    buffer_puts(out, places[rule->place].chain);
    word(out, is_ip6 ? "ip6 saddr" : "ip saddr", rule->source);
    word(out, is_ip6 ? "ip6 daddr" : "ip daddr", rule->target);
    device(out, "iifname", rule->in);
    device(out, "oifname", rule->out);
    if (rule->port)
        buffer_printf(out, " %s dport %u", rule->udp ? "udp" : "tcp", rule->port);
    buffer_printf(out, "%s %s", places[rule->place].match, places[rule->place].verdict);
    if (*rule->to)
        buffer_printf(out, is_ip6 ? " [%s]:%u" : " %s:%u", rule->to, rule->to_port);
    buffer_printf(out, " comment \"%s\"\n", rule->mark);
}

static void take(char *out, size_t size, const char *value)
{
    size_t quote = *value == '"';

    snprintf(out, size, "%.*s", (int)strcspn(value + quote, "\""), value + quote);
}

static void take_destination(struct rule *rule, const char *value)
{
    const char *colon = strrchr(value, ':');
    size_t length = colon ? (size_t)(colon - value) : strlen(value);

    rule->place = RULE_DNAT;
    rule->to_port = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
    if (*value == '[' && length >= 2)
        snprintf(rule->to, sizeof rule->to, "%.*s", (int)(length - 2), value + 1);
    else
        snprintf(rule->to, sizeof rule->to, "%.*s", (int)length, value);
}

/* One word with the one behind it; those without a value are verdicts. */
static void take_word(struct rule *rule, const char *name, const char *value)
{
    if (strcmp(name, "masquerade") == 0)
        rule->place = RULE_SNAT;
    else if (strcmp(name, "accept") == 0)
        rule->place = RULE_ACCEPT;
    else if (strcmp(name, "drop") == 0)
        rule->place = RULE_GUARD;
    else if (strcmp(name, "udp") == 0)
        rule->udp = true;
    else if (!value)
        return;
    else if (strcmp(name, "saddr") == 0)
        take(rule->source, sizeof rule->source, value);
    else if (strcmp(name, "daddr") == 0)
        take(rule->target, sizeof rule->target, value);
    else if (strcmp(name, "iifname") == 0)
        take(rule->in, sizeof rule->in, value);
    else if (strcmp(name, "oifname") == 0)
        take(rule->out, sizeof rule->out, value);
    else if (strcmp(name, "dport") == 0)
        rule->port = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "comment") == 0)
        take(rule->mark, sizeof rule->mark, value);
    else if (strcmp(name, "to") == 0)
        take_destination(rule, value);
}

bool nft_parse(const char *line, enum rule_family family, struct rule *ret)
{
    auto_free char *text = xstrdup(line);
    char *rest = NULL, *name = strtok_r(text, " \t\r\n", &rest);

    *ret = (struct rule){.family = family};
    if (!strstr(line, "comment \"virtopo:") || strstr(line, " jump "))
        return false;
    while (name) {
        char *value = strtok_r(NULL, " \t\r\n", &rest);

        take_word(ret, name, value);
        name = value;
    }
    return true;
}
