#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bridge in a VLAN of an uplink, on a host whose kernel has VLANs: frames are tagged on the wire, the rest of the uplink is
# untouched, and `down` leaves all as it was.
# minutes: 5
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"
. "$E2E/../host/guesthost.sh"

# What virtopo must leave as it was on g.
state() {
    guesthost_exec g -- sh -c 'ip -d link | sed "s/^[0-9]*: //"; ip address | grep inet; ip route show table all; ip -6 route show table all; ip rule
        iptables-save | grep -v "^#"; nft list ruleset; virsh -q net-list --all; find /etc /var/lib/libvirt /run/virtopo -type f -newer /run/before 2>/dev/null; true'
}
g() { guesthost_exec g -- "$@"; }

guesthost_up g
outside_up world
outside_plug world g
outside_vlan world 30
host_up ctl --no-libvirt
HOST=ctl
number=$(outside_number g)
g sh -c "ip address add 198.51.100.$number/24 dev eth1; ip route add default via 198.51.100.1; touch /run/before"
before=$(state)
yaml <<Y
cluster: lab
hosts: { g: { uri: "$(host_uri g)" } }
networks:
  prod: { mode: bridge, bridge: br-prod, uplink: eth1, vlan: 30, address: 198.18.30.$number/24 }
nodes: {}
Y

step "up"
ok up
plans
matches "the VLAN device" "$(g ip -d link show type vlan)" 'vlan protocol 802.1Q id 30'
contains "it is a port of the bridge" "$(g ip -d link show type vlan)" "master br-prod"

step "tagged on the wire, both ways"
host_exec world timeout 20 tcpdump -lne -c 2 -i lan 'vlan 30 and icmp' >"$SCRATCH/frames" 2>&1 &
frames=$!
until grep -q listening "$SCRATCH/frames"; do sleep 0.05; done
holds "the router in the VLAN answers" g ping -q -n -c 2 -W 3 198.18.30.1
holds "two frames with the tag" wait $frames
contains "to the router" "$(<"$SCRATCH/frames")" "198.18.30.$number > 198.18.30.1: ICMP echo request"
contains "and back" "$(<"$SCRATCH/frames")" "198.18.30.1 > 198.18.30.$number: ICMP echo reply"

step "a guest on the bridge: a lease of the VLAN's own server, and a full frame"
# A namespace plays it, as QEMU in QEMU would take minutes: what it sends goes through the same port of the same bridge.
g sh -c 'ip netns add n && ip link add port type veth peer name eth0 netns n && ip link set port master br-prod up && ip -n n link set eth0 up
    printf "#!/bin/sh\n[ \$1 = bound ] && ip address add \$ip/\$mask dev \$interface; true\n" >/run/lease && chmod 755 /run/lease'
holds "a lease" g ip netns exec n busybox udhcpc -q -n -f -t 10 -T 2 -i eth0 -s /run/lease
matches "of the VLAN" "$(g ip -n n -br address show eth0)" '198\.18\.30\.1[0-9][0-9]/24'
holds "1500 bytes in one frame" g ip netns exec n ping -q -n -c 1 -W 3 -M "do" -s 1472 198.18.30.1
g sh -c 'ip link del port; ip netns del n'

step "the uplink itself is as before"
contains "its address" "$(g ip -br address show eth1)" "198.51.100.$number/24"
lacks "it is no port" "$(g ip link show eth1)" master
holds "it works" g ping -q -n -c 1 -W 3 203.0.113.1

step "down: as before"
ok down --yes
equal "links, addresses, routes, rules, files" "$(state)" "$before"
