#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Networks and bridges that somebody else made: nodes are plugged in, and nothing of them is changed or removed.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
cat >net.xml <<X
<network><name>house</name><forward mode='nat'/><bridge name='virbr-house' stp='off' delay='0'/>
  <ip address='10.77.0.1' netmask='255.255.255.0'><dhcp><range start='10.77.0.100' end='10.77.0.120'/></dhcp></ip></network>
X
file() { # NETWORKS
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  house: { mode: external }
  dmz: { mode: bridge, bridge: br-dmz }
nodes:
  a: { image: tiny, memory: 128M, networks: [$1] }
Y
}

step "what is not there is said before anything is made"
file 'house, dmz'
exits 1 plan
contains "the network" "$ERR" "there is no network 'house' on host 'local'"
contains "the bridge" "$ERR" "there is no bridge br-dmz on host 'local'"
equal "nothing was made" "$(vir list --all --name)" ""

step "up: an address from their DHCP server, readiness by SSH"
on virsh -q net-define "$PWD/net.xml" >/dev/null
exits 1 plan
contains "it must run" "$ERR" "network 'house' on host 'local' is not running"
vir net-start house >/dev/null
on ip link add br-dmz type bridge
on ip link set br-dmz up
before=$(vir net-dumpxml house | grep -v "<bridge")
links=$(on ip -o link show br-dmz | sed 's/state.*//; s/<.*>//')
ok up
matches "address" "$(vt status >/dev/null; printf '%s' "$OUT")" '10\.77\.0\.1[012][0-9]'
matches "the bridge has its tap" "$(on ls /sys/class/net/br-dmz/brif)" vnet
plans
ok ssh a -- ip -o link show eth1
contains "the second NIC is there" "$OUT" eth1

step "one goes, and comes back, while it runs"
boot=$(vt ssh a -- cat /proc/sys/kernel/random/boot_id; printf '%s' "$OUT")
file house
plans '^~ +node +a .*network 2 removed .br-dmz .*live'
ok up
equal "no tap is left" "$(on ls /sys/class/net/br-dmz/brif)" ""
plans
file 'house, dmz'
plans '^~ +node +a .*network 2 added .br-dmz .*live'
ok up
matches "the bridge has its tap" "$(on ls /sys/class/net/br-dmz/brif)" vnet
plans
equal "the same run goes on" "$(vt ssh a -- cat /proc/sys/kernel/random/boot_id; printf '%s' "$OUT")" "$boot"

step "down leaves them as they were"
ok down --yes
equal "the network" "$(vir net-dumpxml house | grep -v "<bridge")" "$before"
equal "it runs" "$(vir net-list --name | xargs)" house
equal "the bridge" "$(on ip -o link show br-dmz | sed 's/state.*//; s/<.*>//')" "$links"
vir net-destroy house >/dev/null
vir net-undefine house >/dev/null
on ip link delete br-dmz
