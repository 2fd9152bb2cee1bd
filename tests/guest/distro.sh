#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds a full guest of the machine's own distribution (Debian or Ubuntu) with systemd, OpenSSH and the real
# cloud-init, as cloud images have them: a qcow2 image that boots by BIOS. See README.md.
#
#   distro.sh [-o FILE] [--cache DIR] [--rebuild]
#
# FILE defaults to $OUT; without either, the path of the image in the cache is printed.
set -eu
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/partition.sh"
out=${OUT:-}
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/virtopo-guest
rebuild=
disk_mib=2048
boot_mib=128

die() { printf 'distro.sh: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    -o) out=${2:?} && shift ;;
    --cache) cache=${2:?} && shift ;;
    --rebuild) rebuild=1 ;;
    *) die "unknown option '$1'" ;;
    esac
    shift
done

require() {
    local tool missing=''
    for tool in apt-get dpkg-deb flock mke2fs mmdebstrap qemu-img; do
        command -v "$tool" >/dev/null || missing+=" $tool"
    done
    [ -z "$missing" ] || die "not installed:$missing (packages mmdebstrap e2fsprogs qemu-utils)"
    [ "$(dpkg --print-architecture)" = amd64 ] || die "the guest is made for amd64 only"
}

make_root() {
    local kernel sources
    # shellcheck disable=SC1091
    . /etc/os-release
    case $ID in
    debian) kernel=linux-image-cloud-amd64 ;;
    ubuntu) kernel=linux-image-virtual ;;
    *) die "made on Debian and Ubuntu only, not on '$ID'" ;;
    esac
    # From where this machine has its packages, but not from others than the distribution.
    # shellcheck disable=SC2016
    sources=$(apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: ${ID^}" | sort -u)
    [ -n "$sources" ] || die "apt has no package lists of ${ID^}: apt-get update"
    # What a cloud image has, and nothing that asks the network at boot.
    # shellcheck disable=SC2016
    mmdebstrap --quiet --variant=apt \
        --include="$kernel,systemd-sysv,udev,dbus,cloud-init,cloud-guest-utils,netplan.io,systemd-resolved,openssh-server,e2fsprogs,iproute2,iputils-ping,libnss-resolve,sudo,tzdata" \
        --aptopt='Apt::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='printf "LABEL=virtopo-root / ext4 defaults 0 1\n" >"$1/etc/fstab"' \
        --customize-hook='printf "LANG=C.UTF-8\n" >"$1/etc/default/locale"' \
        --customize-hook='rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/hostname" "$1/etc/resolv.conf"; : >"$1/etc/machine-id"' \
        --customize-hook='ln -s ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"' \
        --customize-hook='chroot "$1" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer' \
        "$VERSION_CODENAME" "$work/root" - <<<"$sources" >&2 || die "mmdebstrap failed"
}

fetch_loader() {
    mkdir -p "$work/debs" "$work/tools"
    (cd "$work/debs" && apt-get -q -o APT::Sandbox::User=root download syslinux syslinux-common mtools >"$work/apt.log" 2>&1) ||
        { cat "$work/apt.log" >&2; die "cannot download the boot loader"; }
    for package in "$work"/debs/*.deb; do dpkg-deb -x "$package" "$work/tools"; done
}

# 1 MiB | FAT with syslinux, kernel, initramfs | ext4 root, last so that it can grow.
make_disk() {
    local disk=$work/disk tools=$work/tools/usr root_mib=$((disk_mib - boot_mib - 1))
    export PATH=$tools/bin:$PATH MTOOLS_SKIP_CHECK=1
    truncate -s "${disk_mib}M" "$disk"
    dd if="$tools/lib/syslinux/mbr/mbr.bin" of="$disk" bs=440 count=1 conv=notrunc status=none
    put_partition "$disk" 0 0x80 0x0e 1 "$boot_mib"
    put_partition "$disk" 1 0x00 0x83 $((1 + boot_mib)) "$root_mib"
    printf '\x55\xaa' | dd of="$disk" bs=1 seek=510 conv=notrunc status=none
    cat >"$work/syslinux.cfg" <<'CONFIG'
serial 0 115200
default guest
prompt 0
timeout 0
label guest
  kernel vmlinuz
  initrd initrd
  append root=LABEL=virtopo-root ro console=ttyS0 net.ifnames=0 mitigations=off
CONFIG
    mformat -i "$disk@@1M" -T $((boot_mib * 2048)) -h 64 -s 32 -H 2048 -v BOOT ::
    syslinux --offset 1048576 --install "$disk"
    cp -L "$work"/root/boot/vmlinuz-* "$work/vmlinuz"
    cp -L "$work"/root/boot/initrd.img-* "$work/initrd"
    mcopy -i "$disk@@1M" "$work/vmlinuz" "$work/initrd" "$work/syslinux.cfg" ::/
    mke2fs -q -t ext4 -L virtopo-root -m 0 -E offset=$(((1 + boot_mib) * 1048576)) -d "$work/root" "$disk" "${root_mib}M" \
        2>"$work/mke2fs.log" || { cat "$work/mke2fs.log" >&2; die "mke2fs failed"; }
    qemu-img convert -f raw -O qcow2 "$disk" "$work/image.qcow2"
}

[ "$(id -u)" = 0 ] || die "needs root (owners of the files in the image)"
require
mkdir -p "$cache"
exec 9>"$cache/distro.lock"
flock 9
# Made anew when this file or the distribution's release changes, not with every update.
image=$cache/distro-$(cat "$here"/{distro,partition}.sh /etc/debian_version /etc/os-release | sha256sum | cut -c1-16).qcow2
if [ -n "$rebuild" ] || [ ! -s "$image" ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/virtopo-distro.XXXXXXXX")
    trap 'rm -rf --one-file-system "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    make_root
    fetch_loader
    make_disk
    rm -f "$cache"/distro-*.qcow2
    mv "$work/image.qcow2" "$cache/.distro-new"
    mv "$cache/.distro-new" "$image"
fi
if [ -n "$out" ]; then
    cp --reflink=auto "$image" "$out.tmp.$$"
    mv -f "$out.tmp.$$" "$out"
else
    printf '%s\n' "$image"
fi
