#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# NICs that move to another network while their node runs: the same MAC, the same run of the guest.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
on ip link add br-x type bridge
on ip link set br-x up
cp "$(guest_image)" tiny.qcow2
file() { # NETWORK OF A'S SECOND NIC
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  mgmt: { subnet: 10.20.0.0/24 }
  lan: { mode: isolated, subnet: 10.21.0.0/24 }
  san: { mode: isolated, subnet: 10.22.0.0/24 }
  big: { mode: isolated, subnet: 10.23.0.0/24, mtu: 9000 }
  dmz: { mode: bridge, bridge: br-x, subnet: 10.24.0.0/24 }
defaults: { image: tiny, memory: 128M }
nodes:
  a: { networks: [mgmt, $1] }
  b: { networks: [mgmt, { san: 10.22.0.20 }, { dmz: 10.24.0.20 }] }
Y
}
second() { vir domiflist lab_a | sed -n 2p | awk "{print \$$1}"; }
master() { basename "$(on readlink "/sys/class/net/$(second 1)/master")"; }
reaches() { VT_QUIET=1 vt ssh "$1" -- ping -c 1 -W 3 "$2" >/dev/null; [ "$RC" = 0 ]; }
readdress() { guest a "ip address flush dev eth1; ip address add $1 dev eth1"; }

step "up"
file '{ lan: 10.21.0.10 }'
ok up
plans
boot=$(guest a cat /proc/sys/kernel/random/boot_id)
mac=$(second 5)
tap=$(second 1)

step "to another network of ours"
file '{ san: 10.22.0.10 }'
plans '^~ +node +a +network 2 +lab_lan -> lab_san +live' '^~ +node +a +address on san +10.21.0.10 -> 10.22.0.10 +live' \
    '^~ +network +lan' '^~ +network +san'
ok up
equal "the same tap" "$(second 1)" "$tap"
equal "the same MAC" "$(second 5)" "$mac"
equal "on the other bridge" "$(master)" "$(vir net-info lab_san | awk '/^Bridge/ {print $2}')"
readdress 10.22.0.10/24
holds "it reaches who is there" reaches a 10.22.0.20
equal "the same run goes on" "$(guest a cat /proc/sys/kernel/random/boot_id)" "$boot"
plans
matches "reserved there" "$(vir net-dumpxml lab_san)" "mac=.$mac.*10.22.0.10"

step "to somebody else's bridge"
file '{ dmz: 10.24.0.10 }'
plans '^~ +node +a +network 2 +lab_san -> br-x +live' '^~ +node +a +address on dmz .*live' '^~ +network +san'
ok up
equal "the same tap" "$(second 1)" "$tap"
equal "the same MAC" "$(second 5)" "$mac"
equal "on that bridge" "$(master)" br-x
readdress 10.24.0.10/24
holds "it reaches who is there" reaches a 10.24.0.20
plans

step "somebody takes the tap off that bridge: seen, and put back"
on ip link set "$tap" nomaster
plans "^~ +node +a +network 2 plug +out of br-x -> br-x +live"
ok up
equal "it is back" "$(master)" br-x
holds "it reaches who is there" reaches a 10.24.0.20
plans

step "to a network with larger packets: unplugged, and plugged in there"
file '{ big: 10.23.0.10 }'
plans '^~ +node +a +network 2 +br-x -> lab_big +live.*unplugged' '^~ +node +a +address on big .*live' '^~ +network +big'
ok up
equal "the same MAC" "$(second 5)" "$mac"
equal "its MTU" "$(on cat "/sys/class/net/$(second 1)/mtu")" 9000
equal "the same run goes on" "$(guest a cat /proc/sys/kernel/random/boot_id)" "$boot"
plans

step "after a restart the guest has the address of where it is"
vir destroy lab_a >/dev/null
ok up
contains "eth1" "$(guest a ip -4 -o address show eth1)" 10.23.0.10/24
plans

step "down"
ok down --yes
equal "the bridge is left alone" "$(on ls /sys/class/net/br-x/brif)" ""
