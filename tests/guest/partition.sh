# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A DOS partition table, for build.sh and distro.sh: no tool for it is in every installation.

# A 32-bit little-endian number at a byte offset of the disk.
put32() {
    local n=$3
    # shellcheck disable=SC2059
    printf "$(printf '\\x%02x' $((n & 255)) $((n >> 8 & 255)) $((n >> 16 & 255)) $((n >> 24 & 255)))" |
        dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# One entry of the partition table: index, active flag, type, start and length in MiB.
put_partition() {
    local at=$((446 + 16 * $2))
    put32 "$1" $at $(($3))
    put32 "$1" $((at + 4)) $(($4))
    put32 "$1" $((at + 8)) $(($5 * 2048))
    put32 "$1" $((at + 12)) $(($6 * 2048))
}
