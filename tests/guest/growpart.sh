#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cloud-utils' growpart DISK NUMBER for the tiny guest, whose table is a DOS one without extended partitions.
disk=$1 number=$2
at=$((446 + 16 * (number - 1)))
read -r sectors <"/sys/class/block/${disk##*/}/size"
read -r start <"/sys/class/block/${disk##*/}$number/start"
read -r old <"/sys/class/block/${disk##*/}$number/size"
length=$((sectors - start))
if [ $((length - old)) -lt 2048 ]; then
    echo "NOCHANGE: partition $number is size $old. it cannot be grown"
    exit 1
fi
# shellcheck disable=SC2059
printf "$(printf '\\x%02x' $((length & 255)) $((length >> 8 & 255)) $((length >> 16 & 255)) $((length >> 24 & 255)))" |
    dd of="$disk" bs=1 seek=$((at + 12)) conv=notrunc 2>/dev/null || exit 2
sync
partx -u --nr "$number" "$disk" || exit 2
echo "CHANGED: partition=$number start=$start old: size=$old end=$((start + old - 1)) new: size=$length end=$((start + length - 1))"
