#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Somebody else's LAN: nodes on a bridge that is there (static addresses, and those of the DHCP server out there), and by macvtap in
# all its types.
# minutes: 5
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a --ssh
host_up ctl --no-libvirt
outside_up world
for n in 1 2 3; do
    ip -n "$(host_netns a)" link add eth$n type veth peer name leg$n netns "$(host_netns world)"
    ip -n "$(host_netns a)" link set eth$n up
    ip -n "$(host_netns world)" link set leg$n master lan up
done
on ip link add br-lan type bridge
on ip link set eth3 master br-lan
on ip address add 198.51.100.9/24 dev br-lan
on ip link set br-lan up
host_exec world ip address add 192.0.2.1/28 dev lan
host_exec world ip address add 192.0.2.17/28 dev lan
host_exec world ip address add 192.0.2.33/28 dev lan
host_exec world ip address add 192.0.2.49/28 dev lan
cp "$(guest_image)" tiny.qcow2
file() { # DEVICE
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  mgmt: { mode: isolated, subnet: 10.20.0.0/24 }
  lan: { mode: bridge, bridge: br-lan, subnet: 198.51.100.0/24, gateway: 198.51.100.1 }
  shared: { mode: macvtap, dev: $1, subnet: 192.0.2.0/28 }
  private: { mode: macvtap, dev: $1, type: private, subnet: 192.0.2.16/28 }
  vepa: { mode: macvtap, dev: $1, type: vepa, subnet: 192.0.2.32/28 }
  own: { mode: macvtap, dev: eth2, type: passthrough, subnet: 192.0.2.48/28 }
defaults: { image: tiny, memory: 128M }
nodes:
  m1: { networks: [mgmt, { shared: 192.0.2.2 }, { private: 192.0.2.18 }, { vepa: 192.0.2.34 }, { own: 192.0.2.50 }] }
  m2: { networks: [{ shared: 192.0.2.3 }, mgmt, { private: 192.0.2.19 }, { vepa: 192.0.2.35 }] }
  fixed: { networks: [{ lan: 198.51.100.40 }] }
  leased: { networks: [mgmt, lan] }
  alone: { image: tiny, networks: [shared] }
Y
}
reaches() { VT_QUIET=1 vt ssh "$1" -- ping -c 1 -W 3 "$2" >/dev/null; [ "$RC" = 0 ]; }
misses() { ! reaches "$@"; }
from_outside() { host_exec world ping -c 1 -W 3 "$1" >/dev/null; }

step "devices that cannot be used are said before anything is made"
file eth7
exits 1 plan
contains "the device" "$ERR" "there is no device eth7 on host 'local'"
file eth3
exits 1 plan
contains "a bridge's port" "$ERR" "device eth3 on host 'local' is a port of a bridge"
HOST=ctl
exits 1 -c "$(host_uri a)" plan
contains "on a host that is reached by SSH too" "$ERR" "device eth3 on host 'local' is a port of a bridge"
file eth7
exits 1 -c "$(host_uri a)" plan
contains "the device" "$ERR" "there is no device eth7 on host 'local'"
sed -i 's/br-lan/br-none/' virtopo.yaml
exits 1 -c "$(host_uri a)" plan
contains "the bridge" "$ERR" "there is no bridge br-none on host 'local'"
sed -i 's/mode: bridge, bridge: br-none/mode: ovs, bridge: br-none/' virtopo.yaml
exits 1 -c "$(host_uri a)" plan
contains "the switch" "$ERR" "Open vSwitch on host 'local' does not answer"
HOST=a

step "up: a node that the host does not reach is not waited for, and that is said"
file eth1
ok up
contains "who is not waited for" "$ERR" "node 'alone' is not waited for"
equal "it runs" "$(vir domstate lab_alone)" running
exits 1 ssh alone -- true
contains "ssh says so too" "$ERR" "node 'alone' is on devices of this host by macvtap"
plans
sed -i 's/^  alone:.*/  alone: { networks: [shared], ready: ssh }/' virtopo.yaml
exits 1 plan
contains "asked for all the same" "$ERR" "node 'alone' cannot be waited for"
file eth1

step "the bridge: addresses of the LAN, by its router to the world"
equal "fixed: with its own address" "$(guest fixed "echo hello | nc -w 3 203.0.113.1 7")" "198.51.100.40 hello"
holds "from the outside" from_outside 198.51.100.40
lease=$(guest leased ip -4 -o address show eth1 | sed -n 's/.*inet \([0-9.]*\).*/\1/p')
matches "leased: an address from the DHCP server out there" "$lease" '^198\.51\.100\.1[0-9][0-9]$'
holds "fixed reaches leased" reaches fixed "$lease"

step "macvtap: each type"
holds "bridge: node to node" reaches m1 192.0.2.3
holds "bridge: to the outside" reaches m1 192.0.2.1
holds "bridge: from the outside" from_outside 192.0.2.2
holds "private: not node to node" misses m1 192.0.2.19
holds "private: to the outside" reaches m1 192.0.2.17
holds "vepa: not node to node where the switch outside sends nothing back" misses m1 192.0.2.35
holds "vepa: to the outside" reaches m2 192.0.2.33
holds "passthrough: to the outside" reaches m1 192.0.2.49
holds "passthrough: from the outside" from_outside 192.0.2.50

step "down: what was there is as it was"
ok down --yes
equal "the bridge's ports" "$(on ls /sys/class/net/br-lan/brif)" eth3
equal "no macvtap is left" "$(on ip -o link show type macvtap)" ""
