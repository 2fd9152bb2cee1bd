/* SPDX-License-Identifier: Apache-2.0 */
/* Rules in the words of iptables and ip6tables, both ways. */
#include "templates/firewall/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *table, *chain, *match, *verdict;
} places[] = {
    [RULE_DNAT] = {"nat", "IN", "", "DNAT"},
    [RULE_SNAT] = {"nat", "OUT", " -m conntrack --ctstate DNAT", "MASQUERADE"},
    [RULE_ACCEPT] = {"filter", "FWD", " -m conntrack --ctstate DNAT", "ACCEPT"},
    [RULE_GUARD] = {"filter", "LO", " -m conntrack ! --ctstate RELATED,ESTABLISHED", "DROP"},
};

static void word(struct buffer *out, const char *option, const char *value)
{
    if (*value)
        buffer_printf(out, " %s %s", option, value);
}

void iptables_rule(const struct rule *rule, const char *chains, struct buffer *out)
{
    bool bracket = rule->family == RULE_IP6;

    buffer_printf(out, "%s -A %s-%s", places[rule->place].table, chains,
                  places[rule->place].chain);
    word(out, "-s", rule->source);
    word(out, "-d", rule->target);
    word(out, "-i", rule->in);
    word(out, "-o", rule->out);
    if (rule->port)
        buffer_printf(out, " -p %s --dport %u", rule->udp ? "udp" : "tcp", rule->port);
    buffer_printf(out, "%s -m comment --comment \"%s\" -j %s", places[rule->place].match,
                  rule->mark, places[rule->place].verdict);
    if (*rule->to)
        buffer_printf(out, " --to-destination %s%s%s:%u", bracket ? "[" : "", rule->to,
                      bracket ? "]" : "", rule->to_port);
    buffer_puts(out, "\n");
}

static bool take_place(const char *chain, enum rule_place *ret)
{
    const char *end = strrchr(chain, '-');

    for (size_t i = 0; end && i < ARRAY_SIZE(places); i++) {
        if (strcmp(end + 1, places[i].chain) == 0) {
            *ret = (enum rule_place)i;
            return true;
        }
    }
    return false;
}

static void take(char *out, size_t size, const char *value)
{
    size_t length = strlen(value);
    /* Of one address alone, the prefix says nothing. */
    const char *slash = strrchr(value, '/');

    if (slash && (strcmp(slash, "/32") == 0 || strcmp(slash, "/128") == 0))
        length = (size_t)(slash - value);
    snprintf(out, size, "%.*s", (int)length, value);
}

/* "10.20.0.11:80", "[fd00::1]:80" */
static void take_destination(struct rule *rule, const char *value)
{
    const char *colon = strrchr(value, ':');
    size_t length = colon ? (size_t)(colon - value) : strlen(value);

    rule->to_port = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
    if (*value == '[' && length >= 2)
        snprintf(rule->to, sizeof rule->to, "%.*s", (int)(length - 2), value + 1);
    else
        snprintf(rule->to, sizeof rule->to, "%.*s", (int)length, value);
}

static void take_option(struct rule *rule, const char *option, const char *value)
{
    if (strcmp(option, "-s") == 0)
        take(rule->source, sizeof rule->source, value);
    else if (strcmp(option, "-d") == 0)
        take(rule->target, sizeof rule->target, value);
    else if (strcmp(option, "-i") == 0)
        take(rule->in, sizeof rule->in, value);
    else if (strcmp(option, "-o") == 0)
        take(rule->out, sizeof rule->out, value);
    else if (strcmp(option, "-p") == 0)
        rule->udp = strcmp(value, "udp") == 0;
    else if (strcmp(option, "--dport") == 0)
        rule->port = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(option, "--to-destination") == 0)
        take_destination(rule, value);
    else if (strcmp(option, "--comment") == 0)
        snprintf(rule->mark, sizeof rule->mark, "%.*s",
                 (int)strcspn(value + (*value == '"'), "\""), value + (*value == '"'));
}

bool iptables_parse(const char *line, enum rule_family family, struct rule *ret)
{
    auto_free char *text = xstrdup(line);
    char *rest = NULL, *option = strtok_r(text, " \r\n", &rest);
    const char *chain = strtok_r(NULL, " \r\n", &rest);

    *ret = (struct rule){.family = family};
    if (!option || strcmp(option, "-A") != 0 || !chain || !strstr(line, "virtopo:") ||
        strncmp(chain, "VIRTOPO-", 8) != 0 || !take_place(chain, &ret->place))
        return false;
    while ((option = strtok_r(NULL, " \r\n", &rest))) {
        if (*option == '-' && strcmp(option, "-m") != 0 && strcmp(option, "-j") != 0) {
            const char *value = strtok_r(NULL, " \r\n", &rest);

            if (value)
                take_option(ret, option, value);
        }
    }
    return true;
}
