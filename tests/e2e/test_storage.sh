#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What others did to pools, folders, and disks: seen, told, mended where that loses nothing, and refused where
# it would; and a `down` after all of it that leaves nothing of ours.
# minutes: 10
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: tiny, memory: 128M }
nodes:
  a: { networks: [{ lan: 10.20.0.11 }], disks: [{ name: data, size: 8M }] }
  b: { networks: [{ lan: 10.20.0.12 }], ready: none }
Y
host_warm
before=$(host_objects)
ok up --quiet
pool=/var/lib/virtopo/lab
boot() { guest a cat /proc/sys/kernel/random/boot_id; }
boot_a=$(boot)
guest a 'echo mine >/root/mine; sync' >/dev/null

step "both pools removed from libvirt: found again by their folders"
for name in virtopo_lab virtopo; do
    vir pool-destroy $name >/dev/null
    vir pool-undefine $name >/dev/null
done
plans '^\+ +pool +store' '^\+ +pool +volumes'
equal "the look leaves nothing behind" "$(vir pool-list --all --name | xargs)" ""
ok up
equal "they are back" "$(vir pool-list --name --autostart | sort | xargs)" "virtopo virtopo_lab"
equal "the guest runs on" "$(boot)" "$boot_a"
plans

step "a pool removed, then down: its disks go too"
vir pool-destroy virtopo_lab >/dev/null
vir pool-undefine virtopo_lab >/dev/null
ok down --keep-disks --yes
equal "with --keep-disks they stay" "$(on ls $pool | grep qcow2 | xargs)" "a.data.qcow2 a.root.qcow2 b.root.qcow2"
ok up --quiet
equal "and are taken up again" "$(guest a cat /root/mine)" mine
vir pool-destroy virtopo_lab >/dev/null
vir pool-undefine virtopo_lab >/dev/null
ok down --yes
fails "the folder is gone" on test -e $pool
ok up --quiet
exits 1 ssh a -- test -e /root/mine

step "the folder removed under a running pool: made anew in one run"
on rm -rf $pool
vt plan
matches plan "$OUT" '^~ +node +a +disk root added \(its file is gone'
exits 1 up
ok up --yes
plans
equal "the guest is back" "$(guest a hostname)" a
on rm -rf $pool
ok down --yes
ok up --quiet

step "a snapshot made outside: what was written since is not lost by accident"
vir snapshot-create-as lab_a outside --disk-only >/dev/null
guest a 'echo later >/root/later; sync' >/dev/null
exits 1 up --yes
contains "the loss is named" "$OUT" "$pool/a.root.outside -> $pool/a.root.qcow2 data-loss"
contains "the way out" "$OUT" 'virsh blockcommit lab_a vda --active --shallow --pivot'
contains "the extra disk too" "$OUT" 'virsh blockcommit lab_a vdb --active --shallow --pivot'
contains "it needs its word" "$ERR" "add --destroy-data; nothing was changed"
exits 1 down --keep-disks --yes
contains "nor are disks kept without it" "$ERR" "node 'a' runs on $pool/a.root.outside, a snapshot made outside of virtopo"
equal "nothing was changed" "$(vir list --name | sort | xargs)" "lab_a lab_b"
for target in vda vdb; do vir blockcommit lab_a $target --active --shallow --pivot >/dev/null; done
vir snapshot-delete lab_a outside --metadata >/dev/null
plans
equal "nothing is lost" "$(guest a cat /root/later)" later
on rm $pool/a.root.outside $pool/a.data.outside
vir snapshot-create-as lab_a second --disk-only --no-metadata >/dev/null
ok up --yes --destroy-data
plans
on rm $pool/a.root.second $pool/a.data.second
vir snapshot-create-as lab_a third --disk-only --no-metadata >/dev/null
ok down --yes
fails "with the disks their snapshots go" on test -e $pool
ok up --quiet

step "files in a folder that is not the cluster's yet: not touched"
sed 's/^cluster: lab/cluster: fo/; s/10\.20\.0\./10.21.0./' virtopo.yaml >fo.yaml
on sh -c 'mkdir -p /var/lib/virtopo/fo; echo precious >/var/lib/virtopo/fo/a.root.qcow2'
exits 1 -f fo.yaml up --yes
contains "it is named" "$ERR" "/var/lib/virtopo/fo/a.root.qcow2 is on host 'local', where disk 'root' of node 'a' should be, and is not virtopo's [disk-foreign]"
ok -f fo.yaml down --yes
equal "it is as it was" "$(on cat /var/lib/virtopo/fo/a.root.qcow2)" precious
on rm -r /var/lib/virtopo/fo

step "many restarts at once"
sed 's/^cluster: lab/cluster: many/; s/10\.20\.0\./10.22.0./; s/^  a:.*/  n: { count: 6, networks: [lan], ready: none }/; /^  b:/d' virtopo.yaml >many.yaml
ok -f many.yaml up
sed -i 's/128M/136M/' many.yaml
ok -f many.yaml up --yes
VT_QUIET=1 ok -f many.yaml plan --exit-code
ok -f many.yaml down --yes

step "more disks than letters"
sed 's/^cluster: lab/cluster: disks/; s/10\.20\.0\./10.23.0./; /^  a:/d; s/^  b:.*/  b: { ready: none, disks: [/' virtopo.yaml >disks.yaml
for i in $(seq 30); do echo "    { name: d$i, size: 1M },"; done >>disks.yaml
echo '  ] }' >>disks.yaml
ok -f disks.yaml up
VT_QUIET=1 ok -f disks.yaml plan --exit-code
ok -f disks.yaml down --yes

step "a disk that somebody attached: shown, and gone with the next definition"
on sh -c 'truncate -s 1M /run/foreign.img && chmod 666 /run/foreign.img'
vir attach-disk lab_b /run/foreign.img vdz --config >/dev/null
plans '^~ +node +b +disk vdz removed \(/run/foreign\.img\) +live, changed outside'
ok up
plans
vir attach-disk lab_b /run/foreign.img vdz --config --live >/dev/null
plans '^~ +node +b +disk vdz removed \(/run/foreign\.img\) +restart, changed outside'
ok up --yes
plans
holds "the file itself is not ours to remove" on test -s /run/foreign.img

step "a disk written over"
vir destroy lab_b
on dd if=/dev/zero of=$pool/b.root.qcow2 bs=1M count=1 status=none
vt up
[ "$RC" != 0 ] || fail "up on a broken disk"
contains "QEMU refuses" "$ERR" "Image is not in qcow2 format"
contains "the remedy" "$ERR" "something wrote over a disk in $pool"
vir pool-refresh virtopo_lab >/dev/null
exits 1 plan
contains "seen at plan time" "$ERR" "error: disk 'root' of node 'b' is not qcow2 any more: $pool/b.root.qcow2 [disk-overwritten]"
vir vol-delete --pool virtopo_lab b.root.qcow2 >/dev/null
ok up --yes
plans

step "a file of somebody else's in the cluster's folder: told, left, and the rest goes"
on sh -c "echo precious >$pool/notes.txt"
exits 1 down --yes
contains "it is named" "$ERR" "$pool/notes.txt is not virtopo's: left where it is"
equal "it is all that is left" "$(on ls $pool)" notes.txt
on rm $pool/notes.txt
ok down --yes --prune
equal "nothing of ours is left" "$(host_objects)" "$before"

step "a store in a folder that was there: its mode is its owner's"
on mkdir -m 1777 /run/own
sed -i '1a hosts: { local: { dir: /run/own } }' fo.yaml
ok -f fo.yaml up b
equal "the mode of a folder that was there" "$(on stat -c %a /run/own)" 1777
ok -f fo.yaml down --yes --prune
equal "nothing of ours is left" "$(host_objects)" "$before"
