#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# down --keep-disks, and the same machines again: data, identity and first boot as they were.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" tiny.qcow2
file() { # MORE
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes:
  db: { image: tiny, memory: 128M, networks: [{ lan: 10.20.0.10 }], disks: [{ name: data, size: 8M }], run: ["echo ran >>/root/ran"] }
$1
Y
}
file ''
ok up
# shellcheck disable=SC2016
guest db 'cloud-init status --wait; echo mine >/root/mine; d=/dev/$(basename $(dirname $(grep -lx data /sys/block/*/serial))); echo precious | dd of=$d bs=512 conv=sync 2>/dev/null; sync' >/dev/null
key=$(guest db 'dropbearkey -y -f /etc/dropbear/host_key | grep ^ssh-' | cut -d' ' -f1,2)

step "down --keep-disks"
exits 1 down --keep-disks
contains "asks as well" "$ERR" "--yes"
ok down --keep-disks --yes
equal "no domain, no network" "$(vir list --all --name | xargs)$(vir net-list --all --name | xargs)" ""
equal "the disks are there" "$(on sh -c 'cd /var/lib/virtopo/lab && ls *.qcow2' | xargs)" "db.data.qcow2 db.root.qcow2"
ok down --keep-disks --yes
equal "again: still there" "$(on sh -c 'cd /var/lib/virtopo/lab && ls *.qcow2' | xargs)" "db.data.qcow2 db.root.qcow2"

step "up: the same machine"
ok up
equal "root disk" "$(guest db cat /root/mine)" mine
# shellcheck disable=SC2016
equal "data disk" "$(guest db 'head -c 8 /dev/$(basename $(dirname $(grep -lx data /sys/block/*/serial)))')" precious
equal "run was not executed again" "$(guest db 'cloud-init status --wait >/dev/null; cat /root/ran')" ran
equal "the same host key" "$(guest db 'dropbearkey -y -f /etc/dropbear/host_key | grep ^ssh-' | cut -d' ' -f1,2)" "$key"
plans

step "kept disks of a node that the file does not have any more are not lost silently"
ok down --keep-disks --yes
sed -i 's/^  db: /  other: /; s/10\.20\.0\.10/10.20.0.11/; s/memory: 128M/memory: 128M, ready: none/' virtopo.yaml
vt plan --exit-code
contains plan "$OUT" db
exits 1 up
contains "what is needed" "$ERR" "--destroy-data"
equal "the disks are there" "$(on sh -c 'cd /var/lib/virtopo/lab && ls *.qcow2' | xargs)" "db.data.qcow2 db.root.qcow2"
file ''

step "down without it: gone"
ok down --yes --prune
equal "the host is as it was" "$(host_state)" "$before"
equal "the key too" "$(find "$SCRATCH/data" -type f)" ""
