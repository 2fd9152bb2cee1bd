#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bridge of virtopo's own with an uplink that carries frames of 9000 bytes: from a guest to the world and back in one piece.
# minutes: 4
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a
outside_up world --mtu 9000
outside_plug world a
kernel() { on ip -d link | sed 's/^[0-9]*: //'; on ip address show | grep inet; on ip route show table all; on ip -6 route show table all; on ip rule; }
host_warm
before=$(host_state)
kernel_before=$(kernel)
cp "$(guest_image)" tiny.qcow2
yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  prod: { mode: bridge, bridge: br-prod, uplink: eth1, mtu: 9000, subnet: 198.51.100.0/24, gateway: 198.51.100.1 }
nodes:
  n: { image: tiny, memory: 128M, networks: [{ prod: 198.51.100.77 }] }
Y
ok up
plans
contains "the uplink's address is the bridge's" "$(on ip -br address show br-prod)" "$(outside_ip a)/24"
equal "MTU in the guest" "$(guest n cat /sys/class/net/eth0/mtu)" 9000

host_exec world timeout 20 tcpdump -lne -c 2 -i a 'icmp and greater 9000' >"$SCRATCH/frames" 2>&1 &
frames=$!
until grep -q listening "$SCRATCH/frames"; do sleep 0.05; done
contains "to the world beyond the router" "$(guest n ping -c 1 -W 5 -s 8972 "$OUTSIDE_FAR")" "1 packets received"
holds "two frames on the wire" wait $frames
equal "each of 9014 bytes" "$(grep -c 'length 9014:' "$SCRATCH/frames")" 2
holds "from the outside, not in pieces" host_exec world ping -q -n -c 1 -W 3 -M "do" -s 8972 198.51.100.77
equal "the outside sees the guest itself" "$(guest n timeout 5 wget -q -O - "http://$OUTSIDE_FAR/")" "client 198.51.100.77"

ok down --yes --prune
equal "objects, rules, files" "$(host_state)" "$before"
equal "links, addresses, routes" "$(kernel)" "$kernel_before"
