#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disks and media that are there already: a guest uses them, and virtopo neither makes, changes nor removes
# them, whatever becomes of the node. A node without an image; media that are brought to the host.
# minutes: 8
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
there=$SCRATCH/there # the host's own files
mkdir -m 711 "$there"
truncate -s 8M "$there/plain.raw" "$there/other.raw" "$there/shared.raw"
printf 'plain marker' | dd of="$there/plain.raw" conv=notrunc status=none
qemu-img create -q -f qcow2 "$there/cow.qcow2" 16M
mkdir one two here
for medium in one two here; do
    echo "medium $medium" >"$medium/text"
    xorriso -as mkisofs -quiet -o "$medium.iso" "$medium" 2>/dev/null
done
mv one.iso two.iso "$there"
chmod 644 "$there"/*
# Name, inode, size, mode: what there is, whoever wrote into it. The owner is libvirt's affair while a node runs.
listing() { find "$there" -mindepth 1 -printf '%f %i %s %m\n' | sort; }
before=$(listing)
untouched() { equal "$1: the host's files are where they were" "$(listing)" "$before"; }

# The node with DISKS and CDROMS, as YAML lists.
file() {
    yaml <<Y
cluster: lab
images: { hw: { file: hw.qcow2 }, here: { file: here.iso } }
networks: { lan: { subnet: 10.20.0.0/24 }, san: { mode: isolated, subnet: 10.30.0.0/24 } }
nodes:
  web:
    image: hw
    memory: 256M
    networks: [lan, { network: san, mac: "52:54:00:00:00:09", link: up }]
    disks: $1
    cdroms: $2
Y
}
all="[{ name: plain, source: $there/plain.raw }, { name: cow, source: $there/cow.qcow2, bus: scsi },
      { name: books, source: $there/other.raw, readonly: true }, { name: stick, size: 8M, format: raw, bus: usb }]"
drives="[{ name: a, source: $there/one.iso }, { name: b, image: here, bus: scsi }, { name: empty, bus: scsi }]"

step "used as they are"
file "$all" "$drives"
ok up
settled web
untouched "up"
has_stick() { guest_disks web | grep -q ' usb '; }
wait_for 20 "the guest finds its USB stick" has_stick
disks=$(guest_disks web)
indent <<<"$disks"
matches "a file" "$disks" "^vd[a-z] virtio plain $((8 << 20))$"
matches "a qcow2 file on SCSI" "$disks" "^sd[a-z] virtio-scsi cow $((16 << 20))$"
matches "a USB stick of virtopo's own" "$disks" "^sd[a-z] usb [^ ]* $((8 << 20))$"
dev() { guest web "grep -l '^$1\$' /sys/block/*/serial" | cut -d / -f 4; }
equal "its content" "$(guest web "head -c 12 /dev/$(dev plain)")" "plain marker"
guest web "printf 'guest was here' | dd of=/dev/$(dev plain) bs=1 seek=4096 2>/dev/null; sync" >/dev/null
exits 1 ssh web -- "echo x >/dev/$(dev books)"
written=$(sha256sum <"$there/plain.raw")
contains "what the guest wrote is in the file" "$(tail -c +4097 "$there/plain.raw" | head -c 14)" "guest was here"
# shellcheck disable=SC2016
media() { guest web 'mkdir -p /m; for d in /dev/sr*; do mount -t iso9660 -o ro $d /m 2>/dev/null && cat /m/text && umount /m; done; true' | sort; }
equal "the media, one of the host and one brought there" "$(media)" "$(printf 'medium here\nmedium one')"
plans

step "another medium, out, in again; limits; a cable: while it runs"
boot() { guest web cat /proc/sys/kernel/random/boot_id; }
booted=$(boot)
drives="[{ name: a, source: $there/two.iso }, { name: b, bus: scsi }, { name: empty, image: here, bus: scsi }]"
limited=${all/name: plain,/name: plain, limits: { iops: 300, bytes: 1M \},}
file "$limited" "$drives"
sed -i 's/link: up/link: down/' virtopo.yaml
vt plan
matches plan "$OUT" "^~ +node +web +cdrom a source \.\.\..*/there/one.iso -> \.\.\..*/there/two.iso +live"
ok up
# The guest sees the change at its next look.
has_media() { [ "$(media)" = "$(printf 'medium here\nmedium two')" ]; }
wait_for 20 "the guest reads the media that are in now" has_media
equal "limits" "$(vir dumpxml lab_web | grep -oE '<total_(bytes|iops)_sec>[0-9]+' | xargs)" "<total_bytes_sec>1048576 <total_iops_sec>300"
equal "the cable is out" "$(vir domif-getlink lab_web 52:54:00:00:00:09)" "52:54:00:00:00:09 down"
equal "it was not restarted" "$(boot)" "$booted"
plans
file "$all" "$drives"
ok up
equal "no limits again" "$(vir dumpxml lab_web | grep -cE "<iotune|link state='down'" || :)" 0
equal "it was not restarted" "$(boot)" "$booted"
plans

step "gone from the file, and back: the guest lets go, the file stays"
file "[{ name: cow, source: $there/cow.qcow2, bus: scsi }, { name: books, source: $there/other.raw, readonly: true }, { name: stick, size: 8M, format: raw, bus: usb }]" "$drives"
plans "^~ +node +web +disk plain removed \($there/plain.raw\) +live"
ok up
equal "the guest has it no more" "$(guest_disks web | grep -c ' plain ' || :)" 0
untouched "unplugged"
equal "and what was written is kept" "$(sha256sum <"$there/plain.raw")" "$written"
file "$all" "$drives"
plans "^~ +node +web +disk plain added \($there/plain.raw\) +live"
ok up
equal "plugged in again" "$(guest web "head -c 12 /dev/$(dev plain)")" "plain marker"

step "made anew: only what is virtopo's"
sed -i 's/    memory: 256M/&\n    run: ["true"]/' virtopo.yaml
ok up --recreate --destroy-data --yes
untouched "recreated"
equal "the same bytes" "$(sha256sum <"$there/plain.raw")" "$written"

step "down, with everything"
ok down --yes --prune
untouched "down"
equal "the same bytes" "$(sha256sum <"$there/plain.raw")" "$written"
equal "virtopo's own are gone" "$(on find /var/lib/virtopo -mindepth 1)" ""

step "a source that is not there: said at the start, and nothing is made in its place"
file "[{ name: plain, source: $there/missing.raw }]" "[]"
exits 1 up
contains "it is named" "$ERR" "missing.raw"
fails "it is not made" test -e "$there/missing.raw"
ok down --yes

step "a node without an image, from a CD-ROM"
yaml <<Y
cluster: lab
images: {}
nodes:
  bare: { disk: 64M, memory: 128M, cdroms: [{ name: install, source: $there/one.iso, boot: 1 }] }
Y
ok up
equal "it is there, empty" "$(on qemu-img info -U --output json /var/lib/virtopo/lab/bare.root.qcow2 | jq -c '[."virtual-size", ."backing-filename"]')" "[67108864,null]"
plans
ok down --yes
untouched "down again"
