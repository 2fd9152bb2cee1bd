#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the tiny guest: a qcow2 image made of the distribution's own kernel, busybox and dropbear that
# boots in seconds and acts on a NoCloud seed. See README.md.
#
#   build.sh [-o FILE] [--cache DIR] [--kernel PACKAGE] [--modules "NAME..."] [--hardware | --installer] [--rebuild]
#
# FILE defaults to $OUT; without either, the path of the image in the cache is printed.
set -eu
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-}
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/virtopo-guest
kernel=
rebuild=
extra_modules=
hardware=
installer=
suffix=qcow2
epoch=1700000000
disk_mib=256

. "$here/partition.sh"
. "$here/hardware.sh"
. "$here/installer.sh"

die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    -o) out=${2:?} && shift ;;
    --cache) cache=${2:?} && shift ;;
    --kernel) kernel=${2:?} && shift ;;
    --modules) extra_modules=${2:?} && shift ;;
    --hardware) hardware=1 ;;
    --installer) installer=1 suffix=iso ;;
    --rebuild) rebuild=1 ;;
    *) die "unknown option '$1'" ;;
    esac
    shift
done

if [ -n "$hardware" ]; then
    kernel=${kernel:-linux-image-amd64}
    extra_modules="$extra_modules $hardware_modules"
else
    hardware_packages='' hardware_disks='' hardware_networks=''
fi
if [ -n "$installer" ]; then kernel=${kernel:-$installer_kernel}; else installer_packages=''; fi

require() {
    local tool missing=''
    for tool in apt-cache apt-get busybox depmod dpkg-deb dropbear dropbearconvert dropbearkey flock gcc ldd mke2fs modprobe partx qemu-img resize2fs strip; do
        command -v "$tool" >/dev/null || missing+=" $tool"
    done
    [ -z "$missing" ] || die "not installed:$missing (packages busybox-static dropbear-bin e2fsprogs gcc kmod qemu-utils)"
    ! ldd "$(command -v busybox)" >/dev/null 2>&1 || die "busybox is not static: install busybox-static"
    [ -e /usr/include/yaml.h ] || die "not installed: libyaml-dev"
    [ "$(dpkg --print-architecture)" = amd64 ] || die "the tiny guest is made for amd64 only"
}

# What apt and dpkg know, without asking them: unchanged, the answers are those of the last time.
package_state() {
    stat -c '%n %Y %s' /var/lib/dpkg/status /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* 2>/dev/null
}

# Prints NAME=VERSION of each package that apt could download.
candidates() {
    apt-cache policy "$@" 2>/dev/null |
        awk '/^[^ ]/ {name = $1; sub(":$", "", name)} /^ *Candidate:/ && $2 != "(none)" {print name "=" $2}'
}

# A metapackage names the kernel of today: follow it to the package that holds the image.
kernel_package() {
    local known meta real
    # shellcheck disable=SC2086
    set -- ${kernel:-linux-image-cloud-amd64 linux-image-kvm linux-image-virtual linux-image-generic linux-image-amd64}
    known=$(candidates "$@")
    for meta in "$@"; do
        case $known in *"$meta="*) ;; *) continue ;; esac
        real=$(apt-cache depends "$meta" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
        printf '%s\n' "${real:-$meta}"
        return
    done
    return 1
}

# The packages that are unpacked, never installed, and the versions of all that goes in.
find_packages() {
    local kernel_deb package
    kernel_deb=$(kernel_package) || { apt-get update -q >&2 && kernel_deb=$(kernel_package); } ||
        die "apt knows no kernel package ${kernel:-}: run apt-get update"
    # shellcheck disable=SC2086
    versions=$(candidates "$kernel_deb" "${kernel_deb/linux-image/linux-modules}" syslinux syslinux-common mtools $hardware_packages $installer_packages)
    for package in "$kernel_deb" syslinux syslinux-common mtools $hardware_packages $installer_packages; do
        case $'\n'$versions in *$'\n'"$package="*) ;; *) die "apt knows no package '$package'" ;; esac
    done
    packages=$(awk -F= '{print $1}' <<<"$versions")
    versions+=" $(dpkg-query -W -f '${Package}=${Version} ' busybox-static dropbear-bin e2fsprogs libc6 libyaml-dev openssh-sftp-server 2>/dev/null)" || true
}

fetch_packages() {
    local package
    mkdir -p "$work/debs" "$work/unpacked"
    # shellcheck disable=SC2086
    (cd "$work/debs" && apt-get -q -o APT::Sandbox::User=root download $packages >"$work/apt.log" 2>&1) ||
        { cat "$work/apt.log" >&2; die "cannot download: $packages"; }
    for package in "$work"/debs/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
    modules=$(echo "$work"/unpacked/lib/modules/*)
    [ -d "$modules" ] || { modules=$(echo "$work"/unpacked/usr/lib/modules/*) && ln -s usr/lib "$work/unpacked/lib"; }
    version=${modules##*/}
    depmod -b "$work/unpacked" "$version"
    vmlinuz=$work/unpacked/boot/vmlinuz-$version
    [ -f "$vmlinuz" ] || die "no kernel in: $packages"
}

# Copies modules with all they need, in loading order; what is built in or absent costs nothing.
copy_modules() {
    local to=$1 name file base
    shift
    mkdir -p "$to"
    : >"$to/order"
    for name in "$@"; do
        modprobe -d "$work/unpacked" -S "$version" --show-depends "$name" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p'
    done | awk '!seen[$0]++' | while read -r file; do
        base=${file##*/}
        case $base in
        *.xz) xz -dc "$file" >"$to/${base%.xz}" && base=${base%.xz} ;;
        *.zst) zstd -qdc "$file" >"$to/${base%.zst}" && base=${base%.zst} ;;
        *.gz) gzip -dc "$file" >"$to/${base%.gz}" && base=${base%.gz} ;;
        *) cp "$file" "$to/" ;;
        esac
        # Takes the signature off too: where nobody asks for it, checking takes time.
        [ -n "$hardware" ] || strip --strip-debug "$to/$base"
        printf '%s\n' "$base" >>"$to/order"
    done
}

# A program with the shared libraries it names: PROGRAM TO [ROOT].
copy_program() {
    local program=$1 to=$2 root=${3:-$work/root} lib
    mkdir -p "$root$(dirname "$to")"
    cp -L "$program" "$root$to"
    for lib in $(ldd "$program" 2>/dev/null | grep -o '/[^ )]*' | sort -u); do
        mkdir -p "$root/lib" "$root/lib64"
        case $lib in
        */ld-linux*) cp -L "$lib" "$root/lib64/" ;;
        /*.so*) cp -L "$lib" "$root/lib/" ;;
        esac
    done
}

make_root() {
    local root=$work/root applet
    mkdir -p "$root"/{bin,dev,proc,sys,run,tmp,mnt,home,lib/modules,usr,usr/local/bin,usr/local/sbin,etc/dropbear,etc/acpi/PWRF,var/log,var/lib/virtopo-guest,root}
    chmod 700 "$root/root"
    ln -s bin "$root/sbin"
    ln -s ../bin "$root/usr/bin"
    ln -s ../bin "$root/usr/sbin"
    ln -s ../lib "$root/usr/lib"
    ln -s ../run "$root/var/run"
    cp "$(command -v busybox)" "$root/bin/busybox"
    for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
    copy_program "$(command -v dropbear)" /bin/dropbear
    copy_program "$(command -v dropbearkey)" /bin/dropbearkey
    copy_program "$(command -v dropbearconvert)" /bin/dropbearconvert
    copy_program "$(command -v resize2fs)" /bin/resize2fs
    copy_program "$(command -v mke2fs)" /bin/mkfs.ext4
    copy_program "$(command -v partx)" /bin/partx
    [ ! -x /usr/lib/openssh/sftp-server ] || copy_program /usr/lib/openssh/sftp-server /lib/sftp-server
    gcc -std=c17 -D_GNU_SOURCE -O2 -s -static -o "$root/bin/seed" "$here"/{seed,source,script}.c -lyaml
    install -m 755 "$here/init.sh" "$root/bin/init"
    install -m 755 "$here/cloud-init.sh" "$root/bin/cloud-init"
    install -m 755 "$here/growpart.sh" "$root/bin/growpart"
    install -m 755 "$here/udhcpc.sh" "$root/etc/udhcpc.sh"
    printf '#!/bin/sh\nexec poweroff\n' >"$root/etc/acpi/PWRF/00000080"
    chmod 755 "$root/etc/acpi/PWRF/00000080"
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'root:*:19000:0:99999:7:::' >"$root/etc/shadow"
    printf '%s\n' root:x:0: tty:x:5: >"$root/etc/group"
    chmod 600 "$root/etc/shadow"
    echo /bin/sh >"$root/etc/shells"
    echo tiny >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
    printf 'NAME="virtopo tiny guest"\nID=virtopo-guest\n' >"$root/etc/os-release"
    # shellcheck disable=SC2016
    printf 'export PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin HOME=${HOME:-/root}\nPS1="\\h:\\w# "\n' >"$root/etc/profile"
    # shellcheck disable=SC2086
    copy_modules "$root/lib/modules/network" virtio_net isofs $hardware_networks
    copy_modules "$root/lib/modules/scsi" virtio_scsi sd_mod sr_mod
    # shellcheck disable=SC2086
    copy_modules "$root/lib/modules/later" evdev button virtio_balloon virtio_console virtiofs overlay $extra_modules
    [ -z "$hardware" ] || hardware_root
}

make_initramfs() {
    local dir=$work/early
    mkdir -p "$dir"/{bin,dev,proc,sys,root}
    cp "$(command -v busybox)" "$dir/bin/busybox"
    for applet in sh mount insmod findfs usleep readlink cat dd printf sync blockdev switch_root; do
        ln -s busybox "$dir/bin/$applet"
    done
    install -m 755 "$here/init-early.sh" "$dir/init"
    copy_modules "$dir/modules/disk" virtio_pci virtio_blk virtio_rng crc32c_generic ext4
    # shellcheck disable=SC2086
    copy_modules "$dir/modules/scsi" virtio_scsi sd_mod ahci ata_piix nvme $hardware_disks
    find "$dir" -exec touch -h -d "@$epoch" {} +
    (cd "$dir" && find . | sort | busybox cpio -o -H newc 2>/dev/null) >"$work/initrd"
}

# What the guest's kernel is told: `spared` only where it is not checked what it runs.
kernel_options() {
    options='console=ttyS0 quiet loglevel=4 mitigations=off audit=0 panic=1 net.ifnames=0 tsc=nowatchdog scsi_mod.scan=sync random.trust_cpu=on edd=off apparmor=0 cryptomgr.notests'
    options+=" 8250.nr_uarts=$((hardware ? 4 : 2))${hardware:+ memhp_default_state=online}"
    spared='initcall_blacklist=init_kprobe_trace,crypto_kdf108_init,load_system_certificate_list'
}

# 1 MiB | FAT with syslinux, kernel, initramfs | ext4 root, last so that it can grow.
make_disk() {
    local disk=$work/disk tools=$work/unpacked/usr boot_mib root_mib
    boot_mib=$((($(stat -c %s "$vmlinuz") + $(stat -c %s "$work/initrd")) / 1048576 + 3 + (hardware ? 8 : 0)))
    root_mib=$((disk_mib - boot_mib - 1))
    export PATH=$tools/bin:$PATH MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH=$epoch E2FSPROGS_FAKE_TIME=$epoch

    truncate -s "${disk_mib}M" "$disk"
    dd if="$tools/lib/syslinux/mbr/mbr.bin" of="$disk" conv=notrunc status=none
    put32 "$disk" 440 $((0x76697274))
    put_partition "$disk" 0 0x80 0x0e 1 "$boot_mib"
    put_partition "$disk" 1 0x00 0x83 $((1 + boot_mib)) "$root_mib"
    printf '\x55\xaa' | dd of="$disk" bs=1 seek=510 conv=notrunc status=none

    cat >"$work/syslinux.cfg" <<CONFIG
serial 0 115200
default guest
prompt 0
timeout 0
label guest
  kernel vmlinuz
  initrd initrd
  append $options $spared
CONFIG
    cp "$vmlinuz" "$work/vmlinuz"
    touch -d "@$epoch" "$work/vmlinuz" "$work/initrd" "$work/syslinux.cfg"
    mformat -i "$disk@@1M" -T $((boot_mib * 2048)) -h 64 -s 32 -H 2048 -N 76697274 -v BOOT ::
    syslinux --offset 1048576 --install "$disk"
    mcopy -m -i "$disk@@1M" "$work/vmlinuz" "$work/initrd" "$work/syslinux.cfg" ::/
    [ -z "$hardware" ] || hardware_boot "$disk@@1M" "$options"

    find "$work/root" -exec touch -h -d "@$epoch" {} +
    chown -R 0:0 "$work/root"
    mke2fs -q -t ext4 -L virtopo-guest -U 76697274-6f70-6f00-8000-677565737400 -m 0 -b 4096 -J size=4 \
        -E hash_seed=76697274-6f70-6f00-8000-677565737401,lazy_itable_init=0,offset=$(((1 + boot_mib) * 1048576)) \
        -d "$work/root" "$disk" "${root_mib}M" 2>"$work/mke2fs.log" ||
        { cat "$work/mke2fs.log" >&2; die "mke2fs failed"; }
    qemu-img convert -f raw -O qcow2 "$disk" "$work/image.qcow2"
}

# A copy under a new name, complete or not there.
publish() {
    [ -n "$out" ] || { printf '%s\n' "$image"; return; }
    cp --reflink=auto "$image" "$out.tmp.$$" && mv -f "$out.tmp.$$" "$out"
}

[ "$(id -u)" = 0 ] || die "needs root (owners of the files in the image)"
require
files=$(cat "$here"/{build.sh,hardware.sh,installer.sh,install.sh,partition.sh,init.sh,init-early.sh,udhcpc.sh,growpart.sh,cloud-init.sh,seed.c,source.c,source.h,script.c,script.h} | sha256sum)
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
stamp=$cache/$(printf '%s' "$files $kernel $extra_modules $hardware $installer_packages $(package_state)" | sha256sum | cut -c1-16).stamp
image=$(cat "$stamp" 2>/dev/null) || image=
if [ -n "$rebuild" ] || [ ! -s "$image" ]; then
    find_packages
    image=$cache/$(printf '%s' "$files $versions $extra_modules $hardware$installer_packages" | sha256sum | cut -c1-16).$suffix
fi
if [ -n "$rebuild" ] || [ ! -s "$image" ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/virtopo-guest.XXXXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM HUP
    fetch_packages
    make_root
    make_initramfs
    kernel_options
    if [ -n "$installer" ]; then make_installer; else make_disk; fi
    rm -f "$cache"/*.stamp
    find "$cache" \( -name '*.qcow2' -o -name '*.iso' \) -mtime +30 -delete
    mv "$work/image.$suffix" "$cache/.new"
    mv "$cache/.new" "$image"
fi
printf '%s\n' "$image" >"$stamp"
publish
