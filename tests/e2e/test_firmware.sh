#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What starts the guest: BIOS on both machines, UEFI, Secure Boot, a kernel on the host; what the firmware tells
# of the machine; variables of the firmware that go with the node.
# minutes: 8
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
boot=$SCRATCH/boot
mkdir -m 755 "$boot"
: >"$boot/vmlinuz"
: >"$boot/initrd"
yaml <<Y
cluster: hw
images: { hw: { file: hw.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: hw, memory: 512M, networks: [lan] }
nodes:
  uefi: { firmware: uefi }
  secure: { firmware: uefi-secure }
  pc:
    machine: pc
    memory: 256M
    smbios: { system: { manufacturer: ACME, product: Rocket, serial: R-42 } }
  direct:
    memory: 256M
    kernel: $boot/vmlinuz
    initrd: $boot/initrd
    cmdline: console=ttyS0 net.ifnames=0 quiet by-virtopo
Y
ok up pc uefi secure
settled pc uefi secure
nvram() { on sh -c 'cd /var/lib/libvirt/qemu/nvram 2>/dev/null && ls' | xargs; }

step "UEFI"
holds "it was started by UEFI" guest uefi test -d /sys/firmware/efi
secure() { guest "$1" 'mount -t efivarfs none /sys/firmware/efi/efivars 2>/dev/null; cd /sys/firmware/efi/efivars; tail -c 1 SecureBoot-* | od -An -tu1' | xargs; }
equal "without Secure Boot" "$(secure uefi)" 0
holds "Secure Boot: UEFI too" guest secure test -d /sys/firmware/efi
equal "and secure" "$(secure secure)" 1
contains "the kernel is locked down" "$(guest secure 'mount -t securityfs none /sys/kernel/security; cat /sys/kernel/security/lockdown')" "[integrity]"
equal "each has variables of its own" "$(nvram)" "hw_secure_VARS.fd hw_uefi_VARS.fd"

step "BIOS, on a PC of old"
guest pc 'test ! -e /sys/firmware/efi'
contains "its chip set" "$(guest_pci pc)" "8086:1237"
equal "what the firmware says of the machine" "$(guest pc 'cd /sys/class/dmi/id; cat sys_vendor product_name product_serial' | xargs)" "ACME Rocket R-42"

step "a kernel on the host: the one that the guest has itself"
guest pc 'mount -t vfat -o ro /dev/vda1 /mnt'
for file in vmlinuz initrd; do
    VT_QUIET=1 vt ssh pc -- cat /mnt/$file 2>/dev/null # NUL bytes are no text
    cp "$SCRATCH/out" "$boot/$file"
done
ok up
contains "with its command line" "$(guest direct cat /proc/cmdline)" by-virtopo

step "variables stay over a stop, and go with the node"
plans
vir destroy hw_uefi
ok up
holds "it starts again" guest uefi test -d /sys/firmware/efi
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs)$(nvram)" ""
holds "the kernel is" test -s "$boot/vmlinuz" -a -s "$boot/initrd"
