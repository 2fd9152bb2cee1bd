#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# The only program of the installation medium: takes answers, makes the first disk a tiny guest, powers off.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/$module" 2>/dev/null; done </modules/order

say() { echo "installer: $*"; }
word() { for word in $(cat /proc/cmdline); do case $word in "$1"*) echo "${word#"$1"}" ;; esac; done | tail -1; }

# An answer is a line "d-i installer/KEY TYPE VALUE", in whichever file the answers came.
answer() { sed -n "s,^d-i installer/$1 [a-z]* ,,p" /answers.txt 2>/dev/null | tail -1; }

# As a real one: asks, and waits for somebody to answer. With installer/on-error it does that instead.
give_up() {
    say "ERROR: $*"
    case $(answer on-error) in
    poweroff) poweroff -f ;;
    *) say "Press enter to continue" && read -r _ && poweroff -f ;;
    esac
    sleep 1000000
}

# LABEL FOLDER: mounts the medium of that name, which may be in capitals.
medium() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        for disk in /sys/block/*; do
            case $(dd if="/dev/${disk##*/}" bs=1 skip=32808 count=32 2>/dev/null) in
            "$1"\ * | "$(echo "$1" | tr a-z A-Z)"\ *) mount -t iso9660 -o ro "/dev/${disk##*/}" "$2" && return ;;
            esac
        done
        sleep 1
    done
    return 1
}

find_answers() {
    kickstart=$(word inst.ks=file:)
    if [ "$kickstart" ]; then
        from=kickstart && cp "$kickstart" /answers.txt
    elif [ "$(word ds=nocloud)" ] || grep -q autoinstall /proc/cmdline; then
        from=autoinstall && medium cidata /answers && grep -q '^instance-id:' /answers/meta-data &&
            sed -n 's/^ *# d-i/d-i/p' /answers/user-data >/answers.txt
    elif [ -e /preseed.cfg ]; then
        from=preseed && cp /preseed.cfg /answers.txt
    else
        from=medium && medium ANSWERS /answers && cp /answers/answers.txt /answers.txt
    fi || give_up "no answers ($from)"
    say "answers: $from"
    while read -r line; do
        case $line in
        'd-i installer/'*) ;;
        '' | '#'*) ;;
        *) give_up "line not understood: $line" ;;
        esac
    done </answers.txt
}

find_system() {
    system=/system
    [ -d /system ] || { medium TINY-INSTALLER /medium && system=/medium/system; } || give_up "no system to install"
}

put32() {
    bytes=
    for shift in 0 8 16 24; do bytes=$bytes\\$(printf %03o $(($2 >> shift & 255))); done
    printf "$bytes" | dd of=/dev/vda bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# MBR | /boot with the boot loader | the root file system, last so that it can grow.
partition() {
    sectors=$(cat /sys/block/vda/size) || give_up "no disk"
    [ "$sectors" -ge 300000 ] || give_up "the disk is too small: $sectors sectors"
    dd if=/lib/mbr.bin of=/dev/vda conv=notrunc 2>/dev/null
    put32 446 128; put32 450 131; put32 454 2048; put32 458 131072
    put32 462 0; put32 466 131; put32 470 133120; put32 474 $((sectors - 133120))
    printf '\125\252' | dd of=/dev/vda bs=1 seek=510 conv=notrunc 2>/dev/null
    sync
    blockdev --rereadpt /dev/vda || give_up "the partition table cannot be read"
    until [ -b /dev/vda2 ]; do usleep 100000; done
}

format() {
    # by path: the shell has an applet of that name
    /bin/mke2fs -q -F -t ext4 -O ^64bit,^metadata_csum /dev/vda1 && /bin/mke2fs -q -F -t ext4 -m 0 -L virtopo-guest /dev/vda2 ||
        give_up "the disk cannot be formatted"
    mount -t ext4 /dev/vda2 /target && mkdir /target/boot && mount -t ext4 /dev/vda1 /target/boot || give_up "cannot mount"
}

copy_system() {
    tar -xzf $system/root.tar.gz -C /target || give_up "cannot unpack the system"
    cp $system/vmlinuz $system/initrd /target/boot/ || give_up "cannot copy the kernel"
    echo "$from: $(answer motd)" >/target/etc/installed
}

boot_loader() {
    cat >/target/boot/extlinux.conf <<CONFIG
serial 0 115200
default guest
prompt 0
timeout 0
label guest
  kernel vmlinuz
  initrd initrd
  append $(cat $system/options)
CONFIG
    extlinux --install /target/boot >/dev/null 2>&1 || give_up "the boot loader cannot be written"
}

end() {
    umount /target/boot /target
    sync
    say "finished"
    case $(answer finish) in
    reboot) reboot -f ;;
    halt) halt -f ;;
    panic) echo c >/proc/sysrq-trigger ;;
    hang) sleep 1000000 ;;
    *) poweroff -f ;;
    esac
}

step=0
for work in find_answers find_system partition format copy_system boot_loader end; do
    step=$((step + 1))
    say "step $step of 7: $work"
    $work
    [ "$(answer slow)" != "$work" ] || sleep 1000000
done
