#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Test hosts do what README.md promises: independent of each other and of the machine, and gone
# afterwards.
# shellcheck disable=SC2016
set -eu
cd "$(dirname "$0")"
. ./host.sh
host_trap

failed() { printf 'selftest: %s\n' "$*" >&2; exit 1; }
ms() { printf '%s\n' $(($(date +%s%N) / 1000000 - $1)); }
now() { date +%s%N | cut -c1-13; }

before=$(ip netns list | sort)
links=$(ip -o link | cut -d: -f2 | sort)

start=$(now)
host_up a --ssh
printf 'host up, with sshd: %s ms\n' "$(ms "$start")"
host_up b --ip 10.99.0.50/24 --ssh
host_up bare --no-libvirt
! host_up a 2>/dev/null || failed "a second host 'a' came up"
[ "$(host_ip b)" = 10.99.0.50 ] || failed "address of b is $(host_ip b)"

# Each libvirtd has objects, an identity and a network stack of its own.
net() {
    printf '<network><name>%s</name><forward mode="nat"/><bridge name="%s" stp="off"/><ip address="%s.1"
        netmask="255.255.255.0"><dhcp><range start="%s.100" end="%s.200"/></dhcp></ip></network>' "$1" "$1" "$2" "$2" "$2"
}
for host in a b; do
    net lan 10.20.0 | host_exec $host virsh -q -c qemu:///system net-create /dev/stdin
    host_exec $host ip -o -4 address show dev lan | grep -q '10\.20\.0\.1/24' || failed "no bridge on $host"
    host_exec $host sh -c 'kill -0 "$(cat /run/libvirt/network/lan.pid)"' || failed "no dnsmasq on $host"
    [ "$(host_exec $host virsh -q -c qemu:///system hostname)" = $host ] || failed "hostname of $host"
done
uuid() { host_exec "$1" virsh -c qemu:///system capabilities | sed -n 's|.*<host>||; s|.*<uuid>\(.*\)</uuid>.*|\1|p' | head -1; }
[ "$(uuid a)" != "$(uuid b)" ] || failed "both hosts have the same UUID"

# A guest starts as libvirt's own QEMU user; the machine's KVM is never used.
guest='<domain type="qemu"><name>g</name><memory unit="MiB">32</memory><os><type>hvm</type></os>
    <devices><interface type="network"><source network="lan"/></interface></devices></domain>'
start=$(now)
printf %s "$guest" | host_exec a virsh -q -c qemu:///system create /dev/stdin
printf 'first guest, capabilities probed or taken over: %s ms\n' "$(ms "$start")"
pid=$(host_exec a cat /run/libvirt/qemu/g.pid)
[ "$(stat -c %U "/proc/$pid")" = "$(sed -n 's/^user *= *"\(.*\)"/\1/p' /etc/libvirt/qemu.conf | grep . || echo libvirt-qemu)" ] ||
    failed "QEMU runs as $(stat -c %U "/proc/$pid")"
[ -z "$(host_exec b virsh -q -c qemu:///system list --all --name)" ] || failed "b sees the guest of a"

# From any host to any other; the bare one is a good controller.
start=$(now)
host_exec bare virsh -c "$(host_uri a)" list --name | grep -qx g || failed "qemu+ssh to a"
printf 'qemu+ssh: %s ms\n' "$(ms "$start")"
! host_exec bare virsh -c qemu:///system uri >/dev/null 2>&1 || failed "the bare host has a libvirtd"
host_exec a timeout 5 bash -c '</dev/tcp/b/22' || failed "a does not reach b by name"

# A daemon killed by a test can be started again; the guest lives on.
host_exec a sh -c 'kill -9 "$(cat /run/libvirtd.pid)"'
host_libvirt_up a
[ "$(host_exec a virsh -q -c qemu:///system list --name)" = g ] || failed "the guest is lost"

# What is written on a host stays there.
host_exec a touch /var/lib/virtopo/mark /etc/libvirt/mark
! ls /var/lib/virtopo/mark /etc/libvirt/mark >/dev/null 2>&1 || failed "a host writes to the machine"
! host_exec b test -e /var/lib/virtopo/mark || failed "b sees the files of a"

# Status, input and working folder pass through.
[ "$(echo word | host_exec a sh -c 'cat; pwd')" = "word"$'\n'"$PWD" ] || failed "input or folder is lost"
host_exec a sh -c 'exit 7' && failed "status is lost" || [ $? = 7 ] || failed "status is $?"

# A run with a folder of its own sees nothing of this one, with equal names and addresses.
other=$(mktemp -d /tmp/virtopo-test.XXXXXXXX)
VIRTOPO_TEST_DIR=$other ./host.sh up a
[ -z "$(VIRTOPO_TEST_DIR=$other ./host.sh exec a virsh -q -c qemu:///system list --all --name)" ] || failed "runs mix"
VIRTOPO_TEST_DIR=$other ./host.sh down --all
rmdir "$other" || failed "the other run left something"

dir=$VIRTOPO_TEST_DIR
start=$(now)
host_down a
printf 'host down, with a guest: %s ms\n' "$(ms "$start")"
! kill -0 "$pid" 2>/dev/null || [ ! -e "/proc/$pid/ns/net" ] || failed "QEMU stays"
host_down b bare
[ ! -e "$dir" ] || failed "$dir stays"
[ "$(ip netns list | grep -v "^vt-" | sort)" = "$(printf '%s\n' "$before" | grep -v '^vt-' | sort)" ] || failed "namespaces stay"
! ip netns list | grep -q "^vt-$HOST_RUN-" || failed "namespaces of this run stay"
[ "$(ip -o link | cut -d: -f2 | sort)" = "$links" ] || failed "links stay"
echo "selftest: passed"
