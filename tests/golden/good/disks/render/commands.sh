#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_disks
virsh pool-start virtopo_disks
virsh pool-autostart virtopo_disks
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_disks nodes/big/root.xml
virsh vol-create virtopo_disks nodes/big/data.xml
virsh vol-create virtopo_disks nodes/big/log.xml
virsh vol-create virtopo_disks nodes/big/old.xml
virsh vol-create virtopo_disks nodes/big/odd.xml
virsh vol-create virtopo_disks nodes/big/scratch.xml
virsh vol-create virtopo_disks nodes/big/plain.xml
virsh vol-create-as virtopo_disks big.seed-5e553feb07b5.iso 69632 --format raw
virsh vol-upload --pool virtopo_disks big.seed-5e553feb07b5.iso nodes/big/seed.iso
virsh define nodes/big/domain.xml
virsh start disks_big
virsh vol-create virtopo_disks nodes/small/root.xml
virsh vol-create virtopo_disks nodes/small/data.xml
virsh vol-create-as virtopo_disks small.seed-745de9ff188a.iso 69632 --format raw
virsh vol-upload --pool virtopo_disks small.seed-745de9ff188a.iso nodes/small/seed.iso
virsh define nodes/small/domain.xml
virsh start disks_small
