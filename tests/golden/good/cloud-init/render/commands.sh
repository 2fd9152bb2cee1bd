#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_merged
virsh pool-start virtopo_merged
virsh pool-autostart virtopo_merged
virsh net-define networks/lan.xml
virsh net-start merged_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_merged nodes/a/root.xml
virsh vol-create-as virtopo_merged a.seed-4ab7bb681615.iso 69632 --format raw
virsh vol-upload --pool virtopo_merged a.seed-4ab7bb681615.iso nodes/a/seed.iso
virsh define nodes/a/domain.xml
virsh start merged_a
virsh vol-create virtopo_merged nodes/b/root.xml
virsh vol-create-as virtopo_merged b.seed-0d09a94105c7.iso 69632 --format raw
virsh vol-upload --pool virtopo_merged b.seed-0d09a94105c7.iso nodes/b/seed.iso
virsh define nodes/b/domain.xml
virsh start merged_b
