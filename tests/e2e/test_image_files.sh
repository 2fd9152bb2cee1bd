#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Image files of every format, as qemu-img makes them: converted for a node and by command, resized, flattened,
# compressed, put onto another base, brought into the store and out of it. Nothing hostile is opened, nothing
# half-made is left.
# minutes: 8
. "$(dirname "$0")/lib.sh"

host_up a --ssh
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images:
  vmware: { file: tiny.vmdk, format: vmdk }
  made: { script: ./build.sh }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { memory: 128M }
nodes:
  a: { image: vmware, networks: [{ lan: 10.20.0.11 }] }
  b: { image: made, networks: [lan], ready: none }
Y
cat >build.sh <<'S'
#!/bin/sh
qemu-img convert -O vdi tiny.qcow2 "$OUT"
S
chmod +x build.sh
parts() { find . "$SCRATCH/cache" -name '*part*' -o -name 'work-*' | sort | xargs; }
same() { qemu-img compare -f "$2" -F "$4" "$1" "$3" >/dev/null; }

step "every format there and back, by command"
for format in vmdk vdi vhdx vhd raw; do
    ok image convert tiny.qcow2 "x.$format"
    ok image convert "x.$format" back.qcow2 --force --from-format "$format"
    holds "the same disk" same tiny.qcow2 qcow2 back.qcow2 qcow2
done
exits 1 image convert x.vdi back.qcow2
contains "nothing is overwritten" "$ERR" "back.qcow2 is there already"
ok image convert x.vdi back.qcow2 --force --compress --json
equal "the result" "$(tail -n 1 <<<"$OUT" | jq -c '[.type, .from, .to, .format, .exit_code]')" \
    '["result","x.vdi","back.qcow2","qcow2",0]'
exits 2 image convert x.vdi back.img
contains "which format" "$ERR" "the name back.img says no format"

step "what names other files is not opened"
printf '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 100 FLAT "/etc/shadow" 0\n' >evil.vmdk
exits 1 image convert evil.vmdk out.qcow2
contains "a descriptor" "$ERR" "is made of several files, which it names"
qemu-img create -q -f qcow2 -u -b /etc/shadow -F raw evil.qcow2 1M
exits 1 image convert evil.qcow2 out.qcow2
contains "a backing file" "$ERR" "its backing file '/etc/shadow' is in another folder"
head -c 100000 x.vhdx >cut.vhdx
exits 1 image convert cut.vhdx out.qcow2
contains "a file that was cut off" "$ERR" "cut off"
holds "nothing was made" test ! -e out.qcow2
equal "nor left" "$(parts)" ""

step "nodes on images of other formats"
mv x.vmdk tiny.vmdk
vt plan
matches plan "$OUT" '^\+ +image +vmware +convert .*/tiny.vmdk from vmdk'
ok up
equal "it runs" "$(guest a hostname)" a
plans
equal "the store has nothing but qcow2 images" "$(on ls /var/lib/virtopo | sed '/^sha256-/!d; /^sha256-[0-9a-f]*\.qcow2/d' | wc -l)" 0
rm -rf "$SCRATCH/cache"/virtopo/images
plans

step "nobody's disk is changed under it"
disk=/var/lib/virtopo/lab/a.root.qcow2
exits 1 image resize "$disk" 4G
contains "a node's" "$ERR" "it is the disk of a cluster's node"
image=/var/lib/virtopo/$(on ls /var/lib/virtopo | grep -m 1 '^sha256-[0-9a-f]*\.qcow2$')
state() { on sh -c 'cd /var/lib/virtopo; ls -i . lab; stat -c "%n %a %s %Y" sha256-*'; }
before=$(state)
on ln "$image" "$PWD/linked.qcow2" 2>/dev/null || on ln -s "$image" "$PWD/linked.qcow2"
for to in "$image" "$disk" /var/lib/virtopo/new.qcow2 /var/lib/virtopo/../virtopo/lab/new.qcow2; do
    exits 1 image convert tiny.qcow2 "$to" --force
    contains "not over $to" "$ERR" "/var/lib/virtopo is a host's store, of images and of nodes' disks"
    exits 1 export b "$to" --force
    contains "not over $to" "$ERR" "/var/lib/virtopo is a host's store, of images and of nodes' disks"
done
exits 1 image flatten tiny.qcow2 -o "$image" --force
exits 1 image compress tiny.qcow2 -o "$image" --force
exits 1 image resize linked.qcow2 +1G
contains "an image by another name" "$ERR" "images of the store never change"
rm linked.qcow2
equal "the store is as it was" "$(state)" "$before"
cp tiny.qcow2 busy.qcow2
qemu-io -f qcow2 -c 'sleep 8000' busy.qcow2 >/dev/null &
sleep 1
exits 1 image resize busy.qcow2 +1G
contains "in use" "$ERR" "busy.qcow2 is in use"
exits 1 image compress busy.qcow2
contains "in use" "$ERR" "busy.qcow2 is in use"
wait $!
ok image resize busy.qcow2 +1G

step "larger and smaller"
cp tiny.qcow2 big.qcow2
size() { qemu-img info --output=json "$1" | jq '."virtual-size"'; }
was=$(size big.qcow2)
ok image resize big.qcow2 +512M
equal "larger" "$(size big.qcow2)" $((was + (512 << 20)))
exits 1 image resize big.qcow2 "${was}B"
contains "smaller is refused" "$ERR" "add --destroy-data"
exits 1 image resize big.qcow2 1M --destroy-data
contains "with a partition there too" "$ERR" "would be cut off"
ok image resize big.qcow2 "${was}B" --destroy-data
equal "smaller where nothing is" "$(size big.qcow2)" "$was"
holds "nothing was lost" same tiny.qcow2 qcow2 big.qcow2 qcow2
truncate -s 8M plain.raw
printf x | dd of=plain.raw bs=1 seek=6M conv=notrunc status=none
exits 1 image resize plain.raw 4M --from-format raw --destroy-data
contains "data without a partition" "$ERR" "data behind its new end, at byte 6291456"

step "chains"
qemu-img create -q -f qcow2 -b tiny.qcow2 -F qcow2 top.qcow2
qemu-io -f qcow2 -c 'write -P 7 3M 100k' top.qcow2 >/dev/null
ok image flatten top.qcow2 -o flat.qcow2
holds "all of it" same top.qcow2 qcow2 flat.qcow2 qcow2
equal "in one file" "$(qemu-img info --output=json flat.qcow2 | jq -c '."backing-filename"')" null
cp flat.qcow2 other.qcow2
ok image rebase top.qcow2 --onto other.qcow2
holds "the same disk on another base" same top.qcow2 qcow2 flat.qcow2 qcow2
equal "by its name" "$(qemu-img info --output=json top.qcow2 | jq -r '."backing-filename"')" other.qcow2
mv other.qcow2 moved.qcow2
exits 1 image flatten top.qcow2
contains "gone" "$ERR" "its backing file 'other.qcow2' is not there"
ok image rebase top.qcow2 --onto moved.qcow2 --unsafe
chmod 640 top.qcow2
ok image flatten top.qcow2
ok image flatten moved.qcow2 -o by-name.raw
holds "the format that the name says" same by-name.raw raw moved.qcow2 qcow2
holds "in its place" same top.qcow2 qcow2 flat.qcow2 qcow2
equal "its mode stays" "$(stat -c %a top.qcow2)" 640
equal "without a base" "$(qemu-img info --output=json top.qcow2 | jq -c '."backing-filename"')" null
qemu-img snapshot -c before top.qcow2
exits 1 image compress top.qcow2
contains "snapshots" "$ERR" "has 1 snapshots inside"
ok image compress top.qcow2 -o small.qcow2
holds "the same disk" same top.qcow2 qcow2 small.qcow2 qcow2

step "into the store, and out of it"
qemu-img create -q -f qcow2 -b tiny.qcow2 -F qcow2 over.qcow2
exits 1 image import-disk over.qcow2 kept
contains "a chain" "$ERR" "--flatten makes one image of them"
ok image import-disk over.qcow2 kept --flatten
digest=$(sed -n 's/.*kept: { stored: \([0-9a-f]*\) }/\1/p' <<<"$OUT")
equal "its digest" "$(on sha256sum "/var/lib/virtopo/sha256-$digest.qcow2" | cut -d' ' -f1)" "$digest"
ok image import-disk x.vhd hyper --json
equal "the result" "$(tail -n 1 <<<"$OUT" | jq -c '[.type, .name, .host, .exit_code]')" '["result","hyper","local",0]'
ok image export kept out.qcow2
holds "the same disk" same out.qcow2 qcow2 tiny.qcow2 qcow2
ok image import-disk flat.qcow2 first
ok image import-disk flat.qcow2 second
ok image show first
ok image export first out.qcow2 --force
ok image show second
ok image export "${digest:0:12}" out.vmdk --compress
holds "the same disk" same out.vmdk vmdk tiny.qcow2 qcow2
ok -c "$(host_uri a)" image export kept far.qcow2
holds "the same disk from a host that is reached by SSH" same far.qcow2 qcow2 tiny.qcow2 qcow2
equal "nothing is left of its copy" "$(parts)" ""
exits 2 image resize kept 4G
contains "the store stays" "$ERR" "images of the store never change"
yaml stored.yaml <<Y
cluster: other
images: { kept: { stored: $digest } }
networks: { lan: { subnet: 10.21.0.0/24 } }
nodes: { c: { image: kept, memory: 128M, networks: [{ lan: 10.21.0.11 }] } }
Y
ok -f stored.yaml up
equal "a node on it" "$(VT_QUIET=1 vt -f stored.yaml ssh c -- hostname >/dev/null; echo "$OUT")" c
ok -f stored.yaml down --yes

step "cut off, and no room"
truncate -s 700M large.raw
dd if=/dev/urandom of=large.raw bs=1M count=600 conv=notrunc status=none
vt_start image convert large.raw large.qcow2 --from-format raw
until [ "$(stat -c %s large.qcow2.virtopo-part 2>/dev/null || echo 0)" -gt 20000000 ]; do sleep 0.02; done
kill -9 "$VT_PID"
vt_wait
holds "nothing is there" test ! -e large.qcow2
ok image convert large.raw large.qcow2 --from-format raw
holds "the next run makes it" same large.raw raw large.qcow2 qcow2
equal "nothing is left" "$(parts)" ""
vt_start image convert large.raw two.qcow2 --from-format raw
until [ -s two.qcow2.virtopo-part ]; do sleep 0.02; done
exits 1 image convert large.raw two.qcow2 --from-format raw
contains "two at once" "$ERR" "another virtopo is writing two.qcow2"
kill -INT "$VT_PID"
vt_wait
equal "Ctrl-C stops it" "$(parts)" ""
mkdir small
on mount -t tmpfs -o size=50M none "$PWD/small"
exits 1 image convert large.raw small/x.qcow2 --from-format raw
contains "no room" "$ERR" "the disk is full"
equal "nothing is left" "$(on ls -A "$PWD/small")" ""

ok down --yes --prune
