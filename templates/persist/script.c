/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/persist/script.h"

#include <string.h>

#include "util/process.h"

#define FOLDERS                                                    \
    "/etc/systemd/network /etc/NetworkManager/system-connections " \
    "/etc/network/interfaces.d /etc/netplan"

/* Files of ours of cluster $1: in these folders, and beside the host's own for networkd. A
 * cluster's name has no '_' or '.', but it may begin as another does: the first line tells. */
static const char functions[] =
    "export LC_ALL=C PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"\n"
    "ours() {\n"
    "    for d in " FOLDERS " /etc/systemd/network/*.network.d; do\n"
    "        for f in \"$d\"/*virtopo-\"$1\"-*; do\n"
    "            [ -f \"$f\" ] && head -n 1 \"$f\" 2>/dev/null |\n"
    "                grep -q \"^# Made by virtopo for bridge .*: cluster $1, network \" && "
    "echo \"$f\"\n"
    "        done\n"
    "    done\n"
    "}\n"
    "network_of() { sed -n '1s/.*, network \\([^;]*\\);.*/\\1/p' \"$1\"; }\n"
    "written() { sed -n '2s/^# sha256 of the rest: //p' \"$1\"; }\n"
    "actual() { tail -n +3 \"$1\" | sha256sum | cut -d ' ' -f 1; }\n";

const char persist_look[] =
    "export LC_ALL=C PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"\n"
    "# A daemon of the host's own: one of a container has another network.\n"
    "own=$(readlink /proc/self/ns/net)\n"
    "runs() {\n"
    "    for p in $(grep -l -x \"$1\" /proc/[0-9]*/comm 2>/dev/null); do\n"
    "        [ \"$(readlink \"${p%/comm}/ns/net\")\" = \"$own\" ] && return 0\n"
    "    done\n"
    "    return 1\n"
    "}\n"
    "ls /etc/netplan/*.yaml >/dev/null 2>&1 && command -v netplan >/dev/null && echo netplan\n"
    "runs NetworkManager && echo NetworkManager\n"
    "runs systemd-network && echo systemd-networkd\n"
    "[ -f /etc/network/interfaces ] && command -v ifup >/dev/null && echo ifupdown\n"
    "grep -Eqs '^[[:space:]]*source(-directory)?[[:space:]]+(/etc/network/)?interfaces\\.d' "
    "/etc/network/interfaces && echo reads\n"
    "if [ -n \"$2\" ]; then\n"
    "    grep -Els \"^[[:space:]]*iface[[:space:]]+$2[[:space:]]+inet6?[[:space:]]+"
    "(static|dhcp|auto)\" /etc/network/interfaces /etc/network/interfaces.d/* |\n"
    "        grep -v /virtopo- | sed 's/^/way ifupdown /'\n"
    "    grep -Els \"^[[:space:]]*\\\"?$2\\\"?:\" /etc/netplan/*.yaml | grep -v virtopo- | "
    "while read -r f; do\n"
    "        grep -q '^[[:space:]]*addresses:' \"$f\" && echo \"way netplan $f\"\n"
    "    done\n"
    "    for f in /etc/systemd/network/*.network; do\n"
    "        case $f in */*virtopo-* | */\\*.network) ;; *)\n"
    "            grep -q \"^Name=$2\\$\" \"$f\" && echo \"uplink ${f##*/}\" && break ;;\n"
    "        esac\n"
    "    done\n"
    "fi\n"
    "for d in " FOLDERS " /etc/systemd/network/*.network.d; do\n"
    "    for f in \"$d\"/*virtopo-\"$1\"-*; do\n"
    "        [ -f \"$f\" ] || continue\n"
    "        head -n 1 \"$f\" | grep -q \"^# Made by virtopo for bridge .*: cluster $1, "
    "network \" "
    "|| continue\n"
    "        echo \"file $f $(sed -n '1s/.*, network \\([^;]*\\);.*/\\1/p' \"$f\") "
    "$(sed -n '2s/^# sha256 of the rest: //p' \"$f\") "
    "$(tail -n +3 \"$f\" | sha256sum | cut -d ' ' -f 1)\"\n"
    "    done\n"
    "done\n"
    "exit 0\n";

static const char body[] =
    "# Standard input: the file.\n"
    "put() {\n"
    "    if [ -e \"$2\" ] && ! ours \"$cluster\" | grep -q -x -F \"$2\"; then\n"
    "        echo \"$2 is there and is not virtopo's\" >&2\n"
    "        cat >/dev/null\n"
    "        return 1\n"
    "    fi\n"
    "    mkdir -p \"${2%/*}\" && (umask 077 && cat >\"${2%/*}/.virtopo.$$\") &&\n"
    "        chmod \"$1\" \"${2%/*}/.virtopo.$$\" && sync \"${2%/*}/.virtopo.$$\" &&\n"
    "        mv -f \"${2%/*}/.virtopo.$$\" \"$2\"\n"
    "}\n"
    "status=0\n"
    "for f in $(ours \"$cluster\"); do\n"
    "    [ \"$(network_of \"$f\")\" = \"$network\" ] || continue\n"
    "    [ \"$(written \"$f\")\" = \"$(actual \"$f\")\" ] && continue\n"
    "    echo \"$f was edited by somebody: it stays. What is in it may still be wanted; remove "
    "it "
    "by hand\" >&2\n"
    "    status=1\n"
    "done\n"
    "[ $status = 0 ] || exit 1\n";

static const char sweep[] =
    "for f in $(ours \"$cluster\"); do\n"
    "    [ \"$(network_of \"$f\")\" = \"$network\" ] || continue\n"
    "    case \" $wanted \" in *\" $f \"*) continue ;; esac\n"
    "    rm -f \"$f\" || status=1\n"
    "    case $f in *.network.d/*) rmdir \"${f%/*}\" 2>/dev/null ;; esac\n"
    "done\n"
    "exit $status\n";

char *persist_script(const char *cluster, const char *network,
                     const struct persist_files *files)
{
    struct buffer out = {0};
    auto_free char *own_cluster = shell_quote(cluster), *own_network = shell_quote(network);

    buffer_printf(&out, "%scluster=%s\nnetwork=%s\n%swanted='", functions, own_cluster,
                  own_network, body);
    for (size_t i = 0; i < files->count; i++)
        buffer_printf(&out, "%s%s", i ? " " : "", files->items[i].path);
    buffer_puts(&out, "'\n");
    for (size_t i = 0; i < files->count; i++) {
        auto_free char *path = shell_quote(files->items[i].path);

        buffer_printf(&out, "put %04o %s <<'END-OF-FILE' || exit 1\n%sEND-OF-FILE\n",
                      files->items[i].mode, path, files->items[i].content);
    }
    buffer_puts(&out, sweep);
    return buffer_take(&out);
}
