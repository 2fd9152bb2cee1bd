# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# For build.sh --hardware: what the tiny guest has more to show the hardware that it was given. The full kernel
# with drivers for all that QEMU emulates, the QEMU guest agent, and a boot by UEFI, also with Secure
# Boot: the distribution's signed shim, GRUB and kernel, so its modules keep their signatures.

hardware_packages='qemu-guest-agent shim-signed grub-efi-amd64-signed'
# Loaded by the first program where the root file system is not on a virtio disk.
hardware_disks='xhci_pci ehci_pci uhci_hcd uas usb_storage'
hardware_networks='e1000 e1000e 8139cp vmxnet3'
hardware_modules='sd_mod sr_mod ahci ata_piix nvme xhci_pci ehci_pci uhci_hcd usb_storage usbhid hid_generic psmouse
    9p 9pnet_virtio virtiofs nls_ascii nls_cp437 vfat efivarfs i6300esb iTCO_wdt tpm_tis tpm_crb pvpanic_pci pvpanic_mmio
    snd_hda_intel snd_intel8x0 virtio_mem msr'

hardware_root() {
    local root=$work/root
    copy_program "$work/unpacked/usr/sbin/qemu-ga" /bin/qemu-ga
    # What udev would do: the agent's channel by its name.
    cat >"$root/bin/hardware" <<'SCRIPT'
#!/bin/sh
for port in /sys/class/virtio-ports/*; do
    [ "$(cat "$port/name" 2>/dev/null)" != org.qemu.guest_agent.0 ] ||
        qemu-ga -d -m virtio-serial -p "/dev/${port##*/}" -f /run/qemu-ga.pid -t /run
done
SCRIPT
    chmod 755 "$root/bin/hardware"
}

# GRUB as Debian signs it looks for its configuration in EFI/debian.
hardware_boot() { # DISK@@OFFSET COMMAND LINE
    local efi=$work/efi
    mkdir -p "$efi/EFI/BOOT" "$efi/EFI/debian"
    cp "$work/unpacked/usr/lib/shim/shimx64.efi.signed" "$efi/EFI/BOOT/BOOTX64.EFI"
    cp "$work/unpacked/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$efi/EFI/BOOT/grubx64.efi"
    cat >"$efi/EFI/debian/grub.cfg" <<CONFIG
linux /vmlinuz $2
initrd /initrd
boot
CONFIG
    find "$efi" -exec touch -h -d "@$epoch" {} +
    mcopy -s -m -i "$1" "$efi/EFI" ::/
}
