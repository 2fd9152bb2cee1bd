#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# First program of the guest: finds the root file system, lets it have the whole disk, hands over.
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/disk/$module" 2>/dev/null; done </modules/disk/order

root=
tries=0
while root=$(findfs LABEL=virtopo-guest 2>/dev/null); [ -z "$root" ]; do
    [ $((tries += 1)) -lt 500 ] || { echo "virtopo-guest: no root file system"; exec sh; }
    [ "$tries" != 1 ] || while read -r module; do insmod "/modules/scsi/$module" 2>/dev/null; done </modules/scsi/order
    usleep 20000
done

# A disk that grew: the partition's length in the partition table is one little-endian number.
part=${root##*/}
disk=$(readlink -f "/sys/class/block/$part/..")
disk=${disk##*/}
start=$(cat "/sys/class/block/$part/start")
size=$(($(cat "/sys/class/block/$disk/size") - start))
[ "$size" -le 4294967295 ] || size=4294967295
if [ "$size" -gt $(($(cat "/sys/class/block/$part/size") + 2047)) ]; then
    bytes=
    for shift in 0 8 16 24; do bytes=$bytes\\$(printf %03o $((size >> shift & 255))); done
    printf "$bytes" | dd of="/dev/$disk" bs=1 seek=474 conv=notrunc 2>/dev/null
    sync
    blockdev --rereadpt "/dev/$disk"
    echo "$root" >/dev/.grown
fi

mount -t ext4 -o noatime,noinit_itable "$root" /root || { echo "virtopo-guest: cannot mount $root"; exec sh; }
for dir in dev proc sys; do mount --move /$dir /root/$dir; done
exec switch_root /root /sbin/init
