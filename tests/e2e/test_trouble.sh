#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What can be wrong around a cluster: a clear message with the remedy, the right exit code, nothing half-made.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
blank_image blank.raw
qemu-img convert -f raw -O qcow2 blank.raw blank.qcow2
cluster() { # IMAGE [MORE OF THE FILE]
    yaml <<Y
cluster: s
images: { disk: { $1 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: disk, memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes: { a: {}, b: {} }
${2:-}
Y
}
# plan and up end with CODE and say PIECE and HINT; the host is as it was.
refused() { # CODE PIECE HINT
    local state command
    state=$(host_state)
    for command in plan up; do
        exits "$1" $command
        contains "the error" "$ERR" "$2"
        contains "the remedy" "$ERR" "$3"
    done
    equal "nothing was made" "$(host_state)" "$state"
}

step "images that are none"
cluster 'file: nowhere.qcow2'
refused 1 "nowhere.qcow2: No such file or directory" "check the path"
cluster 'file: ../work'
refused 1 "is not a regular file" ""
: >empty.raw
cluster 'file: empty.raw'
refused 1 "is empty" ""
cluster 'file: blank.raw, format: qcow2'
refused 1 "is not a qcow2 image, as \`format: qcow2\` says" "leave \`format\` out"
cluster 'file: blank.qcow2, format: raw'
refused 1 "is a qcow2 image, not \`format: raw\`" "write \`format: qcow2\`"
qemu-img create -q -f qcow2 -b "$PWD/blank.qcow2" -F qcow2 overlay.qcow2
cluster 'file: overlay.qcow2'
refused 1 "has a backing file" "qemu-img convert -O qcow2"
qemu-img create -q -f qcow2 -o data_file=data.raw,data_file_raw=on outside.qcow2 1M
cluster 'file: outside.qcow2'
refused 1 "keeps its data in another file" ""
# What is packed or another program's becomes an image: what is not whole inside is found when it is unpacked.
head -c 60 blank.qcow2 | xz >packed.qcow2.xz
cluster 'file: packed.qcow2.xz'
exits 1 up
contains "a damaged image in a good archive" "$ERR" "damaged qcow2 image"
xz -c blank.qcow2 | head -c 100 >cut.qcow2.xz
cluster 'file: cut.qcow2.xz'
exits 1 up
contains "an archive that is cut off" "$ERR" "cut.qcow2.xz"
ok down --yes --prune
head -c 200 blank.qcow2 | head -c 60 >cut.qcow2
cluster 'file: cut.qcow2'
refused 1 "damaged qcow2 image" ""
printf '# Disk DescriptorFile\nversion=1\nRW 2048 FLAT "/etc/shadow" 0\n' >disk.vmdk
cluster 'file: disk.vmdk'
refused 1 "VMDK" ""
printf '<!DOCTYPE html><html>404</html>' >page.qcow2
cluster 'file: page.qcow2'
refused 1 "HTML page" ""
head -c 4096 /dev/zero >noise.img
cluster 'file: noise.img'
refused 1 "no disk image that can be recognised" "format: raw"
install -m 000 blank.raw secret.raw
cluster 'file: secret.raw'
vt plan # root reads it all the same; others cannot
exits 2 -f nowhere.yaml up
contains "no file" "$ERR" "nowhere.yaml"

step "the store's disk is full"
on mkdir -p /run/small
on mount -t tmpfs -o size=40M,mode=755 tmpfs /run/small
cluster 'file: blank.raw' 'hosts: { local: { dir: /run/small/virtopo } }'
exits 1 up
contains "the error" "$ERR" "no room for image 'disk' in /run/small/virtopo on host 'local'"
contains "the remedy" "$ERR" "hosts.local.dir"
equal "no domain was made" "$(vir list --all --name | xargs)" ""
on mount -o remount,size=200M /run/small
ok up
equal "after there is room" "$(vir list --name | sort | xargs)" "s_a s_b"
ok down --yes --prune
equal "nothing stays there" "$(on find /run/small -mindepth 1)" ""
on umount /run/small

step "keys"
cluster 'file: blank.raw' 'ssh: { key: nowhere }'
refused 1 "nowhere" ""
printf 'garbage\n' >garbage
chmod 600 garbage
cluster 'file: blank.raw' 'ssh: { key: garbage }'
refused 1 "garbage" ""
step "no permission on libvirt's socket"
cluster 'file: blank.raw'
chmod 755 . blank.raw
# As distributions ship it: root and the group libvirt.
restart_libvirtd() {
    on sh -c 'kill "$(cat /run/libvirtd.pid)"; while [ -e /run/libvirtd.pid ]; do sleep 0.05; done'
    host_libvirt_up a
}
on sh -c "printf 'unix_sock_rw_perms = \"0770\"\n' >>/etc/libvirt/libvirtd.conf"
restart_libvirtd
RC=0
ERR=$(on setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/nonexistent XDG_CACHE_HOME="$SCRATCH/nobody" "$VIRTOPO" up 2>&1 </dev/null) || RC=$?
indent <<<"$ERR"
equal "exit code" "$RC" 1
contains "the error" "$ERR" "Permission denied"
contains "the remedy" "$ERR" "group libvirt"

step "libvirtd does not run"
on sh -c 'kill "$(cat /run/libvirtd.pid)"; while [ -e /run/libvirtd.pid ]; do sleep 0.05; done; rm -f /run/libvirt/libvirt-sock*'
for command in plan up status list; do
    exits 1 $command
    contains "$command: the error" "$ERR" "libvirt"
    matches "$command: the remedy" "$ERR" '^hint: .*(systemctl|libvirtd)'
done
exits 1 down --yes
host_libvirt_up a
exits 1 -c qemu:///nonsense plan
exits 1 -c nonsense:///system plan

step "an image that changed under its overlays"
ok up
# shellcheck disable=SC2016
on sh -c 'f=$(ls /var/lib/virtopo/sha256-*.raw); chmod 644 $f; echo more >>$f'
vir pool-refresh virtopo >/dev/null
for command in plan up; do
    exits 1 $command
    contains "the error" "$ERR" "image 'disk' changed under its overlays"
    contains "the remedy" "$ERR" "restore the file"
done
equal "the nodes run on" "$(vir list --name | sort | xargs)" "s_a s_b"
ok down --yes --prune
equal "down takes it all" "$(on find /var/lib/virtopo -mindepth 1)" ""

step "an image file that is another one now: nodes are made anew, with consent"
ok up
printf 'x' | dd of=blank.raw bs=1 seek=4096 conv=notrunc status=none
vt plan --exit-code
matches plan "$OUT" '^-/\+ +node +a .*image.*recreate, loses disk root'
exits 1 up --yes
contains "consent" "$ERR" "--recreate"
ok up --yes --recreate
plans
ok down --yes --prune

step "images made by a script: once, and again when what it is made from changes"
mkdir -p make/inputs
cat >make/build.sh <<'S'
#!/bin/sh
echo "building" >&2
echo x >>../built
cat inputs/* >/dev/null && [ ! -e inputs/broken ] || { echo "cannot: inputs are broken" >&2; exit 3; }
truncate -s 1M "$OUT"
printf '\372\364\353\375' | dd of="$OUT" conv=notrunc status=none
cat inputs/text | dd of="$OUT" bs=1 seek=1024 conv=notrunc status=none
printf '\125\252' | dd of="$OUT" bs=1 seek=510 conv=notrunc status=none
S
echo one >make/inputs/text
built() { wc -l <built; }
cluster 'script: make/build.sh, inputs: [make/inputs]'
exits 1 up
contains "not executable" "$ERR" "chmod +x"
ok down --yes
chmod +x make/build.sh
vt plan
contains plan "$OUT" "build with "
fails "plan builds nothing" test -e built
ok up
equal "built once" "$(built)" 1
plans
ok up
ok down --yes
ok up
equal "still once" "$(built)" 1
rm -rf "$SCRATCH/cache"
plans
equal "also without the cache, while nodes run on it" "$(built)" 1
echo two >make/inputs/text
vt plan --exit-code
matches "other inputs" "$OUT" '^-/\+ +node +a .*recreate'
ok up --yes --recreate
equal "built again" "$(built)" 2
plans
touch make/inputs/broken
exits 1 up --yes --recreate
contains "the script's own words" "$ERR" "cannot: inputs are broken"
contains "its exit code" "$ERR" "3"
equal "the nodes run on" "$(vir list --name | sort | xargs)" "s_a s_b"
rm make/inputs/broken
plans
ok down --yes --prune
