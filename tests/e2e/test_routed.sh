#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Who reaches whom: nodes on nat, routed and isolated networks, the host, and a world outside with a route to one of them.
# minutes: 4
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a
outside_up world
outside_plug world a
outside_route world on 10.62.0.0/24 a
cp "$(guest_image)" tiny.qcow2
file() { # FORWARD_DEV
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  lan: { subnet: 10.61.0.0/24 }
  wan: { mode: routed, subnet: 10.62.0.0/24, forward_dev: $1 }
  free: { mode: routed, subnet: 10.64.0.0/24 }
  shut: { mode: isolated, subnet: 10.63.0.0/24 }
defaults: { image: tiny, memory: 128M }
nodes:
  n: { networks: [{ lan: 10.61.0.10 }] }
  r: { networks: [{ wan: 10.62.0.10 }] }
  f: { networks: [{ free: 10.64.0.10 }] }
  s: { networks: [{ shut: 10.63.0.10 }] }
Y
}
reaches() { VT_QUIET=1 vt ssh "$1" -- ping -c 1 -W 3 "$2" >/dev/null; [ "$RC" = 0 ]; }
misses() { ! reaches "$@"; }
asks() { guest "$1" "echo hello | nc -w 3 203.0.113.1 7"; }
from_outside() { host_exec world ping -c 1 -W 3 "$1" >/dev/null; }

step "a device that is not there is said before anything is made"
file eth7
exits 1 plan
contains "the device" "$ERR" "there is no device eth7 on host 'local'"
equal "nothing was made" "$(vir net-list --all)" ""

step "up"
file eth1
ok up
plans
matches "libvirt routes" "$(vir net-dumpxml lab_wan)" "forward dev=.eth1. mode=.route"

step "to the outside, and whom it sees"
equal "nat: the host's address" "$(asks n)" "$(outside_ip a) hello"
equal "routed: its own address" "$(asks r)" "10.62.0.10 hello"
holds "isolated: not at all" misses s 203.0.113.1

step "from the outside"
holds "routed" from_outside 10.62.0.10
host_exec world ip route add 10.61.0.0/24 via "$(outside_ip a)"
host_exec world ip route add 10.63.0.0/24 via "$(outside_ip a)"
fails "nat: not even with a route" from_outside 10.61.0.10
fails "isolated: not even with a route" from_outside 10.63.0.10

step "between the networks"
holds "nat to routed" reaches n 10.64.0.10
holds "routed to nat: no" misses f 10.61.0.10
holds "nat to routed that is bound to a device: no" misses n 10.62.0.10
holds "routed to routed that is bound to a device: no" misses f 10.62.0.10
holds "routed with a device to nat: no" misses r 10.61.0.10
holds "nat to isolated: no" misses n 10.63.0.10
holds "routed to isolated: no" misses r 10.63.0.10
holds "isolated to nat: no" misses s 10.61.0.10
holds "isolated to routed: no" misses s 10.62.0.10

step "names: a routed network has its own"
contains "r is known" "$(guest r nslookup r.lab.test)" 10.62.0.10

step "down: the host's links and routes are as before"
ok down --yes
equal "no network is left" "$(vir net-list --all)" ""
