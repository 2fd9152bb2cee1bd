#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A full distribution's disks grow by its own tools, growpart and sfdisk, over SSH with sudo; and a clone of it is
# another machine, by the real cloud-init.
# minutes: 30
. "$(dirname "$0")/../lib.sh"
export VT_SECONDS=1200

host_up a
host_warm
before=$(host_state)
ln -s "${E2E_DISTRO:-$("$E2E/../guest/distro.sh")}" full.qcow2
write_lab() { # ROOT DATA
    yaml <<Y
cluster: lab
images: { debian: { file: full.qcow2, user: debian } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes:
  db: { image: debian, memory: 512M, disk: $1, networks: [lan], disks: [{ name: data, size: $2 }, { name: idle, size: $2 }] }
Y
}
mib() { guest "$1" df --output=size -BM "$2" | tail -1 | tr -dc 0-9; }
write_lab 3G 64M
ok up --quiet
guest db sudo cloud-init status --wait >/dev/null
guest db 'sudo mkfs.ext4 -q /dev/vdb && sudo mkdir -p /data && sudo mount /dev/vdb /data && sudo mkfs.ext4 -q /dev/vdc' >/dev/null
boot=$(guest db cat /proc/sys/kernel/random/boot_id)

step "growpart"
write_lab 4G 128M
ok up
matches "the root disk" "$OUT" '^node db: disk root: / \(ext4 on /dev/vda2\) has 3\.[0-9] GiB now$'
matches "a disk without partitions" "$OUT" '^node db: disk data: /data \(ext4 on /dev/vdb\) has 1[12][0-9](\.[0-9])? MiB now$'
matches "one that is not mounted" "$OUT" '^node db: disk idle: the file system did not grow: the file system on /dev/vdc \(ext4\) is not mounted; in the guest, as root: e2fsck -f /dev/vdc && resize2fs /dev/vdc$'
holds "the root file system: $(mib db /) MiB" test "$(mib db /)" -gt 3600

step "sfdisk"
guest db 'sudo mv /usr/bin/growpart /usr/bin/growpart.off' >/dev/null
write_lab 5G 128M
ok up
matches "the root disk" "$OUT" '^node db: disk root: / \(ext4 on /dev/vda2\) has 4\.[0-9] GiB now$'
holds "the root file system: $(mib db /) MiB" test "$(mib db /)" -gt 4600
guest db 'sudo mv /usr/bin/growpart.off /usr/bin/growpart' >/dev/null
equal "no boot since" "$(guest db cat /proc/sys/kernel/random/boot_id)" "$boot"

step "a clone of it, while it runs"
identity() {
    guest "$1" 'hostname; hostname -f; cat /etc/machine-id; cut -d " " -f 2 /etc/ssh/ssh_host_*.pub; ip -o -4 address show scope global | cut -d " " -f 7; cat /sys/class/net/eth0/address'
}
guest db 'echo kept | sudo tee /etc/kept; sync' >/dev/null
ok clone db copy
guest copy sudo cloud-init status --wait >/dev/null
equal "cloud-init has no errors" "$(guest copy cat /run/cloud-init/result.json | jq -c .v1.errors)" "[]"
equal "systemd" "$(guest copy 'systemctl is-system-running --wait || systemctl --failed --plain')" running
equal "what was on it" "$(guest copy cat /etc/kept)" kept
one=$(identity db) other=$(identity copy)
equal "nothing of it is the same" "$(comm -12 <(sort <<<"$one") <(sort <<<"$other"))" ""
equal "as many host keys" "$(wc -l <<<"$other")" "$(wc -l <<<"$one")"
machine=$(guest copy cat /etc/machine-id)
matches "a machine id" "$machine" '^[0-9a-f]{32}$'
equal "no error of the file system" "$(guest copy 'sudo dmesg | grep -c "EXT4-fs error" || true')" 0
equal "the original runs on" "$(guest db cat /proc/sys/kernel/random/boot_id)" "$boot"

step "its identity stays at the next boot"
vir shutdown lab_copy >/dev/null
for ((i = 0; i < 600; i++)); do [ "$(vir domstate lab_copy)" != "shut off" ] || break; sleep 0.5; done
ok up
equal "its machine id" "$(guest copy cat /etc/machine-id)" "$machine"
equal "all of it" "$(identity copy)" "$other"
ok down --yes
ok down --yes --prune
equal "nothing is left" "$(host_state)" "$before"
