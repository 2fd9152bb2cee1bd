#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disks on each bus, CD-ROMs with what is on them, and network cards of each model, as the guest's kernel sees them.
# minutes: 8
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
# LABEL: an ISO image that says so, in a file of that name.
medium() {
    mkdir "$SCRATCH/$1"
    echo "on the medium $1" >"$SCRATCH/$1/file"
    xorriso -as mkisofs -quiet -V "$1" -o "$SCRATCH/$1.iso" "$SCRATCH/$1" 2>/dev/null
    chmod 644 "$SCRATCH/$1.iso"
}
medium first
medium second
medium tools
truncate -s 12M "$SCRATCH/fixed.raw"
chmod 644 "$SCRATCH/fixed.raw"
file() { # MEDIUM IN THE DRIVE change
    yaml <<Y
cluster: hw
images: { hw: { file: hw.qcow2 }, tools: { file: $SCRATCH/tools.iso, format: raw } }
networks:
  lan: { subnet: 10.20.0.0/24 }
  san: { mode: isolated, subnet: 10.30.0.0/24, mtu: 1400 }
defaults: { image: hw, memory: 256M, networks: [lan] }
nodes:
  disks:
    disks:
      - { name: plain, size: 8M }
      - { name: scsi, size: 9M, bus: scsi }
      - { name: sata, size: 10M, bus: sata, serial: WD-0815 }
      - { name: usb, size: 11M, bus: usb }
      - { name: fixed, source: $SCRATCH/fixed.raw, format: raw, readonly: true }
    cdroms:
      - { name: change, source: $SCRATCH/$1.iso }
      - { name: empty, bus: scsi }
      - { name: tools, image: tools, bus: usb }
  old:
    machine: pc
    disks: [{ name: ide, size: 13M, bus: ide }]
    cdroms: [{ name: cd, source: $SCRATCH/first.iso, bus: ide }]
  nics:
    cpus: 2
    networks:
      - lan
      - { network: san, model: e1000, mac: "52:54:00:00:00:01" }
      - { network: san, model: e1000e, mac: "52:54:00:00:00:02" }
      - { network: san, model: rtl8139, mac: "52:54:00:00:00:03" }
      - { network: san, model: virtio, mac: "52:54:00:00:00:04", mtu: 1300, queues: 2 }
      - { network: san, model: vmxnet3, mac: "52:54:00:00:00:05" }
      - { network: san, mac: "52:54:00:00:00:06", link: down }
Y
}
file first
ok up
settled disks old nics

step "disks"
disks=$(guest_disks disks)
indent <<<"$disks"
matches "virtio" "$disks" "^vd[a-z] virtio plain $((8 << 20))$"
matches "scsi" "$disks" "^sd[a-z] virtio-scsi scsi $((9 << 20))$"
matches "sata, with a serial number of its own" "$disks" "^sd[a-z] ahci WD-0815 $((10 << 20))$"
matches "usb" "$disks" "^sd[a-z] usb .* $((11 << 20))$"
matches "ide, on an old PC" "$(guest_disks old)" "^sd[a-z] ata_piix ide $((13 << 20))$"
# shellcheck disable=SC2016
fixed='/dev/$(basename $(dirname $(grep -lx fixed /sys/block/*/serial)))'
equal "readonly" "$(guest disks "blockdev --getro $fixed")" 1

step "CD-ROMs"
# NODE LABEL: what the file on the medium says.
# shellcheck disable=SC2016
read_medium() { guest "$1" 'd=$(findfs LABEL='"$2"') && mount -t iso9660 -o ro $d /mnt && cat /mnt/file; umount /mnt'; }
equal "sata, a file of the host" "$(read_medium disks first)" "on the medium first"
equal "usb, a file from here" "$(read_medium disks tools)" "on the medium tools"
equal "ide" "$(read_medium old first)" "on the medium first"
contains "an empty drive" "$(guest disks 'dd if=/dev/sr0 of=/dev/null count=1 2>&1 || :')" "No medium found"
file second
plans '^~ +node +disks +cdrom change .*first\.iso -> .*second\.iso'
ok up --yes
settled disks
# The guest notices at its next look.
has_medium() { [ -n "$(guest "$1" "findfs LABEL=$2 2>/dev/null || :")" ]; }
wait_for 20 "the guest looks again" has_medium disks second
equal "another medium" "$(read_medium disks second)" "on the medium second"
plans

step "network cards"
nics=$(guest_nics nics)
indent <<<"$nics"
matches "e1000" "$nics" '^52:54:00:00:00:01 e1000 1400$'
matches "e1000e" "$nics" '^52:54:00:00:00:02 e1000e 1400$'
matches "rtl8139" "$nics" '^52:54:00:00:00:03 8139cp 1400$'
matches "virtio, and its MTU" "$nics" '^52:54:00:00:00:04 virtio_net 1300$'
matches "vmxnet3" "$nics" '^52:54:00:00:00:05 vmxnet3 1400$'
# shellcheck disable=SC2016
nic='/sys/class/net/$(basename $(dirname $(grep -l 52:54:00:00:00:MAC /sys/class/net/*/address)))'
equal "two queues" "$(guest nics "ls -d ${nic/MAC/04}/queues/rx-* | wc -l")" 2
equal "a cable that is not plugged" "$(guest nics "cat ${nic/MAC/06}/carrier")" 0
equal "and one that is" "$(guest nics "cat ${nic/MAC/05}/carrier")" 1
for mac in 01 02 03 04 05; do
    # shellcheck disable=SC2016
    guest nics "dev=\$(grep -l 52:54:00:00:00:$mac /sys/class/net/*/address | cut -d/ -f5); ping -c 1 -W 5 -I \$dev 10.30.0.1" >"$SCRATCH/ping"
    contains "the card ...$mac reaches its network" "$(<"$SCRATCH/ping")" "1 packets received"
done

step "down"
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs)" ""
holds "but what was there" test -s "$SCRATCH/first.iso" -a -s "$SCRATCH/second.iso"
