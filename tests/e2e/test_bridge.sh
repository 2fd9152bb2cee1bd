#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bridges that virtopo makes: virtopo runs on a machine outside, and reaches the host over the very uplink that is moved into the
# bridge and back; cut off for real, killed at any moment, disturbed by others.
# minutes: 8
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a --ssh
outside_up world
outside_plug world a
outside_client world cli
HOST=cli
on_a() { host_exec a "$@"; }
file() { # KEYS
    yaml <<Y
cluster: lab
hosts: { a: { uri: "$(outside_uri a)" } }
networks: { prod: { mode: bridge, bridge: br-prod, confirm: 5s, $1 } }
Y
}
# All of the host's network and of what virtopo may leave, but for times.
network() {
    on_a sh -c 'ip -d link; ip address; ip -4 rule; ip -6 rule; ip -4 route show table all; ip -6 route show table all; ls -d /run/virtopo; find /etc/network /etc/systemd/network /etc/netplan 2>/dev/null' 2>&1 |
        sed 's/_lft [0-9]*sec/_lft SECONDS/g; s/expires [0-9]*sec/expires/; /hello_timer/d'
}
unharmed() { equal "the host's network is as it was: $1" "$(network)" "$BEFORE"; }
has() { on_a ip address show dev "$1" | grep -qF " $2"; }
reached() { host_exec cli ping -c 1 -W 2 "$(outside_ip a)" >/dev/null && host_exec cli ping -6 -c 1 -W 2 "$(outside_ip6 a)" >/dev/null; }
# Nothing comes in by the bridge: as a wrong VLAN, or a switch that shuts the port.
cut_off() {
    on_a nft add table inet cut
    on_a nft 'add chain inet cut in { type filter hook input priority 0; }'
    on_a nft add rule inet cut in iifname br-prod drop
}
cut_on() { on_a nft delete table inet cut; }

# What an uplink may have: a second address with a label, routes of several tables, a source, a metric.
on_a ip address add 198.51.100.77/24 dev eth1 label eth1:two
on_a ip address add 203.0.113.9/32 dev eth1 scope link
on_a ip route add 192.0.2.0/24 via 198.51.100.1 metric 77 src 198.51.100.77 proto static
on_a ip route add 192.0.2.0/24 via 198.51.100.1 table 100
on_a ip -6 route add 2001:db8:77::/48 via 2001:db8:51::1 metric 55
on_a ip rule add from 198.51.100.77 lookup 100
sleep 2
BEFORE=$(network)

step "findings before anything is made"
file "uplink: eth7"
exits 1 plan
contains "no such device" "$ERR" "there is no device eth7 on host 'a'"
on_a ip link add br-prod type bridge
file "uplink: eth1"
exits 1 up
contains "somebody else's bridge" "$ERR" "device br-prod is there already, and is not virtopo's"
on_a ip link delete br-prod
on_a ip link add br-their type bridge
on_a ip link add port0 type veth peer name port1
on_a ip link set port0 master br-their
file "uplink: port0"
exits 1 plan
contains "somebody else's port" "$ERR" "uplink port0 is a port of br-their, which is not virtopo's"
on_a ip link delete port0
on_a ip link delete br-their
# shellcheck disable=SC2016
on_a sh -c 'busybox udhcpc -f -S -t 100 -T 30 -i eth1 -s /bin/true >/dev/null 2>&1 & echo $!' >client
sleep 0.5
file "uplink: eth1"
exits 1 plan
contains "a DHCP client" "$ERR" "uplink eth1 on host 'a' is managed by the DHCP client of process $(<client)"
kill "$(<client)"
unharmed "nothing was made"

step "up over the uplink that moves: connection and pings live"
file "uplink: eth1, address: 10.50.0.1/24, address6: \"fd00:50::1/64\""
host_exec cli ping -i 0.05 -c 100 -q "$(outside_ip a)" >pings 2>&1 &
pings=$!
ok up
contains "what is made" "$OUT" "network prod: created"
wait $pings || :
matches "pings during the move" "$(<pings)" '100 received, 0% packet loss'
holds "the uplink is a port" on_a test -e /sys/class/net/br-prod/brif/eth1
for address in 10.50.0.1/24 fd00:50::1/64 "$(outside_ip a)/24" "$(outside_ip6 a)/64" 198.51.100.77/24 203.0.113.9/32; do
    holds "br-prod has $address" has br-prod "$address"
done
fails "eth1 has an address" has eth1 "$(outside_ip a)"
equal "the bridge has the uplink's MAC" "$(on_a cat /sys/class/net/br-prod/address)" "$(on_a cat /sys/class/net/eth1/address)"
equal "its mark" "$(on_a cat /sys/class/net/br-prod/ifalias)" virtopo:lab/prod
matches "a route with all it had" "$(on_a ip route)" '192.0.2.0/24 via 198.51.100.1 dev br-prod proto static src 198.51.100.77 metric 77'
matches "a route of another table" "$(on_a ip route show table 100)" '192.0.2.0/24 via 198.51.100.1 dev br-prod'
holds "the host reaches the far side" on_a ping -c 1 -W 2 "$OUTSIDE_FAR"
holds "and by IPv6" on_a ping -6 -c 1 -W 2 "$OUTSIDE_FAR6"
fails "notes stay on the host" on_a test -e /run/virtopo
plans

step "a guest on the bridge: both ways, across the router, and the plan is empty"
cp "$(guest_image)" tiny.qcow2
file "uplink: eth1, subnet: $OUTSIDE_NET.0/24, gateway: $OUTSIDE_NET.1"
cat >>virtopo.yaml <<Y
images: { tiny: { file: tiny.qcow2 } }
nodes: { web: { image: tiny, memory: 128M, networks: [{ prod: $OUTSIDE_NET.50 }] } }
Y
ok up
plans
holds "the outside reaches it" host_exec world ping -c 1 -W 3 "$OUTSIDE_NET.50"
holds "so does the host" on_a ping -c 1 -W 3 "$OUTSIDE_NET.50"
equal "it reaches the far side" "$(guest web "ping -c 1 -W 3 $OUTSIDE_FAR >/dev/null && echo yes")" yes

step "what others change is shown, and mended; the file's address changes live"
file "uplink: eth1, address: 10.50.0.1/24, address6: \"fd00:50::1/64\""
VT_QUIET=1 vt up -y --destroy-data
on_a ip address del 10.50.0.1/24 dev br-prod
on_a ip link set br-prod type bridge stp_state 1
plans 'stp on -> off' 'forward_delay 2000ms -> 0ms' 'address added .10.50.0.1/24. +live, changed outside of virtopo'
file "uplink: eth1, address: 10.51.0.1/24, mtu: 1400"
plans 'stp on -> off' 'forward_delay' 'address removed .10.50.0.1/24.' 'address removed .fd00:50::1/64.' 'address added .10.51.0.1/24.' 'mtu 1500 -> 1400'
ok up
holds "the new address" has br-prod 10.51.0.1/24
fails "the old one" has br-prod fd00:50::1/64
equal "stp is off" "$(on_a cat /sys/class/net/br-prod/bridge/stp_state)" 0
equal "its MTU" "$(on_a cat /sys/class/net/br-prod/mtu)" 1400
plans
holds "the host is reached" reached

step "another cluster is told whose the uplink is"
sed 's/^cluster: lab/cluster: other/; s/br-prod/br-other/' virtopo.yaml >other.yaml
exits 1 -f other.yaml plan
contains "whose it is" "$ERR" "uplink eth1 is the one of network 'prod' of cluster 'lab'"

step "a bridge with somebody else's port stays"
on_a ip link add port0 type veth peer name port1
on_a ip link set port0 master br-prod
exits 1 down -y
contains "whose port" "$ERR" "port0"
holds "the bridge is there" has br-prod 10.51.0.1/24
on_a ip link delete port0

step "somebody removes the bridge, and with it the way to the host: mended on the host itself"
sed "s|uri: .*|uri: 'qemu:///system' } }|" virtopo.yaml >here.yaml
on_a ip link delete br-prod
HOST=a
vt -f here.yaml plan
contains "plan" "$OUT" "bridge added (br-prod)"
ok -f here.yaml up
HOST=cli
holds "the host is reached again" reached
on_a ip link set eth1 nomaster
HOST=a
vt -f here.yaml plan
matches "plan" "$OUT" 'port unplugged -> eth1 +live'
ok -f here.yaml up
HOST=cli
holds "and again" reached

step "down over the bridge: all as it was"
ok down -y
unharmed "down"

step "really cut off behind the bridge: the host puts everything back by itself"
file "uplink: eth1"
cut_off
exits 1 up
matches "what happened" "$ERR" 'has put everything back'
cut_on
holds "the host is reached" reached
fails "there is a bridge" on_a test -e /sys/class/net/br-prod
ok down -y
unharmed "cut off"

step "killed as soon as the bridge is there, and as soon as the uplink is in it"
file "uplink: eth1"
for moment in /sys/class/net/br-prod /sys/class/net/br-prod/brif/eth1; do
    for verb in up down; do
        vt_start up
        on_a sh -c 'until [ -e "$0" ]; do :; done' "$moment"
        kill -9 "$VT_PID"
        vt_wait
        ok $verb -y
        [ $verb = down ] || plans
        ok down -y
        unharmed "killed at $moment, then $verb"
    done
done
cut_off
vt_start up
on_a sh -c 'until [ -e /sys/class/net/br-prod/brif/eth1 ]; do :; done'
kill -9 "$VT_PID"
vt_wait
wait_for 30 "nobody comes back: the host puts it right by itself" on_a test ! -e /sys/class/net/br-prod
cut_on
holds "the host is reached" reached
ok down -y
unharmed "left alone"
