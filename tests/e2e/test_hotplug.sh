#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# CPUs, memory and NICs that come to a guest that runs, and memory and NICs that go; what cannot is a restart.
# minutes: 6
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" tiny.qcow2

cpus=1 size=256M networks='lan' media='' limit=1000
for i in one two; do
    mkdir iso-$i
    echo $i >iso-$i/name
    xorriso -as mkisofs -quiet -V DISC -o $i.iso iso-$i 2>/dev/null
    on cp "$PWD/$i.iso" /var/lib/libvirt/images/$i.iso
done
file() {
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 }, san: { mode: isolated, subnet: 10.30.0.0/24 } }
nodes:
  a:
    image: tiny
    cpus: { count: $cpus, max: 3 }
    memory: { size: $size, max: 1G }
    networks: [$networks]
    disk: { limits: { iops: $limit } }
    cdroms: [{ name: cd, $media }]
Y
}
boot() { guest a cat /proc/sys/kernel/random/boot_id; }
# As udev rules of most distributions do it.
online() { guest a 'for f in /sys/devices/system/cpu/cpu*/online; do grep -q 1 $f || echo 1 >$f; done; for f in /sys/devices/system/memory/memory*/state; do grep -q online $f || echo online >$f; done'; }
mebibytes() { guest a "awk '/^MemTotal/ {print int(\$2 / 1024)}' /proc/meminfo"; }
processors() { guest a 'grep -c ^processor /proc/cpuinfo'; }

file
ok up --quiet
settled a
boot_a=$(boot) first=$(mebibytes)
plans

step "a CPU more"
cpus=2
file
plans '^~ +node +a .*cpus +1 -> 2 +live'
ok up
online
equal "CPUs in the guest" "$(processors)" 2
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "more memory: a DIMM"
before=$(mebibytes)
size=384M
file
plans '^~ +node +a .*memory +256 MiB -> 384 MiB +live'
ok up
online
holds "memory in the guest" [ "$(mebibytes)" -ge $((before + 120)) ]
matches "a DIMM of ours" "$(vir dumpxml lab_a)" "<alias name='ua-dimm0'/>"
lacks "none in the definition" "$(vir dumpxml --inactive lab_a)" "<memory model"
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "and less: by the balloon"
before=$(mebibytes)
size=288M
file
plans '^~ +node +a .*memory +384 MiB -> 288 MiB +live'
ok up
holds "memory in the guest" [ "$(mebibytes)" -le $((before - 90)) ]
plans
size=384M
file
plans '^~ +node +a .*memory +288 MiB -> 384 MiB +live'
ok up
holds "and back" [ "$(mebibytes)" -ge $((before - 5)) ]
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "a NIC more"
networks='lan, san'
file
plans '^~ +network +san .*address of a ' '^~ +node +a .*network 2 added .*live, set up in the guest at its next boot'
ok up
mac=$(vir domiflist lab_a | awk '/lab_san/ {print $5}')
contains "in the guest" "$(guest_nics a)" "$mac virtio_net"
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "and gone again"
networks='lan'
file
plans '^~ +network +san .*address of a ' '^~ +node +a .*network 2 removed .*live'
ok up
lacks "in the guest" "$(guest_nics a)" "$mac"
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "plugged in and unplugged with virsh"
vir attach-interface lab_a network lab_san --model virtio --live --config
plans '^~ +node +a .*network 2 removed .*live'
ok up
equal "NICs" "$(vir domiflist lab_a | grep -c lab_)" 1
plans

step "a NIC's cable"
networks='lan, { network: san, link: down }'
file
ok up
plans
san=$(vir domiflist lab_a | awk '/lab_san/ {print $5}')
carrier() { guest a "d=\$(dirname \$(grep -l $san /sys/class/net/*/address)); ip link set \$(basename \$d) up; sleep 1; cat \$d/carrier"; }
equal "no cable" "$(carrier)" 0
networks='lan, san'
file
plans '^~ +node +a .*network 2 link +down -> up +live'
ok up
equal "plugged" "$(carrier)" 1
plans
networks=lan
file
ok up
plans

step "a medium in the drive, another, and none; a disk's limits"
# The kernel sees another medium at the next opening.
content() { guest a 'mkdir -p /cd; mount -t iso9660 /dev/sr0 /cd && cat /cd/name; umount /cd'; }
media='source: /var/lib/libvirt/images/one.iso' limit=500
file
plans '^~ +node +a .*cdrom cd source added .*live' '^~ +node +a .*disk root limits.iops +1000 -> 500 +live'
ok up
equal "its content" "$(content)" one
matches "the limit" "$(vir blkdeviotune lab_a vda)" 'total_iops_sec *: *500'
plans
media='source: /var/lib/libvirt/images/two.iso'
file
plans '^~ +node +a .*cdrom cd source .*live'
ok up
equal "its content" "$(content)" two
media=''
file
plans '^~ +node +a .*cdrom cd source removed .*live'
ok up
contains "nothing in it" "$(guest a 'mount -t iso9660 /dev/sr0 /cd 2>&1 || true')" "No medium"
equal "the same run goes on" "$(boot)" "$boot_a"
plans

step "fewer CPUs, and memory that is no whole block: a restart"
cpus=1 size=500M
file
plans '^~ +node +a .*cpus +2 -> 1 +restart' '^~ +node +a .*memory +384 MiB -> 500 MiB +restart'
exits 1 up
contains "it needs consent" "$ERR" "--yes"
ok up --yes
equal "CPUs in the guest" "$(processors)" 1
holds "memory in the guest, without a DIMM" [ "$(mebibytes)" -ge $((first + 200)) ]
lacks "no DIMM" "$(vir dumpxml lab_a)" "<memory model"
fails "it was restarted" [ "$(boot)" = "$boot_a" ]
plans

step "down"
ok down --yes
