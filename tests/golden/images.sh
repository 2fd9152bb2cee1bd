# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# For the golden checks, sourced. make_images: the image files that cases name, made in this folder,
# the same everywhere. disk.raw is empty with a boot sector, plain.raw without one, disk.qcow2 a
# header and no data: version 3, 64 KiB clusters, 2 GiB. cd.iso is empty too; share/ is a folder; password has one.
make_images()
{
    truncate -s 1M disk.raw
    printf '\125\252' | dd of=disk.raw bs=1 seek=510 conv=notrunc status=none
    truncate -s 64K plain.raw cd.iso
    {
        printf 'QFI\373\0\0\0\003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\020'
        printf '\0\0\0\0\200\0\0\0\0\0\0\0\0\0\0\004'
        printf '\0\0\0\0\0\001\0\0\0\0\0\0\0\002\0\0\0\0\0\001'
    } >disk.qcow2
    truncate -s 192K disk.qcow2
    printf '\0\0\0\004\0\0\0\150' | dd of=disk.qcow2 bs=1 seek=96 conv=notrunc status=none
    mkdir -p share
    printf "s3cret\n" >password
}
