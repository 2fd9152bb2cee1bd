#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# IPv4 and IPv6 beside each other: addresses, names and back, records, routes, MTU, ranges, and what of it changes
# while guests run.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" tiny.qcow2

cluster() { # RECORDS NODES
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  lan:
    subnet: 10.20.0.0/24
    subnet6: "fd00:21::/64"
    dhcp: [10.20.0.100, 10.20.0.109]
    dhcp6: ["fd00:21::1000", "fd00:21::1fff"]
    dns: { search: [x.test], records: $1 }
  san: { mode: isolated, subnet: 10.30.0.0/24, subnet6: "fd00:30::/64", dhcp6: false, mtu: 1400,
         routes: [{ to: 10.9.0.0/16, via: 10.30.0.11 }, { to: "fd00:9::/48", via: "fd00:30::11" }] }
defaults: { image: tiny, memory: 128M }
nodes:
$2
Y
}
cat >interfaces <<'I'
auto eth1
iface eth1 inet static
    address {{ nic.san.ip }}
    netmask {{ nic.san.netmask }}
    # {{node.fqdn}} {{ nic.2.mac }} {{ nic.lan.cidr6 }} {{{{ x }}
I
two='  a:
    networks: [{ network: lan, ip: 10.20.0.11 }, { network: san, ip: 10.30.0.11 }]
    files: [{ path: /etc/network/interfaces, from: interfaces, template: true }, { path: /root/plain, content: "{{ nic.lan.ip }}" }]
  b: { networks: [{ network: san, ip6: auto }, { network: lan, ip: dhcp, ip6: "fd00:21::b0b" }] }'
cluster '{ api: 10.20.0.50, www: [10.20.0.51, "fd00:21::51"] }' "$two"
ok validate
ok up
plans
contains "status shows both" "$(VT_QUIET=1 vt status >/dev/null; echo "$OUT")" "lan 10.20.0.11 fd00:21::11"

# Of a node's device: the addresses of a family that are not the link's own.
addresses() { guest "$1" "ip -o -$2 address show dev $3 scope global | awk '{print \$4}' | sort | xargs"; }
resolves() { guest a "nslookup -type=$1 $2 10.20.0.1" | awk '/^Address/ && !/:53$/ {print $NF} /name =/ {print $NF}' | sort -u | xargs; }

step "addresses: like that of IPv4, explicit, from a range, made by the guest"
equal "a in lan" "$(addresses a 6 eth0)" fd00:21::11/64
equal "a in san" "$(addresses a 6 eth1)" fd00:30::11/64
equal "b in lan" "$(addresses b 6 eth1)" fd00:21::b0b/64
matches "b in lan of IPv4: from the range" "$(addresses b 4 eth1)" '^10\.20\.0\.10[0-9]/24$'
mac=$(guest b cat /sys/class/net/eth0/address)
# the interface's half of the address is the MAC with a bit turned and ff:fe in its middle
IFS=: read -r m1 m2 m3 m4 m5 m6 <<<"$mac"
own=$(printf 'fd00:30::%x:%x:%x:%x/64' $((0x$m1 << 8 ^ 0x200 | 0x$m2)) $((0x${m3}ff)) $((0xfe00 | 0x$m4)) $((0x$m5$m6)))
for _ in 1 2 3 4 5; do [ "$(addresses b 6 eth0)" ] || sleep 1; done
equal "it is made of the MAC" "$(addresses b 6 eth0)" "$own"

step "names: A, AAAA, PTR, records, search"
equal "A" "$(resolves a a.lab.test)" 10.20.0.11
equal "AAAA" "$(resolves aaaa a.lab.test)" fd00:21::11
equal "PTR of IPv4" "$(guest a nslookup 10.20.0.11 10.20.0.1 | awk '/name =/ {print $NF}')" a.lab.test
equal "PTR of IPv6" "$(guest a nslookup fd00:21::11 10.20.0.1 | awk '/name =/ {print $NF}')" a.lab.test
equal "AAAA of b" "$(resolves aaaa b.lab.test)" fd00:21::b0b
equal "a record" "$(resolves a api.lab.test)" 10.20.0.50
equal "one of both families" "$(resolves a www.lab.test) $(resolves aaaa www.lab.test)" "10.20.0.51 fd00:21::51"
contains "search" "$(guest a cat /etc/resolv.conf)" "search lab.test x.test"

step "packets, by address and by name, of both families"
contains "IPv6 by address" "$(guest b ping -6 -c1 -W5 fd00:21::11)" "1 packets received"
contains "IPv6 by name" "$(guest b ping -6 -c1 -W5 a)" "1 packets received"
contains "IPv4 by name" "$(guest b ping -4 -c1 -W5 a)" "1 packets received"
contains "in san" "$(guest b ping -6 -c1 -W5 fd00:30::11)" "1 packets received"
holds "the host reaches a" on ping -6 -c1 -W5 fd00:21::11
holds "the host reaches b" on ping -6 -c1 -W5 fd00:21::b0b

step "one default route of each family, routes, MTU"
# busybox's ip filters no routes
routes() { guest "$1" "ip -$2 route" | sed -n "s|^$3 via ||p" | awk '{print $1, $3}' | xargs; }
equal "default of a" "$(routes a 4 default)" "10.20.0.1 eth0"
equal "default of a, IPv6" "$(routes a 6 default)" "fd00:21::1 eth0"
equal "default of b" "$(routes b 4 default)" "10.20.0.1 eth1"
equal "default of b, IPv6" "$(routes b 6 default)" "fd00:21::1 eth1"
equal "the network's route" "$(routes b 4 10.9.0.0/16)" "10.30.0.11 eth0"
equal "of IPv6" "$(routes b 6 fd00:9::/48)" "fd00:30::11 eth0"
equal "none to itself" "$(routes a 4 10.9.0.0/16)" ""
equal "MTU" "$(guest a cat /sys/class/net/eth1/mtu)" 1400

step "files with addresses: for guests without cloud-init"
mac=$(guest a cat /sys/class/net/eth1/address)
wanted="auto eth1
iface eth1 inet static
    address 10.30.0.11
    netmask 255.255.255.0
    # a.lab.test $mac fd00:21::11/64 {{ x }}"
equal "the file" "$(guest a cat /etc/network/interfaces)" "$wanted"
equal "one that is no template" "$(guest a cat /root/plain)" "{{ nic.lan.ip }}"
# what an image's boot script would do
guest a 'rm /etc/network/interfaces; ip address flush dev eth1; ip link set dev eth1 down
    seed=$(findfs LABEL=cidata 2>/dev/null) || seed=/dev/vdb
    mount -t iso9660 -o ro $seed /mnt && sh /mnt/files.sh && umount /mnt
    mkdir -p /var/run /etc/network/if-pre-up.d /etc/network/if-up.d; ifup eth1' >/dev/null
equal "put there from the seed by a shell" "$(guest a cat /etc/network/interfaces)" "$wanted"
equal "the address is that of the file" "$(addresses a 4 eth1)" 10.30.0.11/24

step "names, records and nodes come and go while guests run"
boot=$(guest a cat /proc/sys/kernel/random/boot_id)
cluster '{ api: 10.20.0.60, www: "fd00:21::51" }' "$two
  c: { networks: [lan, san] }"
vt plan
matches "plan" "$OUT" 'network lan +names of 10.20.0.60 added \(api api.lab.test\) +live'
matches "plan" "$OUT" 'network lan +IPv6 address of c added \(fd00:21::2\) +live'
ok up
plans
equal "the record moved" "$(resolves a api.lab.test)" 10.20.0.60
equal "the record lost an address" "$(resolves a www.lab.test) $(resolves aaaa www.lab.test)" " fd00:21::51"
equal "c is known" "$(resolves a c.lab.test) $(resolves aaaa c.lab.test)" "10.20.0.2 fd00:21::2"
contains "c is reached" "$(guest a ping -6 -c1 -W5 c)" "1 packets received"
cluster '{}' "$two"
ok up -y --destroy-data
plans
equal "c is not known any more" "$(guest a nslookup -type=aaaa c.lab.test 10.20.0.1 2>&1 | grep -c fd00 || true)" 0
equal "a ran on" "$(guest a cat /proc/sys/kernel/random/boot_id)" "$boot"

step "nothing is left"
ok down -y --prune
equal "the host is as before" "$(host_state)" "$before"
