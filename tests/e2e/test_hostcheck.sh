#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a host does not have is told before anything is made: at the file's lines, all of it at once.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
# Whatever this machine has of UEFI, TPM and virtiofs, this host has none.
mkdir "$SCRATCH/nothing"
bare() { # PATH...
    local path
    for path; do
        if [ -d "$path" ]; then on mount --bind "$SCRATCH/nothing" "$path"; fi
        if [ -f "$path" ]; then on mount --bind /dev/null "$path"; fi
    done
}
bare /usr/share/qemu/firmware /usr/share/qemu/vhost-user /etc/qemu/firmware /etc/qemu/vhost-user \
    /usr/bin/swtpm /usr/bin/swtpm_setup /usr/bin/swtpm_ioctl
on sh -c 'kill "$(cat /run/libvirtd.pid)"'
wait_for 10 "libvirtd is gone" on sh -c '! kill -0 "$(cat /run/libvirtd.pid)" 2>/dev/null'
on rm -rf /var/cache/libvirt/qemu/capabilities
on sh -c "mkdir /var/lib/libvirt/huge; mount -t hugetlbfs hugetlbfs /var/lib/libvirt/huge"
host_libvirt_up a
host_warm
before=$(host_state)
blank_image tiny.img

nothing_was_made() { equal "nothing was made" "$(host_state)" "$before"; }
file() { # NODES from stdin
    { printf 'cluster: lab\nimages: { tiny: { file: tiny.img } }\ndefaults: { image: tiny, ready: none, memory: 128M }\nnodes:\n'; cat; } >virtopo.yaml
}
# The findings of plan, and of up, which changes nothing: as in stdin, which is how they are shown without the quoted lines.
finds() { # OPTIONS...
    local wanted count
    wanted=$(cat)
    count=$(grep -c '^virtopo.yaml' <<<"$wanted")
    exits 1 plan "$@"
    equal "what plan finds" "$(grep -E '^(virtopo.yaml|hint:)' <<<"$ERR")" "$wanted"
    exits 1 up -y "$@"
    equal "what up finds" "$(grep -E '^(virtopo.yaml|hint:)' <<<"$ERR")" "$wanted"
    contains "up counts them" "$ERR" "$count thing$([ "$count" = 1 ] || echo s)"
    nothing_was_made
}

step "the sort of guest"
file <<'Y'
  kvm: { virt: kvm }
  arm: { arch: aarch64 }
  old: { machine: pc-q35-7.3 }
  mode: { cpus: { mode: host-passthrough } }
  many: { cpus: 300 }
Y
finds <<'T'
virtopo.yaml:5:16: error: node 'kvm' wants virt: kvm, which host 'local' cannot do: libvirt offers no KVM there [host-kvm]
hint: write virt: auto (emulated where KVM is missing, and slow), or give the host /dev/kvm: virtualisation on in its firmware, module kvm_intel or kvm_amd loaded
virtopo.yaml:6:16: error: node 'arm' is for aarch64, which host 'local' has no QEMU for [host-arch]
hint: install qemu-system-arm (Debian, Ubuntu) or qemu-system-aarch64 (Fedora) there; it has i686, x86_64
virtopo.yaml:7:19: error: node 'old' wants machine 'pc-q35-7.3', which QEMU for x86_64 on host 'local' does not have [host-machine]
hint: did you mean 'pc-q35-7.1'?
virtopo.yaml:8:25: error: node 'mode' wants CPU mode 'host-passthrough', which host 'local' cannot do: without KVM the CPU is emulated [host-cpu-mode]
hint: write mode: maximum, which is all that can be emulated, or leave it out
virtopo.yaml:9:17: error: node 'many' wants 300 CPUs, and machine 'q35' of host 'local' has 288 at most [host-cpus]
hint: give it fewer CPUs, or another machine type
T

step "what is installed there"
file <<'Y'
  uefi: { firmware: uefi }
  tpm: { tpm: "2.0" }
  share: { shares: [{ source: /srv, target: /srv }] }
Y
finds <<'T'
virtopo.yaml:5:21: error: node 'uefi' starts with UEFI, and host 'local' has no such firmware for x86_64 [host-firmware]
hint: install ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, Arch) there
virtopo.yaml:6:15: error: node 'tpm' wants a TPM, and host 'local' has no swtpm to emulate one [host-tpm]
hint: install swtpm and swtpm-tools there, and start libvirtd anew
virtopo.yaml:7:21: error: node 'share' shares '/srv' by virtiofs, and host 'local' has no virtiofsd [host-virtiofsd]
hint: install virtiofsd there, or write driver: 9p
T

step "CPUs"
file <<'Y'
  model: { cpus: { model: Haswel } }
  feature: { cpus: { model: Haswell, features: { f16cc: force, rdrand: force } } }
  pin: { cpus: { count: 1, pin: { 0: "0-1", emulator: 700 } } }
  numa: { cpus: { count: 1, numa: [{ cpus: 0, memory: 128M, nodes: 9 }] } }
Y
finds <<T
virtopo.yaml:5:27: error: node 'model' wants CPU model 'Haswel', which host 'local' does not know [host-cpu-model]
hint: did you mean 'Haswell'?
virtopo.yaml:6:57: error: node 'feature' names CPU feature 'f16cc', which libvirt on host 'local' does not know [host-cpu-feature]
hint: did you mean 'f16c'?
virtopo.yaml:7:55: error: node 'pin' is pinned to CPU 700, which host 'local' does not have [host-pin]
hint: it has $(on cat /sys/devices/system/cpu/online)
virtopo.yaml:8:36: error: node 'numa' is pinned to NUMA node 9, which host 'local' does not have [host-pin]
hint: it has $(on cat /sys/devices/system/node/online)
T

step "what the emulator lacks keeps a node from starting, as libvirt says too"
file <<'Y'
  a: { cpus: { model: Haswell } }
Y
ok up --no-start
exits 1 plan
matches "what it lacks" "$ERR" "^virtopo.yaml:5:23: error: node 'a' wants CPU model 'Haswell', and the emulated CPU on host 'local' lacks .*hle, .*rtm \\[host-cpu-model\\]\$"
started=$(vir start lab_a 2>&1) && fail "it starts all the same"
contains "libvirt" "$started" "required features: $(sed -n "s/.*local' lacks \(.*\) \[host-cpu-model\]$/\1/p" <<<"$ERR")"
file <<'Y'
  a: { cpus: { model: Nehalem, features: { vme: disable } } }
Y
ok up
ok down -y --prune
nothing_was_made

step "devices"
file <<'Y'
  pci: { devices: { pci: ["0000:ff:1f.7"] } }
  usb: { devices: { usb: ["dead:beef"] } }
  mdev: { devices: { mdev: [4b20d080-1b54-4048-85b3-a6a62d165c01] } }
Y
finds <<'T'
virtopo.yaml:5:27: error: node 'pci' wants PCI device 0000:ff:1f.7, and host 'local' has no IOMMU in use: it cannot give any away [host-iommu]
hint: switch on VT-d or AMD-Vi in its firmware, and on Intel add intel_iommu=on to its kernel's command line
virtopo.yaml:5:27: error: node 'pci' wants PCI device 0000:ff:1f.7, which host 'local' does not have [host-pci]
hint: `lspci -D` on the host lists them
virtopo.yaml:6:27: error: node 'usb' wants USB device dead:beef, which host 'local' does not have [host-usb]
hint: plug it in (`lsusb` on the host lists what is there), or write startup: optional
virtopo.yaml:7:29: error: node 'mdev' wants mediated device 4b20d080-1b54-4048-85b3-a6a62d165c01, which host 'local' does not have [host-mdev]
hint: make it on the host (mdevctl start), `virsh nodedev-list --cap mdev` lists those that are there
T

step "memory"
total=$(on awk '/^MemTotal/ {print $2}' /proc/meminfo)
file <<'Y'
  big: { memory: 8T }
Y
exits 1 plan
matches "more than there is" "$ERR" "^virtopo.yaml:5:18: error: node 'big' wants 8 TiB of memory, and host 'local' has [0-9.]+ [GT]iB \[host-memory\]\$"
[ "$total" -lt $((8 << 30)) ] || fail "this host has 8 TiB: the test needs more"
ok plan --no-start

step "what only a start needs does not keep a node from being made"
file <<'Y'
  a:
    cpus: { count: 1, pin: { 0: 700 } }
    memory: { size: 2G, hugepages: 2M }
    devices: { usb: ["dead:beef"] }
Y
ok up --no-start
exits 1 up -y
matches "up says what is missing" "$ERR" "wants 1024 huge pages of 2 MiB, and host 'local' has [0-9]+ free"
matches "and all else" "$ERR" "3 things are in the way"
ok down -y --prune
nothing_was_made

step "huge pages that are there"
huge_pages 40
free=$(free_huge_pages)
file <<'Y'
  a: { memory: { size: 64M, hugepages: true } }
Y
ok up
contains "it runs" "$(vir list --name)" lab_a
equal "in huge pages" "$(free_huge_pages)" $((free - 32))
plans
free=$(((free - 32) / 2 * 2))
file <<Y
  a: { memory: { size: 64M, hugepages: true } }
  b: { count: 2, memory: { size: $((free + 24))M, hugepages: 2M } }
Y
exits 1 up -y
matches "those of a are taken" "$ERR" "^virtopo.yaml:6:[0-9]+: error: node 'b-1' and 1 more want $((free + 24)) huge pages of 2 MiB, and host 'local' has [0-9]+ free \[host-hugepages\]\$"
more=$(sed -n "s/^hint: make more: //p" <<<"$ERR")
matches "how to get more" "$more" "^virsh -c 'qemu:///system' allocpages --pagesize 2048KiB --pagecount 2[34] --add --all\$"
on sh -c "$more" >/dev/null
ok up
step "a restart gives its own back"
sed -i 's/  a: {/& cpus: 2,/' virtopo.yaml
plans "^~ +node +a +cpus +1 -> 2 +restart"
ok down -y --prune
nothing_was_made
