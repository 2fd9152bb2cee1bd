/* SPDX-License-Identifier: Apache-2.0 */
/* What a host's firewall has: the script that asks, and what it answers. */
#include <stdlib.h>
#include <string.h>

#include "templates/firewall/script.h"

const char firewall_look[] =
    "export LC_ALL=C PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"\n"
    "[ \"$(id -u)\" = 0 ] || echo '== unprivileged'\n"
    "for p in iptables ip6tables; do\n"
    "    command -v $p-save >/dev/null 2>&1 || continue\n"
    "    echo \"== $p\"\n"
    "    $p-save 2>/dev/null | grep -E '^:FORWARD |^:LIBVIRT_FWI |virtopo:| LIBVIRT_FWI$'\n"
    "done\n"
    "if command -v nft >/dev/null 2>&1; then\n"
    "    echo '== nft'\n"
    "    nft list tables 2>/dev/null | while read -r _ family table; do\n"
    "        case $family-$table in\n"
    "        ip-libvirt_network | ip6-libvirt_network | ip-virtopo_* | ip6-virtopo_*)\n"
    "            echo \"table $family $table\"\n"
    "            nft -nn list table \"$family\" \"$table\" 2>/dev/null | grep virtopo: ;;\n"
    "        esac\n"
    "    done\n"
    "fi\n"
    "echo '== sockets'\n"
    "ss -Hlntup 2>/dev/null\n"
    "echo '== forwarding'\n"
    "cat /proc/sys/net/ipv4/ip_forward\n"
    "cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null\n"
    "echo '== localnet'\n"
    "grep -l '^1' /proc/sys/net/ipv4/conf/*/route_localnet |\n"
    "    sed 's|/route_localnet$||; s|.*/||'\n"
    "if command -v firewall-cmd >/dev/null 2>&1 && firewall-cmd --state >/dev/null 2>&1; then\n"
    "    echo '== firewalld'\n"
    "    grep -i '^[[:space:]]*StrictForwardPorts[[:space:]]*=[[:space:]]*yes' "
    "/etc/firewalld/firewalld.conf\n"
    "fi\n"
    "exit 0\n";

static void add_jump(struct firewall_view *view, enum rule_family family, const char *line,
                     const bool *after_libvirt)
{
    struct firewall_jump jump = {.family = family};
    const char *chain = strstr(line, "-j VIRTOPO-");

    if (!chain || sscanf(line, "-A %27s", jump.from) != 1 ||
        sscanf(chain, "-j %31s", jump.chain) != 1)
        return;
    jump.late = strcmp(jump.from, "FORWARD") == 0 && after_libvirt[family];
    vector_push(view->jumps, view->jump_count, jump);
}

static void read_iptables(struct firewall_view *view, enum rule_family family, const char *line,
                          bool *after_libvirt)
{
    struct rule rule;

    view->has_iptables[family] = true;
    if (strncmp(line, ":FORWARD DROP", 13) == 0)
        view->forward_drops[family] = true;
    else if (strncmp(line, ":LIBVIRT_FWI ", 13) == 0)
        view->libvirt_iptables[family] = true;
    else if (strcmp(line, "-A FORWARD -j LIBVIRT_FWI") == 0)
        after_libvirt[family] = true;
    else if (iptables_parse(line, family, &rule))
        rule_add(&view->iptables, &rule);
    else
        add_jump(view, family, line, after_libvirt);
}

static void read_nft(struct firewall_view *view, enum rule_family *family, const char *line)
{
    struct rule rule;

    view->has_nft = true;
    if (strncmp(line, "table ", 6) == 0) {
        *family = strncmp(line, "table ip6 ", 10) == 0 ? RULE_IP6 : RULE_IP4;
        if (strstr(line, " libvirt_network"))
            view->libvirt_nft[*family] = true;
    } else if (nft_parse(line, *family, &rule)) {
        rule_add(&view->nft, &rule);
    }
}

/* users:(("nginx",pid=123,fd=6),…) */
static char *whose(const char *users)
{
    char name[64];
    unsigned pid;

    return sscanf(users, " users:((\"%63[^\"]\",pid=%u", name, &pid) == 2
               ? xasprintf("%s (pid %u)", name, pid)
               : NULL;
}

/* "0.0.0.0:22", "*:80", "[::]:80", "127.0.0.53%lo:53" */
static void take_address(struct firewall_socket *socket, char *local)
{
    char *colon = strrchr(local, ':');
    char *address = local + (*local == '[');

    if (!colon)
        return;
    socket->port = (unsigned)strtoul(colon + 1, NULL, 10);
    *colon = '\0';
    address[strcspn(address, "]%")] = '\0';
    if (strcmp(address, "*") != 0)
        snprintf(socket->address, sizeof socket->address, "%s", address);
}

static void read_socket(struct firewall_view *view, const char *line)
{
    struct firewall_socket socket = {0};
    char protocol[8], local[128];
    int end = 0;

    if (sscanf(line, "%7s %*s %*s %*s %127s %*s%n", protocol, local, &end) != 2 || !end)
        return;
    socket.udp = strcmp(protocol, "udp") == 0;
    take_address(&socket, local);
    socket.who = whose(line + end);
    vector_push(view->sockets, view->socket_count, socket);
}

enum section {
    NONE,
    IPTABLES,
    IP6TABLES,
    NFT,
    SOCKETS,
    FORWARDING,
    LOCALNET,
    FIREWALLD,
};

static const char *const sections[] = {
    [IPTABLES] = "iptables",   [IP6TABLES] = "ip6tables",   [NFT] = "nft",
    [SOCKETS] = "sockets",     [FORWARDING] = "forwarding", [LOCALNET] = "localnet",
    [FIREWALLD] = "firewalld",
};

static enum section enter(struct firewall_view *view, const char *name)
{
    enum section section = NONE;

    for (size_t i = 1; i < ARRAY_SIZE(sections); i++) {
        if (strcmp(name, sections[i]) == 0)
            section = (enum section)i;
    }
    view->unprivileged |= strcmp(name, "unprivileged") == 0;
    view->has_iptables[RULE_IP4] |= section == IPTABLES;
    view->has_iptables[RULE_IP6] |= section == IP6TABLES;
    view->has_nft |= section == NFT;
    view->firewalld |= section == FIREWALLD;
    return section;
}

void firewall_parse(const char *text, struct firewall_view *ret)
{
    auto_free char *copy = xstrdup(text);
    bool after_libvirt[RULE_FAMILIES] = {false};
    enum rule_family nft_family = RULE_IP4;
    enum section section = NONE;
    size_t forwarding = 0;
    char *rest = NULL;

    *ret = (struct firewall_view){0};
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, "== ", 3) == 0)
            section = enter(ret, line + 3);
        else if (section == IPTABLES || section == IP6TABLES)
            read_iptables(ret, section == IPTABLES ? RULE_IP4 : RULE_IP6, line, after_libvirt);
        else if (section == NFT)
            read_nft(ret, &nft_family, line);
        else if (section == SOCKETS)
            read_socket(ret, line);
        else if (section == FORWARDING && forwarding < RULE_FAMILIES)
            ret->forwarding[forwarding++] = *line == '1';
        else if (section == LOCALNET)
            vector_push(ret->local_routes, ret->local_route_count, xstrdup(line));
        else if (section == FIREWALLD)
            ret->firewalld_strict = true;
    }
}

void firewall_view_done(struct firewall_view *view)
{
    rule_list_done(&view->iptables);
    rule_list_done(&view->nft);
    for (size_t i = 0; i < view->socket_count; i++)
        free(view->sockets[i].who);
    for (size_t i = 0; i < view->local_route_count; i++)
        free(view->local_routes[i]);
    free(view->sockets);
    free(view->local_routes);
    free(view->jumps);
    *view = (struct firewall_view){0};
}

struct firewall_use firewall_use(const struct firewall_view *view, enum rule_family family)
{
    bool by_nft = view->has_nft && !view->libvirt_iptables[family] &&
                  (view->libvirt_nft[family] || !view->has_iptables[family]);

    return (struct firewall_use){
        .iptables_nat = !by_nft,
        .iptables_filter = !by_nft || view->forward_drops[family],
        .nft_nat = by_nft,
        .nft_libvirt = view->libvirt_nft[family],
    };
}

static bool jumps_to(const struct firewall_view *view, enum rule_family family,
                     const char *from, const char *chains, const char *chain)
{
    char name[RULE_CHAIN + 4];

    snprintf(name, sizeof name, "%s-%s", chains, chain);
    for (size_t i = 0; i < view->jump_count; i++) {
        const struct firewall_jump *jump = &view->jumps[i];

        if (jump->family == family && !jump->late && strcmp(jump->from, from) == 0 &&
            strcmp(jump->chain, name) == 0)
            return true;
    }
    return false;
}

bool firewall_is_linked(const struct firewall_view *view, enum rule_family family,
                        const char *cluster)
{
    struct firewall_use use = firewall_use(view, family);
    char chains[RULE_CHAIN];

    rule_chains(cluster, chains);
    if (use.iptables_nat && !(jumps_to(view, family, "PREROUTING", chains, "IN") &&
                              jumps_to(view, family, "OUTPUT", chains, "IN") &&
                              jumps_to(view, family, "POSTROUTING", chains, "OUT")))
        return false;
    return !use.iptables_filter || (jumps_to(view, family, "FORWARD", chains, "FWD") &&
                                    jumps_to(view, family, "INPUT", chains, "LO"));
}

bool firewall_has(const struct firewall_view *view, const struct rule *rule)
{
    struct firewall_use use = firewall_use(view, rule->family);
    bool by_iptables = use.iptables_nat;
    bool by_nft = use.nft_nat;

    if (rule->place == RULE_ACCEPT) {
        by_iptables = use.iptables_filter;
        by_nft = use.nft_libvirt;
    }
    return (!by_iptables || rule_list_has(&view->iptables, rule)) &&
           (!by_nft || rule_list_has(&view->nft, rule));
}
