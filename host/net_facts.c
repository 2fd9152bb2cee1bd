/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net_facts.h"

#include <stdlib.h>
#include <string.h>

#include "host/shell.h"

/* SSH_CONNECTION is the session's on a remote host, and ours on this one. The firewall is asked
 * only where bridged packets go through it. */
static const char script[] =
    "cd /proc/sys || exit 1\n"
    "grep -sH . net/ipv4/ip_forward net/ipv6/conf/all/forwarding "
    "net/ipv6/conf/all/disable_ipv6 \\\n"
    "    net/bridge/bridge-nf-call-iptables net/ipv6/conf/*/accept_ra | sed 's/:/ /'\n"
    "printf 'client %s\\n' \"${SSH_CONNECTION%% *}\"\n"
    "sed -n 's/^nameserver[[:space:]]*/nameserver /p' /etc/resolv.conf 2>/dev/null\n"
    "if grep -qs 1 net/bridge/bridge-nf-call-iptables; then\n"
    "    iptables -S FORWARD 2>/dev/null | sed -n 's/^-P FORWARD /forward-policy /p'\n"
    "fi\n"
    "printf 'neighbours '; ip -j neigh show 2>/dev/null | tr -d '\\n' || true\n"
    "echo\n";

static void read_neighbours(struct net_facts *facts, const char *text)
{
    json_decref(facts->neighbours);
    facts->neighbours = json_loads(text, 0, NULL);
}

static void read_line(struct net_facts *facts, char *line, size_t *servers)
{
    char *value = strchr(line, ' ');

    if (!value)
        return;
    *value++ = '\0';
    if (strcmp(line, "nameserver") == 0) /* "fe80::1%eth0" */
        facts->nameservers[(*servers)++] = xstrndup(value, strcspn(value, "% "));
    else if (strcmp(line, "client") == 0)
        facts->client = *value ? xstrdup(value) : NULL;
    else if (strcmp(line, "neighbours") == 0)
        read_neighbours(facts, value);
    else
        json_object_set_new(facts->values, line, json_string(value));
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    while ((text = strchr(text, '\n'))) {
        text++;
        count++;
    }
    return count;
}

int net_facts_parse(const char *text, struct net_facts *ret, struct error **err)
{
    auto_free char *copy = xstrdup(text);
    char *rest = copy, *line;
    size_t servers = 0;

    *ret = (struct net_facts){.values = json_object(),
                              .nameservers = xcalloc(count_lines(text) + 2, sizeof(char *))};
    while ((line = strsep(&rest, "\n")))
        read_line(ret, line, &servers);
    if (!ret->neighbours)
        ret->neighbours = json_array();
    if (json_object_size(ret->values))
        return 0;
    net_facts_done(ret);
    return error_set(err, ERROR_FAILED, "cannot read the kernel's network settings: '%.80s'",
                     text);
}

int net_facts_read(struct host *host, struct net_facts *ret, struct error **err)
{
    auto_buffer struct buffer output = {0};

    if (shell_check(host, "reading the network's settings", script, NULL, NULL, &output, err) <
        0)
        return -1;
    return net_facts_parse(output.data ? output.data : "", ret, err);
}

void net_facts_done(struct net_facts *facts)
{
    for (size_t i = 0; facts->nameservers && facts->nameservers[i]; i++)
        free(facts->nameservers[i]);
    free(facts->nameservers);
    free(facts->client);
    json_decref(facts->values);
    json_decref(facts->neighbours);
    *facts = (struct net_facts){0};
}

const char *net_facts_value(const struct net_facts *facts, const char *name)
{
    return json_string_value(json_object_get(facts->values, name));
}

bool net_facts_is(const struct net_facts *facts, const char *name, const char *value)
{
    const char *have = net_facts_value(facts, name);

    return have && strcmp(have, value) == 0;
}
