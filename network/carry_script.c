/* SPDX-License-Identifier: Apache-2.0 */
#include "network/carry_script.h"

const char carry_script_ask[] = "test \"$(id -u)\" = 0 || exit 1\n"
                                "command -v ip >/dev/null || exit 1\n"
                                "uname -r\n";

/* Whatever is there of an earlier run goes first. */
const char carry_script_shield[] =
    "what=$1 comment=$2\n"
    "shift 2\n"
    "for tool in iptables ip6tables; do\n"
    "  command -v $tool >/dev/null || continue\n"
    "  [ \"$(cat /proc/sys/net/bridge/bridge-nf-call-$tool 2>/dev/null)\" = 1 ] || continue\n"
    "  for bridge; do\n"
    "    rule=\"-i $bridge -o $bridge -m comment --comment $comment -j ACCEPT\"\n"
    "    while $tool -w -D FORWARD $rule 2>/dev/null; do :; done\n"
    "    [ $what != on ] || $tool -w -I FORWARD $rule\n"
    "  done\n"
    "done\n";

/* Linux before 6.2 renames only what is down, and forgets routes and IPv6 addresses then. */
#define RENAME                                                                           \
    "rename() {\n"                                                                       \
    "  ip link set dev \"$1\" name \"$2\" 2>/dev/null && return\n"                       \
    "  echo 1 >\"/proc/sys/net/ipv6/conf/$1/keep_addr_on_down\" 2>/dev/null || :\n"      \
    "  printf 'link set dev %s down\\nlink set dev %s name %s\\nlink set dev %s up\\n' " \
    "\"$1\" \"$1\" \"$2\" \"$2\" | ip -batch -\n"                                        \
    "}\n"

const char carry_script_park[] =
    "set -eu\n" RENAME "bridge=$1 parked=$2 alias=$3\n"
    "shift 3\n"
    "if [ ! -e \"/sys/class/net/$parked\" ] && [ -d \"/sys/class/net/$bridge/bridge\" ]; then\n"
    "  rename \"$bridge\" \"$parked\"\n"
    "  ip link set dev \"$parked\" alias \"$alias\"\n"
    "fi\n"
    "[ -e \"/sys/class/net/$parked\" ] || exit 0\n"
    "while [ $# -gt 0 ]; do\n"
    "  ip -4 route replace \"$2\" dev \"$parked\" scope link src \"$4\" || :\n"
    "  ip -4 route replace \"$3\" dev \"$parked\" scope link src \"$4\" || :\n"
    "  ip -4 route del \"$1\" dev \"$parked\" 2>/dev/null || :\n"
    "  shift 4\n"
    "done\n"
    "echo parked\n";

/* A port that had the bridge's MTU gets its new one; one of its own stays. The kernel takes a
 * delay of 0 only without the spanning tree. */
#define SETTINGS                                                                  \
    "settings() {\n"                                                              \
    "  mtu=$(cat \"$net/$bridge/mtu\") was=$(cat \"$net/$parked/mtu\")\n"         \
    "  if [ \"$mtu\" != \"$was\" ]; then\n"                                       \
    "    for port in \"$net/$parked/brif\"/*; do\n"                               \
    "      port=${port##*/}\n"                                                    \
    "      [ \"$(cat \"$net/$port/mtu\" 2>/dev/null)\" != \"$was\" ] ||\n"        \
    "        ip link set dev \"$port\" mtu \"$mtu\"\n"                            \
    "    done\n"                                                                  \
    "    ip link set dev \"$parked\" mtu \"$mtu\"\n"                              \
    "  fi\n"                                                                      \
    "  keys='forward_delay stp_state'\n"                                          \
    "  [ \"$(cat \"$net/$bridge/bridge/stp_state\")\" != 0 ] || keys='stp_state " \
    "forward_delay'\n"                                                            \
    "  for key in $keys; do\n"                                                    \
    "    value=$(cat \"$net/$bridge/bridge/$key\")\n"                             \
    "    [ \"$value\" = \"$(cat \"$net/$parked/bridge/$key\")\" ] ||\n"           \
    "      echo \"$value\" >\"$net/$parked/bridge/$key\"\n"                       \
    "  done\n"                                                                    \
    "  for key in disable_ipv6 accept_ra autoconf; do\n"                          \
    "    cat \"$v6/$bridge/$key\" >\"$v6/$parked/$key\" 2>/dev/null || :\n"       \
    "  done\n"                                                                    \
    "}\n"                                                                         \
    "addresses() {\n"                                                             \
    "  ip -o address show dev \"$bridge\" scope global | "                        \
    "while read -r n d f address rest; do echo \"$address\"; done\n"              \
    "}\n"

/* What is there already stays without a gap. */
#define ADDRESSES                                                         \
    "readdress() {\n"                                                     \
    "  for address in $(addresses); do\n"                                 \
    "    case \" $wanted \" in *\" $address \"*) ;;\n"                    \
    "    *) ip address del \"$address\" dev \"$bridge\" ;;\n"             \
    "    esac\n"                                                          \
    "  done\n"                                                            \
    "  had=\" $(echo $(addresses)) \"\n"                                  \
    "  for address in $wanted; do\n"                                      \
    "    case $had in *\" $address \"*) continue ;; esac\n"               \
    "    case $address in\n"                                              \
    "    *:*) ip address add \"$address\" dev \"$bridge\" nodad ;;\n"     \
    "    *) ip address add \"$address\" broadcast + dev \"$bridge\" ;;\n" \
    "    esac\n"                                                          \
    "  done\n"                                                            \
    "}\n"

#define ROUTES                                                                             \
    "reroute() {\n"                                                                        \
    "  [ \"$2\" != \"$(ip $1 route show dev \"$bridge\" proto static 2>/dev/null)\" ] || " \
    "return 0\n"                                                                           \
    "  ip $1 route flush dev \"$bridge\" proto static\n"                                   \
    "  echo \"$2\" | while read -r route; do\n"                                            \
    "    [ -z \"$route\" ] || ip $1 route replace $route dev \"$bridge\" proto static\n"   \
    "  done\n"                                                                             \
    "}\n"

const char carry_script_return[] =
    "set -eu\n" RENAME SETTINGS ADDRESSES ROUTES
    "bridge=$1 parked=$2 name=$3 net=/sys/class/net v6=/proc/sys/net/ipv6/conf\n"
    "shift 3\n"
    "if [ -e \"$net/$parked\" ]; then\n"
    "  settings\n"
    "  wanted=$(echo $(addresses))\n"
    "  routes=$(ip -4 route show dev \"$bridge\" proto static)\n"
    "  routes6=$(ip -6 route show dev \"$bridge\" proto static 2>/dev/null)\n"
    "  ip link del dev \"$bridge\"\n"
    "  rename \"$parked\" \"$bridge\"\n"
    "  readdress\n"
    "  while [ $# -gt 0 ]; do\n"
    "    case \" $wanted \" in *\" $4/\"*)\n"
    "      ip -4 route replace \"$1\" dev \"$bridge\" proto kernel scope link src \"$4\" ;;\n"
    "    esac\n"
    "    ip -4 route del \"$2\" dev \"$bridge\" scope link 2>/dev/null || :\n"
    "    ip -4 route del \"$3\" dev \"$bridge\" scope link 2>/dev/null || :\n"
    "    shift 4\n"
    "  done\n"
    "  reroute -4 \"$routes\"\n"
    "  reroute -6 \"$routes6\"\n"
    "  ip link set dev \"$bridge\" alias ''\n"
    "fi\n"
    "pid=$(cat \"/run/libvirt/network/$name.pid\" 2>/dev/null) || exit 0\n"
    "[ \"$(cat \"/proc/$pid/comm\" 2>/dev/null)\" = dnsmasq ] || exit 0\n"
    "kill \"$pid\" 2>/dev/null || exit 0\n"
    "i=0\n"
    "while kill -0 \"$pid\" 2>/dev/null && [ $i -lt 200 ]; do\n"
    "  sleep 0.01\n"
    "  i=$((i + 1))\n"
    "done\n";
