#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What somebody did to a network behind our back, in libvirt and in the kernel: the plan shows it, up mends it, and
# no guest is started anew.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: tiny, memory: 128M, networks: [lan] }
nodes:
  a: { networks: [{ lan: 10.20.0.11 }] }
  b: { networks: [{ lan: 10.20.0.12 }] }
Y
ok up --quiet
bridge=$(vir net-dumpxml lab_lan | sed -n "s/.*<bridge name='\([^']*\)'.*/\1/p")
tap=$(vir domiflist lab_a | awk '/lab_lan/ {print $1}')
boot() { guest "$1" cat /proc/sys/kernel/random/boot_id; }
boots="$(boot a) $(boot b)"
edit() { # SED: the definition, not what runs
    vir net-dumpxml --inactive lab_lan | sed "$1" >edited.xml
    on virsh -q net-define "$PWD/edited.xml" >/dev/null
}
mended() {
    ok up
    plans
    contains "a reaches b by its name" "$(guest a ping -c1 -W5 b)" "1 packets received"
    equal "the same runs go on" "$(boot a) $(boot b)" "$boots"
}

step "a tap taken off the bridge"
on ip link set "$tap" nomaster
plans "^~ +network +lan +link of a added \($bridge\) +live, changed outside of virtopo"
mended

step "a tap put into somebody else's bridge"
on ip link add other type bridge
on ip link set "$tap" master other
plans "^~ +network +lan +link of a other -> $bridge +live, changed outside"
mended
on ip link del other

step "the bridge is down, and without its address"
on ip link set "$bridge" down
on ip address del 10.20.0.1/24 dev "$bridge"
plans '^~ +network +lan +bridge state down -> up +live' '^~ +network +lan +host address .*10\.20\.0\.1/24.* live' \
    '^~ +network +lan +dnsmasq stopped -> running +live'
mended

step "dnsmasq was killed"
on sh -c 'kill -9 $(cat /run/libvirt/network/lab_lan.pid)'
plans '^~ +network +lan +dnsmasq stopped -> running +live, changed outside of virtopo'
mended

step "the bridge was deleted under the network"
on ip link del "$bridge"
plans "^~ +network +lan +bridge added \($bridge\) +live, changed outside of virtopo"
mended

step "the network was stopped, and undefined while it ran"
vir net-destroy lab_lan
vt plan
matches plan "$OUT" '^~ +network +lan +state stopped -> running +live'
mended
vir net-undefine lab_lan
plans '^~ +network +lan +definition added \(persistent\) +live, changed outside of virtopo'
mended

step "another definition for its next start"
edit "s|<bridge name=|<mtu size='1400'/>&|; /name='b' ip=/d"
plans '^~ +network +lan +mtu removed \(1400\) +live, changed outside' \
    '^~ +network +lan +definition other addresses or names -> as it runs +live, changed outside'
mended
lacks "the definition" "$(vir net-dumpxml --inactive lab_lan)" mtu

step "nothing to do: no write calls"
equal "write calls" "$(write_calls up)" ""
