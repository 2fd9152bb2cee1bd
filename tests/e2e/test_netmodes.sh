#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Networks of virtopo's own by IPv6: who reaches whom, and the outside; frames of 9000 bytes end to end; all of it back
# after the host has been restarted, and the host as before after `down`.
# minutes: 4
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

# What virtopo must leave as it was, beyond host_state: the kernel's view, word by word.
kernel() {
    on ip -d link | sed 's/^[0-9]*: //'
    on ip address show | grep inet
    on ip route show table all
    on ip -6 route show table all
    on ip rule
    on ip -6 rule
}

host_up a
outside_up world --mtu 9000
outside_plug world a
outside_route world on 2001:db8:a2::/64 a
host_warm
# libvirt's switch for good, with the first network of IPv6; routers have anycast addresses.
on sysctl -qw net.ipv6.conf.all.forwarding=1
before=$(host_state)
kernel_before=$(kernel)
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  lan: { subnet: 10.61.0.0/24, subnet6: "fd00:a1::/64", autostart: true }
  wan: { mode: routed, subnet: 10.62.0.0/24, subnet6: "2001:db8:a2::/64", autostart: true }
  san: { mode: isolated, subnet: 10.63.0.0/24, subnet6: "fd00:a3::/64", mtu: 9000, autostart: true }
defaults: { image: tiny, memory: 128M, autostart: true }
nodes:
  n: { networks: [{ network: lan, ip: 10.61.0.10, ip6: "fd00:a1::10" }] }
  r: { networks: [{ network: wan, ip: 10.62.0.10, ip6: "2001:db8:a2::10" }, { network: san, ip: 10.63.0.11, ip6: "fd00:a3::11" }] }
  s: { networks: [{ network: san, ip: 10.63.0.10, ip6: "fd00:a3::10" }] }
Y
reaches() { VT_QUIET=1 vt ssh "$1" -- ping -c 2 -W 2 "$2" >/dev/null; [ "$RC" = 0 ]; }
misses() { ! VT_QUIET=1 reaches "$@"; }
asks() { guest "$1" timeout 5 wget -q -O - "http://[$OUTSIDE_FAR6]/"; }
from_outside() { host_exec world ping -n -c 1 -W 3 "$1" >/dev/null; }

ok up
plans

step "to the outside, and whom it sees"
equal "nat: the host's address" "$(asks n)" "client $(outside_ip6 a)"
equal "routed: its own" "$(asks r)" "client 2001:db8:a2::10"
holds "isolated: not at all" misses s "$OUTSIDE_FAR6"

step "from the outside"
holds "routed" from_outside 2001:db8:a2::10
outside_route world on fd00:a1::/64 a
outside_route world on fd00:a3::/64 a
fails "nat: not even with a route" from_outside fd00:a1::10
fails "isolated: not even with a route" from_outside fd00:a3::10

step "between the networks, by address and by name"
holds "nat to routed" reaches n 2001:db8:a2::10
holds "nat to isolated: no" misses n fd00:a3::10
holds "isolated to nat: no" misses s fd00:a1::10
holds "isolated to routed: no" misses s 2001:db8:a2::10
holds "two on the isolated one" reaches s fd00:a3::11
holds "by name" reaches s r.lab.test
holds "the host, by IPv6" reaches s fd00:a3::1
holds "from the host" on ping -n -c 1 -W 3 fd00:a3::10

step "9000 bytes in one frame, between guests and from the host"
equal "the guest's MTU" "$(guest s cat /sys/class/net/eth0/mtu)" 9000
bridge=$(vir net-info lab_san | awk '/^Bridge/ {print $2}')
on timeout 10 tcpdump -lne -c 4 -i "$bridge" 'ether[12:2] != 0x0806 and greater 9000' >"$SCRATCH/frames" 2>&1 &
frames=$!
until grep -q listening "$SCRATCH/frames"; do sleep 0.05; done
contains "IPv4" "$(guest s ping -c 1 -W 5 -s 8972 10.63.0.11)" "1 packets received"
contains "IPv6" "$(guest s ping -6 -c 1 -W 5 -s 8952 fd00:a3::11)" "1 packets received"
holds "four frames" wait $frames
equal "each of 9014 bytes" "$(grep -c 'length 9014:' "$SCRATCH/frames")" 4
holds "host to guest, not in pieces" on ping -q -n -c 1 -W 3 -M "do" -s 8972 10.63.0.10
fails "one byte more does not fit" on ping -q -n -c 1 -W 1 -M "do" -s 8973 10.63.0.10

step "the host is restarted: networks and nodes come back by themselves"
# What a restart takes: processes, devices, rules, everything below /run, and what libvirt keeps of a guest while it runs.
# shellcheck disable=SC2016
on bash -c 'for file in /run/{virtlogd,libvirtd}.pid /run/libvirt/qemu/*.pid /run/libvirt/network/*.pid; do kill -KILL "$(cat $file)" 2>/dev/null; done; true'
for link in $(on ip -o link | awk -F': ' '$2 !~ /^(lo|eth)/ {sub("@.*", "", $2); print $2}'); do on ip link del "$link" 2>/dev/null || true; done
on sh -c 'iptables -F; iptables -t nat -F; iptables -t mangle -F; ip6tables -F; ip6tables -t nat -F; rm -rf /run/libvirt; sysctl -qw net.ipv6.conf.all.forwarding=0
    rm -rf /var/lib/libvirt/qemu/domain-* /var/lib/libvirt/qemu/channel/target/domain-*'
equal "no bridge is left" "$(on ip -br link show type bridge)" ""
host_libvirt_up a
running() { [ "$(vir list --name --state-running | sort | xargs)" = "lab_n lab_r lab_s" ]; }
wait_for 30 "the nodes run" running
equal "the networks are active" "$(vir net-list --name | sort | xargs)" "lab_lan lab_san lab_wan"
answers() { VT_QUIET=1 vt ssh "$1" -- true >/dev/null; [ "$RC" = 0 ]; }
for node in n r s; do wait_for 60 "$node answers" answers $node; done
# virtopo has not yet seen them ready since.
ok up
plans
holds "routed, from the outside" from_outside 2001:db8:a2::10
equal "nat: the host's address" "$(asks n)" "client $(outside_ip6 a)"

step "down: links, addresses, routes, rules, files as before"
ok down --yes --prune
equal "objects, rules, files" "$(host_state)" "$before"
equal "links, addresses, routes" "$(kernel)" "$kernel_before"
