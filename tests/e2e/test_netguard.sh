#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a network would break on its host is found before anything is made.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
file() { # NETWORK [NODE]
    yaml <<Y
cluster: lab
networks: { lan: { $1 } }
nodes: { ${2:-} }
Y
}
refused() { # WHAT TEXT
    exits 1 up --yes
    contains "$1" "$ERR" "$2"
    equal "nothing was made" "$(vir net-list --all --name | xargs)" ""
}

step "routes of the host, and of containers"
on ip link add docker0 type bridge
on ip address add 172.17.0.1/16 dev docker0
on ip link set docker0 up
file 'subnet: 172.17.5.0/24'
refused "a container bridge" "subnet 172.17.5.0/24 overlaps the host's route 172.17.0.0/16 on device docker0 (Docker)"
on ip link delete docker0
file 'subnet: 10.99.0.128/25'
refused "the host's own segment" "overlaps the host's route 10.99.0.0/24 on device eth0"

step "the way of whoever gives the command, name servers, routers"
on ip route add default via 10.99.0.1
file 'subnet: 10.20.0.0/24'
VT_EXTRA+=(SSH_CONNECTION="10.20.0.9 40000 10.99.0.11 22")
refused "the login" "subnet 10.20.0.0/24 contains 10.20.0.9, where the login comes from that works on host 'local'"
VT_EXTRA=()

step "packets larger than what carries them"
file 'subnet: 10.20.0.0/24, mtu: 9000'
vt plan
contains "a warning" "$ERR" "warning: mtu 9000 of network 'lan' is more than the 1500 of the way out, eth0 on host 'local'"
file 'mode: isolated, subnet: 10.20.0.0/24, mtu: 9000'
vt plan
equal "nothing goes out there" "$ERR" ""

step "a firewall that bridged packets go through"
on ip link add br-dmz type bridge
file 'mode: bridge, bridge: br-dmz' 'a: { memory: 32M, disk: none, virt: qemu, ready: none, networks: [lan] }'
if on test -e /proc/sys/net/bridge/bridge-nf-call-iptables; then
    on sysctl -qw net.bridge.bridge-nf-call-iptables=1
    on iptables -P FORWARD DROP
    vt plan
    contains "a warning" "$ERR" "sends bridged packets through its firewall (bridge-nf-call-iptables is 1)"
    on iptables -P FORWARD ACCEPT
    vt plan
    equal "one that lets them through" "$ERR" ""
    on sysctl -qw net.bridge.bridge-nf-call-iptables=0
fi
on ip link delete br-dmz

step "IPv6"
file 'subnet: 10.20.0.0/24, subnet6: "fd00:21::/64"'
on ip -6 route add fd00:21::/48 dev eth0
refused "a route" "subnet6 fd00:21::/64 overlaps the host's route fd00:21::/48 on device eth0"
on ip -6 route del fd00:21::/48 dev eth0

step "another domain's MAC address"
cat >other.xml <<X
<domain type='qemu'><name>other</name><memory unit='MiB'>32</memory><os><type>hvm</type></os>
<devices><interface type='ethernet'><mac address='52:54:00:aa:bb:cc'/></interface></devices></domain>
X
on virsh -q define "$PWD/other.xml" >/dev/null
file 'subnet: 10.20.0.0/24' 'a: { memory: 32M, disk: none, virt: qemu, ready: none, networks: [{ network: lan, mac: "52:54:00:aa:bb:cc" }] }'
refused "whose it is" "MAC address 52:54:00:aa:bb:cc of node 'a' is already the one of domain 'other' on host 'local'"
vir undefine other >/dev/null

step "a bridge that somebody else uses stays"
file 'subnet: 10.20.0.0/24, bridge: br-lan'
ok up
plans
on ip link add theirs type veth peer name theirs2
on ip link set theirs master br-lan
exits 1 down --yes
contains "who it is" "$ERR" "network 'lab_lan' on host 'local' cannot go: theirs, not virtopo's, is on its bridge br-lan"
contains "what to do" "$ERR" "ip link set DEVICE nomaster"
equal "it is there" "$(vir net-list --name | xargs)" lab_lan
on ip link delete theirs
ok down --yes
equal "gone" "$(vir net-list --all --name | xargs)" ""
