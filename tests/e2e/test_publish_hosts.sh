#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Published ports on other hosts than test_publish.sh's: iptables of the old make, and nft alone with rules as
# libvirt 10.4 and later has them.
# minutes: 3
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a
outside_up world
outside_plug world a
outside_client world cli
at=$(outside_ip a)
cp "$(guest_image)" tiny.qcow2
file() { # [PUBLISH]
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes:
  web: { image: tiny, memory: 128M, networks: [{ lan: 10.20.0.11 }], run: ["echo hello >/root/index.html", "httpd -p 80 -h /root"]${1:+, publish: $1} }
Y
}
from_outside() { host_exec cli curl -sf -m 3 "http://$1/index.html"; }
from_host() { on curl -sf -m 3 "http://$1/index.html"; }
works() {
    wait_for 10 "from outside" from_outside "$at:8080"
    equal "from the host" "$(from_host "$at:8080")" hello
    equal "from its loopback" "$(from_host 127.0.0.1:8080)" hello
    plans
}

step "iptables of the old make"
on mount --bind /usr/sbin/xtables-legacy-multi /usr/sbin/xtables-nft-multi
file '["8080:80"]'
ok up
contains "it is" "$(on iptables -V)" legacy
contains "the rules are there" "$(on iptables-save)" virtopo:lab/web
works
on sh -c 'iptables -t nat -F "$(iptables-save | sed -n "s/^:\(VIRTOPO-.*-IN\) .*/\1/p")"'
plans '^~ +publish +web +port 8080 added'
ok up
works
file
ok up --yes
lacks "nothing is left" "$(on iptables-save)" VIRTOPO

step "nft alone"
bridge=$(vir net-info lab_lan | awk '/^Bridge/ {print $2}')
on sh -c 'for t in filter nat mangle; do iptables -t $t -F; iptables -t $t -X; done'
on nft -f - <<X
table ip libvirt_network {
    chain guest_output { ip saddr 10.20.0.0/24 iif "$bridge" counter accept; iif "$bridge" counter reject; }
    chain guest_input { oif "$bridge" ip daddr 10.20.0.0/24 ct state related,established counter accept; oif "$bridge" counter reject; }
    chain guest_cross { iif "$bridge" oif "$bridge" counter accept; }
    chain forward { type filter hook forward priority filter; policy accept; counter jump guest_cross; counter jump guest_input; counter jump guest_output; }
    chain guest_nat { type nat hook postrouting priority srcnat; policy accept; ip saddr 10.20.0.0/24 ip daddr != 10.20.0.0/24 counter masquerade; }
}
X
on mount --bind /dev/null /usr/sbin/xtables-nft-multi
before=$(on nft list table ip libvirt_network | sed 's/packets [0-9]* bytes [0-9]*//')
file '["8080:80"]'
ok up
contains "the table" "$(on nft list tables)" "table ip virtopo_lab"
works
on nft flush chain ip libvirt_network forward
on nft add rule ip libvirt_network forward counter jump guest_cross
on nft add rule ip libvirt_network forward counter jump guest_input
on nft add rule ip libvirt_network forward counter jump guest_output
fails "from outside" from_outside "$at:8080"
plans '^~ +publish +web +rules +incomplete -> whole +live, changed outside of virtopo'
ok up
works
file
ok up --yes
equal "libvirt's table" "$(on nft list table ip libvirt_network | sed 's/packets [0-9]* bytes [0-9]*//')" "$before"
lacks "ours" "$(on nft list tables)" virtopo
plans
on nft delete table ip libvirt_network
on umount /usr/sbin/xtables-nft-multi
ok down --yes
