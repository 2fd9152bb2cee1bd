#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disks on each bus and network cards of each model, as the guest's kernel sees them.
# minutes: 4
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
yaml <<'Y'
cluster: hw
images: { hw: { file: hw.qcow2 } }
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
  nics:
    networks:
      - lan
      - { network: san, model: e1000, mac: "52:54:00:00:00:01" }
      - { network: san, model: e1000e, mac: "52:54:00:00:00:02" }
      - { network: san, model: rtl8139, mac: "52:54:00:00:00:03" }
      - { network: san, model: virtio, mac: "52:54:00:00:00:04", mtu: 1300 }
Y
ok up
settled disks nics

step "disks"
disks=$(guest_disks disks)
indent <<<"$disks"
matches "virtio" "$disks" "^vd[a-z] virtio plain $((8 << 20))$"
matches "scsi" "$disks" "^sd[a-z] virtio-scsi scsi $((9 << 20))$"
matches "sata, with a serial number of its own" "$disks" "^sd[a-z] ahci WD-0815 $((10 << 20))$"

step "network cards"
nics=$(guest_nics nics)
indent <<<"$nics"
matches "e1000" "$nics" '^52:54:00:00:00:01 e1000 1400$'
matches "e1000e" "$nics" '^52:54:00:00:00:02 e1000e 1400$'
matches "rtl8139" "$nics" '^52:54:00:00:00:03 8139cp 1400$'
matches "virtio, and its MTU" "$nics" '^52:54:00:00:00:04 virtio_net 1300$'
for mac in 01 02 03 04; do
    # shellcheck disable=SC2016
    guest nics "dev=\$(grep -l 52:54:00:00:00:$mac /sys/class/net/*/address | cut -d/ -f5); ping -c 1 -W 5 -I \$dev 10.30.0.1" >"$SCRATCH/ping"
    contains "the card ...$mac reaches its network" "$(<"$SCRATCH/ping")" "1 packets received"
done

step "down"
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs)" ""
