#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nodes on a real Open vSwitch (its userspace datapath): access ports, trunks, VLANs that change while they run.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
tiny=$("$E2E/../guest/build.sh" --modules 8021q) || fail "no tiny guest with VLANs"
cp "$tiny" tiny.qcow2
file() { # VLAN of green's NIC
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  mgmt: { subnet: 10.20.0.0/24 }
  blue: { mode: ovs, bridge: ovs0, vlan: 40, subnet: 10.40.0.0/24 }
  all: { mode: ovs, bridge: ovs0, vlan: 7, trunk: [40, 41] }
defaults: { image: tiny, memory: 128M }
nodes:
  b1: { networks: [mgmt, { blue: 10.40.0.1 }] }
  b2: { networks: [mgmt, { blue: 10.40.0.2 }] }
  green: { networks: [mgmt, { network: blue, ip: 10.40.0.3, vlan: $1 }] }
  trunk: { networks: [mgmt, all] }
Y
}
port() { on ovs-vsctl --bare --columns="$2" find port "name=$(vir domiflist "lab_$1" | awk '$3 == "ovs0" {print $1}')" | sort | xargs; }
reaches() { VT_QUIET=1 vt ssh "$1" -- ping -c 1 -W 3 "$2" >/dev/null; [ "$RC" = 0 ]; }
misses() { ! reaches "$@"; }

step "what is not there is said before anything is made"
file 41
exits 1 plan
contains "no switch" "$ERR" "Open vSwitch on host 'local' does not answer"
contains "remedy" "$ERR" "ovs-vsctl show"
vswitch_up
exits 1 plan
contains "no bridge" "$ERR" "there is no bridge ovs0 of Open vSwitch on host 'local'"
contains "remedy" "$ERR" "ovs-vsctl add-br ovs0"
on ovs-vsctl add-br ovs0 -- set bridge ovs0 datapath_type=netdev
on ovs-vsctl add-port ovs0 mon -- set interface mon type=internal -- set port mon trunks=40,41
on ip link set mon up
before=$(on ovs-vsctl show)

step "up: ports with their VLANs"
ok up
equal "b1 is an access port" "$(port b1 tag)" 40
equal "green has its own VLAN" "$(port green tag)" 41
equal "trunk has one for frames without a tag" "$(port trunk tag,vlan_mode)" "7 native-untagged"
equal "and its VLANs" "$(port trunk trunks)" "7 40 41"
plans

step "who is in a VLAN is reached, who is not is not; frames have tags between switches"
(on timeout 20 tcpdump -lnei mon -c 1 vlan and arp host 10.40.0.2 >"$SCRATCH/frames" 2>/dev/null) &
sniffer=$!
sleep 1
holds "b1 reaches b2" reaches b1 10.40.0.2
wait $sniffer || true
matches "what passes has the tag" "$(cat "$SCRATCH/frames")" 'vlan 40.* who-has 10\.40\.0\.2 tell 10\.40\.0\.1'
holds "b2 does not reach green" misses b2 10.40.0.3
holds "green does not reach b1" misses green 10.40.0.1

step "a guest behind a trunk tags its frames itself"
guest trunk 'ip link add link eth1 name v40 type vlan id 40 && ip link set v40 up && ip address add 10.40.0.9/24 dev v40'
(on timeout 20 tcpdump -lnei mon -c 2 vlan and arp >"$SCRATCH/arp" 2>/dev/null) &
sniffer=$!
sleep 1
holds "trunk reaches b2 with tag 40" reaches trunk 10.40.0.2
holds "trunk does not reach green with it" misses trunk 10.40.0.3
wait $sniffer || true
matches "its frames are tagged" "$(cat "$SCRATCH/arp")" 'vlan 40.*(who-has|Request)'

step "a VLAN changes while the node runs"
boot=$(guest green cat /proc/sys/kernel/random/boot_id)
file 40
plans '^~ +node +green .*network 2 vlan +41 -> 40 .*live'
ok up
equal "the port has it" "$(port green tag)" 40
holds "green reaches b1 now" reaches green 10.40.0.1
equal "the same run goes on" "$(guest green cat /proc/sys/kernel/random/boot_id)" "$boot"
plans

step "somebody changes a port's VLAN in the running domain: seen, and put right"
vir dumpxml lab_b2 | sed -n '/<interface type=.bridge/,/<\/interface>/p' | sed "s/tag id='40'/tag id='99'/" >nic.xml
on virsh -q -c qemu:///system update-device lab_b2 "$PWD/nic.xml" --live
equal "it is changed" "$(port b2 tag)" 99
plans '^~ +node +b2 .*vlan tag 40 added.*live' '^~ +node +b2 .*vlan tag 99 removed.*live'
ok up
equal "it is back" "$(port b2 tag)" 40
plans

step "down: the switch is as it was"
ok down --yes
equal "its ports" "$(on ovs-vsctl show)" "$before"
vswitch_down
