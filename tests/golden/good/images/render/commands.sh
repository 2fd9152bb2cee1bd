#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_images
virsh pool-start virtopo_images
virsh pool-autostart virtopo_images
virsh net-define networks/lan.xml
virsh net-start images_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create-as virtopo sha256-de2f256064a0af797747c2b97505dc0b9f3df0de4f489eac731c23ae9ca9cc31.raw 65536 --format raw
virsh vol-upload --pool virtopo sha256-de2f256064a0af797747c2b97505dc0b9f3df0de4f489eac731c23ae9ca9cc31.raw /case/plain.raw
virsh vol-create-as virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 196608 --format raw
virsh vol-upload --pool virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 /case/disk.qcow2
virsh vol-create virtopo_images nodes/a/root.xml
virsh vol-create-as virtopo_images a.seed-c1e7d19f7580.iso 69632 --format raw
virsh vol-upload --pool virtopo_images a.seed-c1e7d19f7580.iso nodes/a/seed.iso
virsh define nodes/a/domain.xml
virsh start images_a
virsh vol-create virtopo_images nodes/b/root.xml
virsh vol-create-as virtopo_images b.seed-8328608285e4.iso 69632 --format raw
virsh vol-upload --pool virtopo_images b.seed-8328608285e4.iso nodes/b/seed.iso
virsh define nodes/b/domain.xml
virsh start images_b
virsh vol-create virtopo_images nodes/c/root.xml
virsh vol-create-as virtopo_images c.seed-cfe4d400d3a6.iso 69632 --format raw
virsh vol-upload --pool virtopo_images c.seed-cfe4d400d3a6.iso nodes/c/seed.iso
virsh define nodes/c/domain.xml
virsh start images_c
virsh vol-create virtopo_images nodes/d/root.xml
virsh vol-create-as virtopo_images d.seed-eab23b6e9fd3.iso 69632 --format raw
virsh vol-upload --pool virtopo_images d.seed-eab23b6e9fd3.iso nodes/d/seed.iso
virsh define nodes/d/domain.xml
virsh start images_d
