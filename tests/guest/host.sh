#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the guest that plays a host: the distribution's full kernel (VLAN, netem, WireGuard, nft bridge …), libvirtd,
# QEMU, SSH and the network tools on an ext4 root, without an init: that is in the tar archive that QEMU hands over as
# opt/virtopo/seed (guesthost.sh of tests/host). See README.md.
#
#   host.sh [-o FOLDER] [--cache DIR] [--rebuild]
#
# The result is a folder of root.qcow2, vmlinuz and initrd, for QEMU's -kernel. Without -o, the path of the one in the
# cache is printed.
set -eu
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/virtopo-guest
rebuild=
disk_mib=2048

# What a host of virtopo has, and what tests look with.
packages=bash,coreutils,mount,iproute2,iputils-ping,nftables,iptables,kmod,openssh-server,procps,tcpdump
packages+=,libvirt-daemon,libvirt-daemon-driver-qemu,libvirt-clients,dnsmasq-base,qemu-system-x86,qemu-utils,busybox-static,ifupdown
# Parts of the kernel's modules that are kept, as paths below kernel/.
kept=(net crypto lib arch fs/ext4 fs/jbd2 fs/mbcache.ko fs/fuse fs/overlayfs fs/nls drivers/virtio
    drivers/block/virtio_blk.ko drivers/block/loop.ko drivers/firmware/qemu_fw_cfg.ko drivers/char/hw_random drivers/crypto/ccp
    drivers/net/{bonding,team,ipvlan} drivers/net/{dummy,ifb,macsec,macvlan,macvtap,net_failover,tap,tun,veth,virtio_net,vrf,vxlan,wireguard,geneve,mii}.ko
    drivers/net/vxlan drivers/net/wireguard virt)

die() { printf 'host.sh: %s\n' "$*" >&2; exit 1; }

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
    for tool in apt-cache apt-get busybox depmod dpkg-deb flock mke2fs mmdebstrap modprobe qemu-img; do
        command -v "$tool" >/dev/null || missing+=" $tool"
    done
    [ -z "$missing" ] || die "not installed:$missing (packages mmdebstrap busybox-static e2fsprogs kmod qemu-utils)"
    [ "$(dpkg --print-architecture)" = amd64 ] || die "the guest is made for amd64 only"
    # shellcheck disable=SC1091
    . /etc/os-release
    case $ID in
    debian) kernel=linux-image-amd64 ;;
    ubuntu) kernel=linux-image-generic ;;
    *) die "made on Debian and Ubuntu only, not on '$ID'" ;;
    esac
}

make_root() {
    local sources
    # From where this machine has its packages, but not from others than the distribution.
    # shellcheck disable=SC2016
    sources=$(apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: ${ID^}" | sort -u)
    [ -n "$sources" ] || die "apt has no package lists of ${ID^}: apt-get update"
    mmdebstrap --quiet --variant=essential --include="$packages" \
        --aptopt='Apt::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/iso-codes/*' \
        "$VERSION_CODENAME" "$work/root" - <<<"$sources" >&2 || die "mmdebstrap failed"
}

# The kernel is unpacked, not installed: an initial RAM disk of its own would take longer than all the rest.
fetch_kernel() {
    local real part
    real=$(apt-cache depends "$kernel" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
    mkdir -p "$work/debs" "$work/kernel"
    (cd "$work/debs" && apt-get -q -o APT::Sandbox::User=root download "${real:-$kernel}" >"$work/apt.log" 2>&1 &&
        { [ "$ID" = debian ] || apt-get -q download "${real/image/modules}" "${real/image/modules-extra}" >>"$work/apt.log" 2>&1; }) ||
        { cat "$work/apt.log" >&2; die "cannot download the kernel"; }
    for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/kernel"; done
    modules=$(echo "$work"/kernel/lib/modules/*)
    version=${modules##*/}
    mkdir -p "$work/root/lib/modules/$version/kernel"
    for part in "${kept[@]}"; do
        [ ! -e "$modules/kernel/$part" ] || (cd "$modules" && cp -a --parents "kernel/$part" "$work/root/lib/modules/$version/")
    done
    cp "$modules"/modules.{order,builtin,builtin.modinfo} "$work/root/lib/modules/$version/"
    depmod -b "$work/root" "$version"
}

settle_root() {
    local root=$work/root
    printf '%s\n' libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin >>"$root/etc/passwd"
    printf '%s\n' libvirt-qemu:x:64055: kvm:x:64056: libvirt:x:64057: >>"$root/etc/group"
    mkdir -p "$root"/etc/libvirt "$root"/var/log/libvirt/qemu "$root"/root/.ssh
    # No control groups, and QEMU as libvirt's own user, as on the test hosts of namespaces.
    printf '%s\n' 'auth_unix_ro = "none"' 'auth_unix_rw = "none"' >"$root/etc/libvirt/libvirtd.conf"
    printf '%s\n' 'user = "libvirt-qemu"' 'group = "libvirt-qemu"' 'security_driver = "none"' 'cgroup_controllers = []' >"$root/etc/libvirt/qemu.conf"
    sed -i 's/^root:[^:]*:/root:*:/' "$root/etc/shadow"
    printf '%s\n' '127.0.0.1 localhost' '::1 localhost' >"$root/etc/hosts"
    printf '%s\n' 'auto lo' 'iface lo inet loopback' 'source /etc/network/interfaces.d/*' >"$root/etc/network/interfaces"
    printf '%s\n' 'UsePAM no' 'PasswordAuthentication no' 'PermitRootLogin prohibit-password' 'UseDNS no' 'MaxStartups 100' \
        'HostKey /etc/ssh/ssh_host_ed25519_key' >"$root/etc/ssh/sshd_config.d/host.conf"
    rm -rf "$root"/etc/ssh/ssh_host_* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
}

make_initrd() {
    local dir=$work/early file
    mkdir -p "$dir"/{bin,dev,proc,sys,root,modules}
    cp "$(command -v busybox)" "$dir/bin/busybox"
    for file in sh mount insmod usleep switch_root echo tar; do ln -s busybox "$dir/bin/$file"; done
    for file in virtio_pci virtio_blk crc32c_generic ext4 qemu_fw_cfg; do
        modprobe -d "$work/root" -S "$version" --show-depends "$file" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++' | while read -r file; do
        cp "$file" "$dir/modules/"
        echo "${file##*/}" >>"$dir/modules/order"
    done
    cat >"$dir/init" <<'INIT'
#!/bin/sh
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/$module"; done </modules/order
until [ -b /dev/vda ]; do usleep 20000; done
mount -t ext4 -o noatime,noinit_itable /dev/vda /root || exec sh
tar -C /root -xf /sys/firmware/qemu_fw_cfg/by_name/opt/virtopo/seed/raw || exec sh
for dir in dev proc sys; do mount --move /$dir /root/$dir; done
exec switch_root /root /sbin/init
INIT
    chmod 755 "$dir/init"
    (cd "$dir" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/image/initrd"
}

[ "$(id -u)" = 0 ] || die "needs root (owners of the files in the image)"
require
mkdir -p "$cache"
exec 9>"$cache/host.lock"
flock 9
# Made anew when this file or the distribution's release change, not with every update.
image=$cache/host-$(cat "$here/host.sh" /etc/debian_version /etc/os-release | sha256sum | cut -c1-16)
if [ -n "$rebuild" ] || [ ! -s "$image/root.qcow2" ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/virtopo-hostguest.XXXXXXXX")
    trap 'rm -rf --one-file-system "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    mkdir -p "$work/image"
    make_root
    fetch_kernel
    settle_root
    make_initrd
    cp "$work/kernel/boot/vmlinuz-$version" "$work/image/vmlinuz"
    mke2fs -q -t ext4 -L virtopo-host -m 0 -J size=16 -E lazy_itable_init=1 -d "$work/root" "$work/disk" "${disk_mib}M" 2>"$work/mke2fs.log" ||
        { cat "$work/mke2fs.log" >&2; die "mke2fs failed"; }
    qemu-img convert -f raw -O qcow2 "$work/disk" "$work/image/root.qcow2"
    rm -rf "$cache"/host-*
    mv "$work/image" "$image"
fi
if [ -n "$out" ]; then
    mkdir -p "$out"
    cp --reflink=auto "$image"/* "$out/"
else
    printf '%s\n' "$image"
fi
