#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What virsh did behind our back: the plan shows it, up mends it, and the guests answer again.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: tiny, memory: 128M, networks: [lan] }
nodes:
  a: { networks: [{ lan: 10.20.0.11 }], disks: [{ name: data, size: 8M }], run: ["echo ran >>/root/ran"] }
  b: { networks: [{ lan: 10.20.0.12 }] }
Y
ok up --quiet
boot() { guest "$1" cat /proc/sys/kernel/random/boot_id; }
serials() { guest a 'cat /sys/block/*/serial' | sort | xargs; }
boot_b=$(boot b)
pool=/var/lib/virtopo/lab

step "a domain destroyed"
vir destroy lab_a
plans '^~ +node +a .*state +stopped -> running +live'
ok status
matches status "$OUT" '^a +stopped .*virtopo up starts it'
exits 1 ssh a -- true
contains "ssh to it" "$ERR" "is stopped"
ok up
equal "its first boot is not done again" "$(guest a cat /root/ran)" ran
equal "b runs on" "$(boot b)" "$boot_b"
plans
boot_a=$(boot a)

step "a domain paused"
vir suspend lab_a
plans '^~ +node +a .*state +paused -> running +live'
ok up
equal "the same run goes on" "$(boot a)" "$boot_a"
plans

step "the network destroyed: started again, and the guests are plugged in"
vir net-destroy lab_lan
vt plan --exit-code
equal "plan --exit-code" "$RC" 3
matches plan "$OUT" '^~ +network +lan .*state +stopped -> running'
ok up --yes
contains "they reach each other" "$(guest a ping -c1 -W5 b)" "1 packets received"
contains "names" "$(guest a nslookup b.lab.test 10.20.0.1)" 10.20.0.12
plans

step "a reservation and a name taken out"
mac=$(vir net-dumpxml lab_lan | sed -n "s/.*<host mac='\([^']*\)' name='b'.*/\1/p")
vir net-update lab_lan delete ip-dhcp-host "<host mac='$mac' name='b' ip='10.20.0.12'/>" --live --config >/dev/null
vir net-update lab_lan delete dns-host "<host ip='10.20.0.12'><hostname>b.lab.test</hostname></host>" --live --config >/dev/null
vt plan --exit-code
equal "plan --exit-code" "$RC" 3
matches plan "$OUT" '^~ +network +lan .*live'
ok up
contains "the name is back" "$(guest a nslookup b.lab.test 10.20.0.1)" 10.20.0.12
matches "and the reservation" "$(vir net-dumpxml lab_lan)" "name='b' ip='10\.20\.0\.12'"
plans

step "a domain undefined while it runs"
boot_a=$(boot a)
vir undefine lab_a
plans '^~ +node +a .*definition'
ok up
equal "it is persistent again" "$(vir list --all --persistent --name | sort | xargs)" "lab_a lab_b"
equal "the same run goes on" "$(boot a)" "$boot_a"
plans

step "a disk detached"
target=$(vir domblklist lab_a | awk '/a\.data/ {print $1}')
vir detach-disk lab_a "$target" --live --config >/dev/null
plans '^~ +node +a .*disk data .*live, changed outside'
ok up
contains "it is back in the guest" "$(serials)" data
equal "the same run goes on" "$(boot a)" "$boot_a"
plans

step "memory changed for the next boot: what runs has what it should"
vir setmaxmem lab_a 100M --config
plans '^~ +node +a .*memory +100 MiB -> 128 MiB +live, changed outside'
ok up
equal "the same run goes on" "$(boot a)" "$boot_a"
equal "it is as the file says" "$(vir dumpxml --inactive lab_a | sed -n "s|.*<memory unit='KiB'>\(.*\)</memory>|\1|p")" 131072
plans

step "hardware changed for the next boot: what runs is as it should be"
edit() {
    vir dumpxml --inactive lab_a |
        sed "s|<on_crash>destroy|<on_crash>restart|; s|<timer name='hpet' present='no'/>||; s|</devices>|<sound model='ich9'/></devices>|" >edited.xml
    on virsh -q define "$PWD/edited.xml" >/dev/null
}
edit
boot_a=$(boot a)
plans '^~ +node +a .*on_crash +restart -> destroy +live, changed outside' \
    '^~ +node +a .*clock timer hpet added .*live, changed outside' \
    '^~ +node +a .*sound removed .ich9. +live, changed outside'
ok up
lacks "it is as the file says" "$(vir dumpxml --inactive lab_a)" "<sound"
equal "the same run goes on" "$(boot a)" "$boot_a"
plans

step "and when that boot has come"
edit
vir destroy lab_a
vir start lab_a
plans '^~ +node +a .*on_crash +restart -> destroy +restart, changed outside' \
    '^~ +node +a .*clock timer hpet added .*restart, changed outside' \
    '^~ +node +a .*sound removed .ich9. +restart, changed outside'
exits 1 up
contains "a restart needs a yes" "$ERR" "nothing was changed"
ok up --yes
lacks "it is as the file says" "$(vir dumpxml lab_a)" "<sound"
boot_a=$(boot a)
plans

step "an extra disk's volume deleted while the node is off: made anew, empty"
vir destroy lab_a
vir vol-delete --pool virtopo_lab a.data.qcow2 >/dev/null
vt plan --exit-code
equal "plan --exit-code" "$RC" 3
matches plan "$OUT" '^~ +node +a '
ok up
holds "its volume is back" on test -f $pool/a.data.qcow2
contains "and in the guest" "$(serials)" data
plans

step "a root disk deleted: the node is made anew"
vir destroy lab_a
vir vol-delete --pool virtopo_lab a.root.qcow2 >/dev/null
vt plan --exit-code
equal "plan --exit-code" "$RC" 3
matches plan "$OUT" 'node +a '
ok up
holds "its volume is back" on test -f $pool/a.root.qcow2
guest a cloud-init status --wait >/dev/null
equal "it did its first boot" "$(guest a cat /root/ran)" ran
plans

step "a file removed under a pool, the pool stopped, a seed gone"
vir pool-destroy virtopo_lab
vt plan --exit-code
ok up
equal "the pool runs" "$(vir pool-list --name | sort | xargs)" "virtopo virtopo_lab"
plans

step "a domain undefined and stopped: made again on its old disk"
guest b 'echo mine >/root/mine; sync' >/dev/null
vir destroy lab_b
vir undefine lab_b
vt plan --exit-code
matches plan "$OUT" '^\+ +node +b '
ok up
equal "with what was on its disk" "$(guest b cat /root/mine)" mine
plans

step "all of it gone but the disks' pool, then down"
vir destroy lab_a
vir undefine lab_a
vir net-destroy lab_lan
vir net-undefine lab_lan
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs) $(vir net-list --all --name | xargs) $(on ls /var/lib/virtopo | grep -v sha256 || true)" "  "
