/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All of a table changes at once (iptables-restore, nft -f), so no packet meets half of it.
 * What is there is asked for when the script runs, not before: it can be run again at any time.
 */
#include "templates/firewall/script.h"

#include "util/process.h"

static const char functions[] =
    "export LC_ALL=C PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"\n"
    "has() { command -v \"$1\" >/dev/null 2>&1; }\n"
    "\n"
    "# Bridges whose guests are kept off the host's 127.0.0.0/8: only there may it be routed.\n"
    "guards() {\n"
    "    {\n"
    "        has iptables-save && iptables-save 2>/dev/null\n"
    "        has nft && nft list table ip \"$table\" 2>/dev/null\n"
    "    } | sed -n \"s/.* -i \\([^ ]*\\) .*\\\"$cluster\\/.* -j DROP\\$/\\1/p\n"
    "        s/.*iifname \\\"\\([^\\\"]*\\)\\\" .*drop comment \\\"$cluster\\/.*/\\1/p\" | "
    "sort -u\n"
    "}\n"
    "route_localnet() {\n"
    "    [ ! -e \"/proc/sys/net/ipv4/conf/$1/route_localnet\" ] ||\n"
    "        echo \"$2\" >\"/proc/sys/net/ipv4/conf/$1/route_localnet\"\n"
    "}\n"
    "\n"
    "# The chains of ours in a table, with what jumps there.\n"
    "jumps() {\n"
    "    local_only='-m addrtype --dst-type LOCAL'\n"
    "    [ \"$1\" = iptables ] || not_loopback='! -d ::1/128'\n"
    "    case $2 in\n"
    "    nat)\n"
    "        echo \"IN PREROUTING $local_only\"\n"
    "        echo \"IN OUTPUT ${not_loopback-} $local_only\"\n"
    "        echo 'OUT POSTROUTING' ;;\n"
    "    filter)\n"
    "        echo 'FWD FORWARD'\n"
    "        echo 'LO INPUT' ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "# PROGRAM TABLE; standard input: the node's rules in it. Prints what restore takes.\n"
    "restore_table() {\n"
    "    new=$(cat)\n"
    "    have=$(printf '%s\\n' \"$saved\" | sed -n \"/^\\*$2\\$/,/^COMMIT/p\")\n"
    "    ours=$(printf '%s\\n' \"$have\" | grep -F \"\\\"$cluster/\")\n"
    "    others=$(printf '%s\\n' \"$ours\" | grep -v -F \"\\\"$node\\\"\")\n"
    "    chains=$(printf '%s\\n' \"$have\" | sed -n \"s/^:\\($prefix-[A-Z]*\\) .*/\\1/p\")\n"
    "    [ -n \"$new$chains\" ] || return 0\n"
    "    echo \"*$2\"\n"
    "    if [ -n \"$new\" ]; then\n"
    "        jumps \"$1\" \"$2\" | while read -r chain _; do echo \"$prefix-$chain\"; done |\n"
    "            sort -u | grep -v -x -F \"$chains\" | sed 's/.*/:& - [0:0]/'\n"
    "    fi\n"
    "    printf '%s\\n' \"$have\" | sed -n \"/\\\"$cluster\\\"/s/^-A/-D/p\"\n"
    "    printf '%s\\n' \"$ours\" | sed -n \"\\\\|\\\"$node\\\"|s/^-A/-D/p\"\n"
    "    [ -z \"$new\" ] || printf '%s\\n' \"$new\"\n"
    "    if [ -n \"$new$others\" ]; then\n"
    "        jumps \"$1\" \"$2\" | while read -r chain from match; do\n"
    "            echo \"-I $from 1 $match -m comment --comment \\\"$cluster\\\" -j "
    "$prefix-$chain\"\n"
    "        done\n"
    "    else\n"
    "        printf '%s\\n' \"$chains\" | sed 's/.*/-F &/'\n"
    "        printf '%s\\n' \"$chains\" | sed 's/.*/-X &/'\n"
    "    fi\n"
    "    echo COMMIT\n"
    "}\n"
    "\n"
    "# PROGRAM; standard input: lines \"TABLE -A CHAIN …\".\n"
    "by_iptables() {\n"
    "    rules=$(cat)\n"
    "    if ! has \"$1-restore\"; then\n"
    "        [ -z \"$rules\" ] && return\n"
    "        echo \"there is no $1 on this host\" >&2\n"
    "        return 1\n"
    "    fi\n"
    "    saved=$(\"$1-save\" 2>/dev/null)\n"
    "    others_left=$(printf '%s\\n' \"$saved\" | grep -F '\"virtopo:' | grep -v -F "
    "\"\\\"$node\\\"\" |\n"
    "        grep -v -F \"\\\"$cluster\\\"\")\n"
    "    case $saved in *\"$prefix\"*) ;; *) others_left=none ;; esac\n"
    "    input=$(for t in nat filter; do\n"
    "        printf '%s\\n' \"$rules\" | sed -n \"s/^$t //p\" | restore_table \"$1\" $t\n"
    "    done)\n"
    "    [ -z \"$input\" ] || printf '%s\\n' \"$input\" | \"$1-restore\" -w 20 --noflush || "
    "return\n"
    "    # Made for our jumps alone; only empty ones go, and only iptables-nft lets them.\n"
    "    [ -n \"$rules$others_left\" ] || for c in PREROUTING OUTPUT; do\n"
    "        \"$1\" -w 20 -t nat -X $c 2>/dev/null\n"
    "    done\n"
    "    return 0\n"
    "}\n"
    "\n"
    "# FAMILY TABLE MARK: commands that delete the rules with that mark.\n"
    "nft_delete() {\n"
    "    nft -a list table \"$1\" \"$2\" 2>/dev/null | awk -v where=\"$1 $2\" -v "
    "mark=\"\\\"$3\\\"\" '\n"
    "        $1 == \"chain\" { chain = $2 }\n"
    "        index($0, \"comment \" mark) && match($0, /# handle [0-9]+$/) {\n"
    "            print \"delete rule \" where \" \" chain \" handle \" substr($0, RSTART + 9)\n"
    "        }'\n"
    "}\n"
    "nft_table() {\n"
    "    echo \"add table $1 $table\"\n"
    "    echo \"add chain $1 $table publish\"\n"
    "    loopback=\n"
    "    [ \"$1\" = ip ] || loopback='ip6 daddr != ::1 '\n"
    "    if ! nft list table \"$1\" \"$table\" >/dev/null 2>&1; then\n"
    "        echo \"add chain $1 $table outside { type nat hook prerouting priority -100; }\"\n"
    "        echo \"add chain $1 $table inside { type nat hook output priority -100; }\"\n"
    "        echo \"add chain $1 $table answer { type nat hook postrouting priority 99; }\"\n"
    "        echo \"add chain $1 $table guard { type filter hook input priority -1; }\"\n"
    "        echo \"add rule $1 $table outside fib daddr type local jump publish comment "
    "\\\"$cluster\\\"\"\n"
    "        echo \"add rule $1 $table inside ${loopback}fib daddr type local jump publish "
    "comment \\\"$cluster\\\"\"\n"
    "    fi\n"
    "}\n"
    "# FAMILY; standard input: lines \"CHAIN RULE\".\n"
    "by_nft() {\n"
    "    rules=$(cat)\n"
    "    if ! has nft; then\n"
    "        [ -z \"$rules\" ] && return\n"
    "        echo 'there is no nft on this host' >&2\n"
    "        return 1\n"
    "    fi\n"
    "    own=$(printf '%s\\n' \"$rules\" | grep -v '^forward ')\n"
    "    input=$(\n"
    "        others=$(nft list table \"$1\" \"$table\" 2>/dev/null | grep -F \"\\\"$cluster/\" "
    "|\n"
    "            grep -v -F \"\\\"$node\\\"\")\n"
    "        if [ -n \"$own\" ]; then\n"
    "            nft_table \"$1\"\n"
    "        elif [ -z \"$others\" ] && nft list table \"$1\" \"$table\" >/dev/null 2>&1; "
    "then\n"
    "            echo \"delete table $1 $table\"\n"
    "        fi\n"
    "        [ -z \"$own$others\" ] || nft_delete \"$1\" \"$table\" \"$node\"\n"
    "        nft_delete \"$1\" libvirt_network \"$node\"\n"
    "        printf '%s\\n' \"$rules\" | sed -n \"s/^forward /insert rule $1 libvirt_network "
    "forward /p\"\n"
    "        [ -z \"$own\" ] || printf '%s\\n' \"$own\" | sed \"s/^/add rule $1 $table /\"\n"
    "    )\n"
    "    [ -z \"$input\" ] || printf '%s\\n' \"$input\" | nft -f -\n"
    "}\n"
    "\n";

static void write_iptables(const struct rule_list *rules, enum rule_family family,
                           const struct firewall_use *use, const char *chains,
                           struct buffer *out)
{
    buffer_printf(out, "by_iptables %s <<'END' || status=1\n",
                  family == RULE_IP6 ? "ip6tables" : "iptables");
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];
        bool used = rule->place == RULE_ACCEPT ? use->iptables_filter : use->iptables_nat;

        if (rule->family == family && used)
            iptables_rule(rule, chains, out);
    }
    buffer_puts(out, "END\n");
}

static void write_nft(const struct rule_list *rules, enum rule_family family,
                      const struct firewall_use *use, struct buffer *out)
{
    buffer_printf(out, "by_nft %s <<'END' || status=1\n", family == RULE_IP6 ? "ip6" : "ip");
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];
        bool used = rule->place == RULE_ACCEPT ? use->nft_libvirt : use->nft_nat;

        if (rule->family == family && used)
            nft_rule(rule, out);
    }
    buffer_puts(out, "END\n");
}

char *firewall_script(const char *cluster, const char *node, const struct rule_list *rules,
                      const struct firewall_use use[RULE_FAMILIES])
{
    struct buffer out = {0};
    char chains[RULE_CHAIN], table[64], mark[RULE_MARK];
    auto_free char *all = shell_quote(rule_mark(cluster, NULL, mark));
    auto_free char *own = shell_quote(rule_mark(cluster, node, mark));

    rule_chains(cluster, chains);
    buffer_puts(&out, functions);
    buffer_printf(&out,
                  "cluster=%s\nnode=%s\nprefix=%s\ntable=%s\nstatus=0\n"
                  "before=$(guards)\n",
                  all, own, chains, rule_table(cluster, table));
    for (enum rule_family f = RULE_IP4; f < RULE_FAMILIES; f++) {
        write_iptables(rules, f, &use[f], chains, &out);
        write_nft(rules, f, &use[f], &out);
    }
    buffer_puts(&out, "after=$(guards)\n"
                      "for b in $before; do route_localnet \"$b\" 0; done\n"
                      "for b in $after; do route_localnet \"$b\" 1; done\n"
                      "exit $status\n");
    return buffer_take(&out);
}
