# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# For build.sh --installer: an installation medium that puts the tiny guest on a disk. Laid out as Debian's is,
# and as unattended: README.md says which answers it takes.

installer_packages='extlinux'
# SATA for the medium's drive, which Debian's cloud kernel has not.
installer_kernel=linux-image-amd64

make_installer_initrd() {
    local dir=$work/installer
    mkdir -p "$dir"/{bin,dev,proc,sys,target,medium,answers,lib,lib64}
    cp "$(command -v busybox)" "$dir/bin/busybox"
    for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$dir/bin/$applet"; done
    ln -s bin "$dir/sbin"
    rm -f "$dir/bin/mke2fs"
    copy_program "$(command -v mke2fs)" /bin/mke2fs "$dir"
    copy_program "$1/usr/bin/extlinux" /bin/extlinux "$dir"
    cp "$1/usr/lib/syslinux/mbr/mbr.bin" "$dir/lib/mbr.bin"
    install -m 755 "$here/install.sh" "$dir/init"
    copy_modules "$dir/modules" virtio_pci virtio_blk virtio_scsi sd_mod sr_mod ahci isofs crc32c_generic ext4
    find "$dir" -exec touch -h -d "@$epoch" {} +
    (cd "$dir" && find . | sort | busybox cpio -o -H newc 2>/dev/null) | gzip -9n >"$work/initrd.gz"
}

make_installer() {
    local iso=$work/iso
    command -v xorriso >/dev/null || die "not installed: xorriso"
    mkdir -p "$iso/install.amd" "$iso/boot" "$iso/system"
    make_installer_initrd "$work/unpacked"
    cp "$vmlinuz" "$iso/install.amd/vmlinuz"
    cp "$work/initrd.gz" "$iso/install.amd/initrd.gz"
    # One file under two names, as on many media.
    ln "$iso/install.amd/vmlinuz" "$iso/boot/linux"
    ln -s ../install.amd/initrd.gz "$iso/boot/initrd"
    cp "$work/initrd" "$iso/system/initrd"
    cp "$vmlinuz" "$iso/system/vmlinuz"
    printf '%s' "$options $spared" >"$iso/system/options"
    tar -C "$work/root" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -czf "$iso/system/root.tar.gz" .
    find "$iso" -exec touch -h -d "@$epoch" {} +
    SOURCE_DATE_EPOCH=$epoch xorriso -as mkisofs -quiet -R -J -V TINY-INSTALLER -o "$work/image.iso" "$iso" 2>"$work/xorriso.log" ||
        { cat "$work/xorriso.log" >&2; die "xorriso failed"; }
}
