#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disks that grow while their node runs, and the file systems on them: by the guest's agent, over SSH where there
# is none, and where neither lets us in, the words for whoever does it.
# minutes: 10
. "$(dirname "$0")/hardware.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" tiny.qcow2
cp "$(hardware_image)" full.qcow2
write_lab() { # ROOT DATA
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 }, full: { file: full.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { memory: 192M, disk: $1 }
nodes:
  agent: { image: full, memory: 384M, networks: [{ lan: 10.20.0.11 }], disks: [{ name: data, size: $2 }, { name: parts, size: $2 }] }
  ssh: { image: tiny, networks: [{ lan: 10.20.0.12 }], disks: [{ name: data, size: $2 }, { name: idle, size: $2, bus: scsi }] }
  shut: { image: tiny, networks: [{ lan: 10.20.0.13 }], disks: [{ name: data, size: $2 }] }
Y
}
boot() { guest "$1" cat /proc/sys/kernel/random/boot_id; }
mib() { guest "$1" df -Pm "$2" | awk 'END {print $2}'; }
# WHAT GOT LEAST MOST
between() { holds "$1: $2 is within $3 and $4" test "$2" -ge "$3" -a "$2" -le "$4"; }

write_lab 300M 64M
ok up --quiet
settled agent
guest agent 'mkfs.ext4 -q /dev/vdb && mkdir -p /data /parts && mount -t ext4 /dev/vdb /data
    printf "\0\0\0\0\203\0\0\0\0\010\0\0\0\360\0\0" | dd of=/dev/vdc bs=1 seek=446 2>/dev/null
    printf "\125\252" | dd of=/dev/vdc bs=1 seek=510 2>/dev/null
    blockdev --rereadpt /dev/vdc && mkfs.ext4 -q /dev/vdc1 && mount -t ext4 /dev/vdc1 /parts && echo kept >/parts/kept' >/dev/null
# shellcheck disable=SC2016
guest ssh 'cloud-init status --wait; mkfs.ext4 -q /dev/vdb && mkdir -p /data && mount -t ext4 /dev/vdb /data && mkfs.ext4 -q /dev/sda' >/dev/null
boots=$(boot agent) boots_ssh=$(boot ssh)
# Nobody lets us in: no agent in the image, no SSH server any more.
guest shut 'kill $(cat /run/dropbear.pid)' >/dev/null

step "larger: the file systems too, at once"
write_lab 400M 128M
plans '^~ +node +agent +disk +300 MiB -> 400 MiB +live' 'disk data +64 MiB -> 128 MiB' 'disk parts +64 MiB -> 128 MiB' \
    '^~ +node +ssh +disk +300 MiB -> 400 MiB +live' 'disk data +64 MiB -> 128 MiB' 'disk idle +64 MiB -> 128 MiB' \
    '^~ +node +shut +disk +300 MiB -> 400 MiB +live' 'disk data +64 MiB -> 128 MiB'
ok up
matches "by the agent, a root disk" "$OUT" '^node agent: disk root: / \(ext4 on /dev/vda2\) has 3[0-9]{2}(\.[0-9])? MiB now$'
matches "a disk without partitions" "$OUT" '^node agent: disk data: /data \(ext4 on /dev/vdb\) has 1[12][0-9](\.[0-9])? MiB now$'
matches "a disk with one" "$OUT" '^node agent: disk parts: /parts \(ext4 on /dev/vdc1\) has 1[12][0-9](\.[0-9])? MiB now$'
matches "over SSH, a root disk" "$OUT" '^node ssh: disk root: / \(ext4 on /dev/vda2\) has 3[0-9]{2}(\.[0-9])? MiB now$'
matches "a disk without partitions" "$OUT" '^node ssh: disk data: /data \(ext4 on /dev/vdb\) has'
matches "one that is not mounted is left alone" "$OUT" '^node ssh: disk idle: the file system did not grow: no file system of /dev/sda is mounted; in the guest, as root: lsblk -f /dev/sda$'
matches "nobody lets us in" "$OUT" '^node shut: disk data: the file system in the guest did not grow: no agent \(.*\), and no SSH \(10\.20\.0\.13 .*\); in the guest, as root: lsblk -f /dev/disk/by-id/virtio-data, then growpart'
between "root of agent, MiB" "$(mib agent /)" 340 400
between "data of agent" "$(mib agent /data)" 105 128
between "parts of agent" "$(mib agent /parts)" 105 128
equal "what was on it" "$(guest agent cat /parts/kept)" kept
between "root of ssh" "$(mib ssh /)" 340 400
between "data of ssh" "$(mib ssh /data)" 105 128
equal "no guest booted" "$(boot agent) $(boot ssh)" "$boots $boots_ssh"
plans

step "an agent that was there and is gone: SSH takes its place"
# shellcheck disable=SC2016
guest agent 'kill $(cat /run/qemu-ga.pid)' >/dev/null
sed -i 's/name: parts, size: 128M/name: parts, size: 160M/' virtopo.yaml
ok up
matches "over SSH" "$OUT" '^node agent: disk parts: /parts \(ext4 on /dev/vdc1\) has 1[45][0-9](\.[0-9])? MiB now$'

step "what is not understood: swap behind, and a tool that fails; as JSON"
guest agent 'umount /parts; mkswap /dev/vdc1 && swapon /dev/vdc1' >/dev/null
# shellcheck disable=SC2016
guest ssh 'mv /bin/resize2fs /bin/resize2fs.real; printf "#!/bin/sh\necho no space for the table; exit 3\n" >/bin/resize2fs; chmod 755 /bin/resize2fs' >/dev/null
sed -i 's/name: parts, size: 160M/name: parts, size: 170M/; /^  ssh:/s/name: data, size: 128M/name: data, size: 140M/' virtopo.yaml
ok up --json
notes=$(tail -n 1 <<<"$OUT" | jq -r '.notes[] | "\(.kind) \(.name): \(.text)"')
matches "swap" "$notes" '^disk agent/parts: disk parts: the file system did not grow: /dev/vdc1, behind which the new room is, is swap space; what is before it cannot grow; in the guest, as root: lsblk -f /dev/vdc$'
matches "its words" "$notes" '^disk ssh/data: disk data: growing the file system failed \(exit code 1\): no space for the table$'
equal "each is an event too" "$(jq -c 'select(.type == "note")' <<<"$OUT" | wc -l)" 2

step "cut off between the disk and what is on it: the next run goes on"
sed -i '/^  ssh:/s/name: data, size: 140M/name: data, size: 150M/' virtopo.yaml
guest ssh rm /bin/resize2fs >/dev/null
# Killed behind the first BlockResize.
VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_LOG="$SCRATCH/calls" SHIM_CLASS=write SHIM_AT=3 SHIM_WHEN=after)
rm -f "$SCRATCH/calls"
vt up
VT_EXTRA=()
contains "it died there" "$(tail -n 1 "$SCRATCH/calls")" virDomainBlockResize
plans '^~ +node +ssh +disk data +live, what is on it has not grown with it yet'
ok up
contains "seen to" "$OUT" "node ssh: disk data: the file system did not grow: the guest has no resize2fs"
plans
guest ssh 'mv /bin/resize2fs.real /bin/resize2fs; sync' >/dev/null

step "while it does not run"
vir destroy lab_ssh >/dev/null
sed -i '/^  ssh:/s/networks/disk: 450M, networks/' virtopo.yaml
ok up
matches "at its next boot" "$OUT" '^node ssh: disk root: it grew while the node did not run: at its next boot'
between "root of ssh" "$(mib ssh /)" 390 450
ok down --yes
ok down --yes --prune
equal "nothing is left" "$(host_state)" "$before"
