#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The outside is what README.md says, and gone afterwards.
# shellcheck disable=SC2016
set -eu
cd "$(dirname "$0")"
. ./outside.sh
host_trap

failed() { printf 'outside_selftest: %s\n' "$*" >&2; exit 1; }
pings() { host_exec "$1" ping -q -n -c 1 -W 2 "$2" >/dev/null; }
# HOST URL: whom the server sees.
seen() { host_exec "$1" timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/80"; printf "GET / HTTP/1.0\r\n\r\n" >&3; sed -n "s/^client //p" <&3' "$2"; }

host_up a --ssh
host_up d --no-libvirt
outside_up world --mtu 9000
outside_plug world a
outside_plug world d --dhcp
outside_client world cli

for address in 198.51.100.1 2001:db8:51::1 203.0.113.1 2001:db8:ffff::1; do
    pings a $address || failed "a does not reach $address"
done
for address in 203.0.113.1 2001:db8:ffff::1 "$(outside_ip cli)" "$(outside_ip6 cli)"; do
    case $address in *:*) own=$(outside_ip6 a) ;; *) own=$(outside_ip a) ;; esac
    [ "$(seen a "$address")" = "$own" ] || failed "$address does not see $own"
done
host_exec a ping -q -n -c 1 -W 2 -M "do" -s 8972 203.0.113.1 >/dev/null || failed "no frames of 9000 bytes"
for proto in tcp udp; do
    answer=$(host_exec a timeout 5 bash -c 'exec 3<>"/dev/$0/203.0.113.1/7"; echo hello >&3; head -1 <&3' $proto)
    [ "$answer" = "$(outside_ip a) hello" ] || failed "echo by $proto: '$answer'"
done
host_exec d ip -br address show eth1 | grep -Eq '198\.51\.100\.1[0-9][0-9]/24' || failed "no lease"
host_exec d busybox nslookup -type=a www.outside.test 198.51.100.1 | grep -q 203.0.113.1 || failed "no name"
[ "$(host_exec cli virsh -c "$(outside_uri a)" hostname)" = a ] || failed "a is not reached by its uplink"

# What is behind a host is reached while the router knows the way there.
host_exec a ip link add inside type bridge
host_exec a ip address add 10.20.0.1/24 dev inside
host_exec a ip link set inside up
! pings cli 10.20.0.1 || failed "10.20.0.1 is reached without a route"
outside_route world on 10.20.0.0/24 a
pings cli 10.20.0.1 || failed "10.20.0.1 is not reached"
outside_route world off 10.20.0.0/24 a
! pings cli 10.20.0.1 || failed "10.20.0.1 is still reached"

outside_cable world a out
! pings a 198.51.100.1 || failed "the cable is still in"
outside_cable world a in
# A carrier is noticed up to a second later.
pings a 198.51.100.1 || pings a 198.51.100.1 || failed "the cable is not in again"

# Two VLAN devices on two machines talk by tagged frames alone.
outside_vlan world 30
outside_spawn cli vlan "$OUTSIDE_HERE/vlan.py" eth0 30 tagged
host_exec cli ip address add 198.18.30.50/24 dev tagged
pings cli 198.18.30.1 || failed "no answer by VLAN 30"
: >"$VIRTOPO_TEST_DIR/frames"
host_exec world timeout 5 tcpdump -lne -c 1 -i cli 'vlan 30 and icmp' >"$VIRTOPO_TEST_DIR/frames" 2>&1 &
until grep -q listening "$VIRTOPO_TEST_DIR/frames"; do sleep 0.05; done
pings cli 198.18.30.1
wait $! || failed "no tagged frame"
rm "$VIRTOPO_TEST_DIR/frames"

dir=$VIRTOPO_TEST_DIR
host_down world
# The kernel takes a namespace apart in the background.
end=$((SECONDS + 5))
while host_exec a ip link show eth1 >/dev/null 2>&1; do [ $SECONDS -lt $end ] || failed "the uplink stays"; done
host_down a d cli
[ ! -e "$dir" ] || failed "$dir stays"
! ip netns list | grep -q "^vt-$HOST_RUN-" || failed "namespaces stay"
echo "outside_selftest: passed"
