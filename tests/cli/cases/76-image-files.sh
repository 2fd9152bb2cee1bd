# SPDX-License-Identifier: Apache-2.0
# Image files, as far as no host is needed.

mkdir files
cd files || exit 1
printf '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 100 FLAT "/etc/shadow" 0\n' >evil.vmdk
truncate -s 1M plain.raw
qemu-img create -q -f qcow2 -u -b /etc/shadow -F raw evil.qcow2 1M
qemu-img create -q -f qcow2 good.qcow2 1M

err <<'EOT'
error: the name x.img says no format
hint: add --format, or end the name with .qcow2, .raw, .vmdk, .vdi, .vhdx or .vhd
EOT
check 2 image convert plain.raw x.img

err <<'EOT'
error: 'iso' is no format of disk images
hint: one of qcow2, raw, vmdk, vdi, vhdx, vhd
EOT
check 2 image convert plain.raw x.img --format iso

err <<'EOT'
error: --from-format: 'rawest' is no format of disk images
hint: one of qcow2, raw, vmdk, vdi, vhdx, vhd
EOT
check 2 image convert ./plain.raw x.qcow2 --from-format rawest

err <<'EOT'
error: a raw image cannot be compressed
hint: qcow2 and vmdk can
EOT
check 2 image convert plain.raw x.raw --compress

err <<'EOT'
error: image evil.vmdk: evil.vmdk: the VMDK image is made of several files, which it names
hint: make one file of them: vmware-vdiskmanager -r IN.vmdk -t 0 OUT.vmdk
EOT
check 1 image convert evil.vmdk x.qcow2

err <<'EOT'
error: image evil.qcow2: evil.qcow2: its backing file '/etc/shadow' is in another folder
hint: --follow takes it, if you trust who made the image
EOT
check 1 image flatten evil.qcow2 -o x.qcow2

err <<'EOT'
error: image good.qcow2: evil.vmdk is there already
hint: name another file, or overwrite it with --force
EOT
check 1 image convert good.qcow2 evil.vmdk

err <<'EOT'
error: a raw image cannot be compressed
hint: qcow2 and vmdk can
EOT
check 2 image compress good.qcow2 -o x.raw

check 0 -q image flatten good.qcow2 -o byname.vdi
holds "the format that the name says" test "$(qemu-img info --output=json byname.vdi | grep -c '"format": "vdi"')" != 0
rm byname.vdi

err <<'EOT'
error: images of the store never change: -o says which file to make
hint: virtopo image compress debian12 -o image.qcow2
EOT
check 2 image compress debian12

err <<'EOT'
error: there is no file 'debian12', and images of the store never change
hint: make a file of one first: virtopo image export debian12 image.qcow2
EOT
check 2 image resize debian12 4G

err <<'EOT'
error: 'Debian 12' cannot be the name of an image
hint: letters a-z, digits and hyphens, not at the start or end
EOT
check 2 image import-disk good.qcow2 'Debian 12'

err <<'EOT'
error: '512' has no unit: expected a number and B, K, M, G or T
hint: write 512M
EOT
check 2 image resize good.qcow2 512

out <<'EOT'
good.qcow2: 1 MiB -> 3 MiB
No partition is known on it. A file system all over the disk grows in the guest: resize2fs or xfs_growfs
EOT
check 0 image resize good.qcow2 +2M

out <<'EOT'
{"version":1,"type":"result","file":"good.qcow2","before":3145728,"size":2097152,"partitions":"none","last_partition":null,"exit_code":0}
EOT
check 0 --json image resize good.qcow2 2M --destroy-data

mkdir -p store/lab
printf image >store/sha256-0123.qcow2
: >store/sha256-0123.qcow2.sealed-5-1
printf disk >store/lab/a.root.qcow2
ln -s store/lab disks
for to in store/sha256-0123.qcow2 disks/a.root.qcow2 store/new.qcow2; do
    err <<EOT
error: image good.qcow2: cannot write $to: $PWD/store is a host's store, of images and of nodes' disks
hint: name a file elsewhere; \`virtopo image import-disk\` brings one into the store
EOT
    check 1 image convert good.qcow2 $to --force
done
err <<EOT
error: image good.qcow2: cannot write disks/x: $PWD/store is a host's store, of images and of nodes' disks
hint: name a file elsewhere; \`virtopo image import-disk\` brings one into the store
EOT
check 1 image flatten good.qcow2 -o disks/x --force
err <<EOT
error: cannot write disks/x: $PWD/store is a host's store, of images and of nodes' disks
hint: name a file elsewhere; \`virtopo image import-disk\` brings one into the store
EOT
check 1 import --xml x.xml -o disks/x
holds "nothing was written" test "$(cat store/sha256-0123.qcow2 disks/*)" = imagedisk
ln good.qcow2 other.qcow2
err <<'EOT'
error: cannot resize good.qcow2: the file has 2 names (hard links), and would change under all of them
hint: copy it, and change the copy
EOT
check 1 image resize good.qcow2 4M
rm other.qcow2

check 0 -q image convert good.qcow2 x.vdi
holds "it is there" test -s x.vdi
holds "and nothing else" test -z "$(find . -name '*part*')"
cd ..
