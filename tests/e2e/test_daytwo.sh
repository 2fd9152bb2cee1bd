#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A cluster that runs is changed: each change has its cost, needs the consent that fits, touches nothing
# else, and is seen in the guest.
# minutes: 8
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2

# The file of the moment; the functions below change single variables.
memory=128M cpus=1 b_ip=10.20.0.12 b_disk=256M b_disks='' motd=one lan_mtu=1500 extra=''
file() {
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24, mtu: $lan_mtu }, san: { mode: isolated, subnet: 10.30.0.0/24 } }
defaults: { image: tiny, memory: 128M, networks: [lan] }
nodes:
  a:
    networks: [{ lan: 10.20.0.11 }]
    memory: $memory
    cpus: $cpus
    files: [{ path: /etc/motd, content: $motd }]
    run: ["echo ran >>/root/ran"]
    disks: [{ name: keep, size: 4M }]
  b:
    networks: [{ lan: $b_ip }]
    disk: $b_disk
    disks: [$b_disks]
$extra
Y
}
dumps() {
    local name
    for name in $(vir list --all --name); do
        vir dumpxml "$name"
        vir dumpxml --inactive "$name"
    done
    for name in $(vir net-list --all --name); do
        vir net-dumpxml "$name"
        vir net-dumpxml --inactive "$name"
    done
    on find /var/lib/virtopo -not -name '*.console.log' -not -name '*.qcow2' -printf '%p %s %m %T@\n' | sort
    on find /var/lib/virtopo -name '*.qcow2' -printf '%p\n' | sort
}
# Without consent: exit 1, the message says what to add, and nothing at all is changed.
refused() { # NEEDED ARGUMENTS...
    local needed=$1 before
    shift
    before=$(dumps)
    exits 1 "$@"
    contains "what is needed" "$ERR" "$needed"
    contains "and that nothing was done" "$ERR" "nothing was changed"
    equal "libvirt has all as before" "$(dumps)" "$before"
}
mebibytes() { guest "$1" "awk '/^MemTotal/ {print int(\$2 / 1024)}' /proc/meminfo"; }
# The block device with that serial number, and its size in sectors.
disk_of() { guest "$1" "basename \$(dirname \$(grep -lx $2 /sys/block/*/serial))"; }
sectors() { guest "$1" "cat /sys/block/$(disk_of "$1" "$2")/size"; }
boot() { guest "$1" cat /proc/sys/kernel/random/boot_id; }
id() { vir domid "lab_$1" | xargs; }

file
ok up --quiet
boot_a=$(boot a) boot_b=$(boot b)
guest a 'cloud-init status --wait; echo mine >/root/mine; mkfs.ext2 -q /dev/vdb 2>/dev/null || mke2fs -q /dev/vdb; mount /dev/vdb /mnt && echo kept >/mnt/kept && umount /mnt' >/dev/null

step "a node more: nothing else is touched, the network learns its name while it runs"
extra='  c: { networks: [{ lan: 10.20.0.13 }, san] }'
file
bridge=$(vir net-dumpxml lab_lan | sed -n "s/.*<bridge name='\([^']*\)'.*/\1/p")
index=$(on cat "/sys/class/net/$bridge/ifindex")
plans '^\+ +node +c ' '^~ +network +lan .* live' '^~ +network +san .* live'
ok up
equal "the network was not made anew" "$(on cat "/sys/class/net/$bridge/ifindex")" "$index"
matches "reservation" "$(vir net-dumpxml lab_lan)" "<host mac='[0-9a-f:]*' name='c' ip='10\.20\.0\.13'/>"
contains "its name" "$(guest a nslookup c.lab.test 10.20.0.1)" 10.20.0.13
equal "others run on" "$(boot a) $(boot b)" "$boot_a $boot_b"
plans

step "and gone again: needs --yes and --destroy-data"
extra=''
file
plans '^- +node +c ' '^~ +network +lan .* live' '^~ +network +san .* live'
refused "--yes and --destroy-data" up
refused "--destroy-data" up --yes
refused "--yes" up --destroy-data
ok up --yes --destroy-data
equal "domains" "$(vir list --all --name | sort)" $'lab_a\nlab_b'
equal "files" "$(on find /var/lib/virtopo/lab -name 'c.*')" ""
lacks "reservations" "$(vir net-dumpxml lab_lan)" "name='c'"
equal "others run on" "$(boot a) $(boot b)" "$boot_a $boot_b"
plans

step "memory and cpus: a restart"
before=$(mebibytes a)
memory=160M cpus=2
file
plans '^~ +node +a .*memory +128 MiB -> 160 MiB +restart' '^~ +node +a .*cpus +1 -> 2 +restart'
refused "--yes" up
ok up --yes
equal "cpus in the guest" "$(guest a 'grep -c ^processor /proc/cpuinfo')" 2
holds "memory in the guest" [ "$(mebibytes a)" -ge $((before + 25)) ]
fails "it was restarted" [ "$(boot a)" = "$boot_a" ]
equal "b runs on" "$(boot b)" "$boot_b"
equal "run was not executed again" "$(guest a cat /root/ran)" ran
plans
boot_a=$(boot a)

step "the root disk grows while the guest runs"
b_disk=320M
file
plans '^~ +node +b .*disk +256 MiB -> 320 MiB +live'
ok up
equal "seen in the guest" "$(guest b cat /sys/block/vda/size)" 655360
b_disk=300M
file
exits 1 up --yes --destroy-data
contains "disks do not shrink" "$ERR" "cannot shrink"
b_disk=320M

step "a disk more, larger, and gone, while the guest runs"
b_disks='{ name: data, size: 8M }, { name: logs, size: 4M, bus: scsi }'
file
plans '^~ +node +b .*disk data added \(8 MiB\) +live' '^~ +node +b .*disk logs added \(4 MiB\) +live'
ok up
equal "seen in the guest" "$(sectors b data)" 16384
contains "also the one on scsi" "$(guest b 'ls /sys/block')" sda
guest b "echo precious | dd of=/dev/$(disk_of b data) bs=512 conv=sync 2>/dev/null; sync" >/dev/null
b_disks='{ name: data, size: 16M }, { name: logs, size: 4M, bus: scsi }'
file
plans '^~ +node +b .*disk data +8 MiB -> 16 MiB +live'
ok up
equal "grown in the guest" "$(sectors b data)" 32768
equal "with what was on it" "$(guest b head -c 8 "/dev/$(disk_of b data)")" precious
plans
b_disks='{ name: data, size: 16M }'
file
plans '^~ +node +b .*disk logs .*(data-loss|loses)'
refused "--yes and --destroy-data" up
refused "--destroy-data" up --yes
ok up --yes --destroy-data
lacks "gone in the guest" "$(guest b 'ls /sys/block')" sda
equal "its volume is gone" "$(on find /var/lib/virtopo/lab -name 'b.logs*')" ""
equal "all that without a restart" "$(boot b)" "$boot_b"
plans

step "another address: a restart"
b_ip=10.20.0.22
file
vt plan
matches plan "$OUT" '^~ +node +b .*10\.20\.0\.12 -> 10\.20\.0\.22 +restart'
refused "--yes" up
ok up --yes
equal "address in the guest" "$(guest b "ip -o -4 address show dev eth0 | awk '{print \$4}'")" 10.20.0.22/24
contains "its name" "$(guest a nslookup b.lab.test 10.20.0.1)" 10.20.0.22
contains "and back" "$(guest a nslookup 10.20.0.22 10.20.0.1)" b.lab.test
equal "a runs on" "$(boot a)" "$boot_a"
plans

step "what the first boot did: made anew, the other disks stay"
motd=two
file
plans '^-/\+ +node +a .*recreate'
refused "--recreate" up --yes
ok up --yes --recreate
equal "the new file" "$(guest a cat /etc/motd)" two
equal "a fresh root disk" "$(guest a 'ls /root/mine 2>&1 || true' | grep -c 'No such')" 1
equal "the other disk is as it was" "$(guest a 'mount /dev/vdb /mnt && cat /mnt/kept; umount /mnt')" kept
plans

step "up NODE: only that one"
memory=144M b_disk=340M
file
vt plan b
matches "plan b" "$OUT" 'node +b '
lacks "plan b" "$OUT" "node    a"
boot_a=$(boot a) boot_b=$(boot b)
ok up b
equal "b has grown" "$(guest b cat /sys/block/vda/size)" 696320
equal "nothing was restarted" "$(boot a) $(boot b)" "$boot_a $boot_b"
plans '^~ +node +a .*memory'
exits 2 up nosuch
contains "no such node" "$ERR" "there is no node 'nosuch'"
memory=160M
file
plans

step "a network's MTU: it is restarted with its guests on it, which hear of it by a restart of theirs"
lan_mtu=1400
file
vt plan --exit-code
matches plan "$OUT" '^~ +network +lan .*mtu +1500 -> 1400 +live, restarts the network, no packet lost'
matches plan "$OUT" '^~ +node +b .*network 1 mtu +1500 -> 1400 +restart'
refused "--yes" up
ok up --yes
equal "mtu in the guest" "$(guest b cat /sys/class/net/eth0/mtu)" 1400
contains "they reach each other" "$(guest b ping -c1 -W5 a)" "1 packets received"
plans

step "down"
ok down --yes
