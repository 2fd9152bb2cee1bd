#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_common
virsh pool-start virtopo_common
virsh pool-autostart virtopo_common
virsh net-define networks/lan.xml
virsh net-start common_lan
virsh net-define networks/san.xml
virsh net-start common_san
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create-as virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 196608 --format raw
virsh vol-upload --pool virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 /case/disk.qcow2
virsh vol-create virtopo_common nodes/plain/root.xml
virsh vol-create virtopo_common nodes/plain/data.xml
virsh vol-create-as virtopo_common plain.seed-1b035d191e83.iso 69632 --format raw
virsh vol-upload --pool virtopo_common plain.seed-1b035d191e83.iso nodes/plain/seed.iso
virsh define nodes/plain/domain.xml
virsh start common_plain
virsh autostart common_plain
virsh vol-create virtopo_common nodes/own/root.xml
virsh vol-create-as virtopo_common own.seed-51691932d0a3.iso 69632 --format raw
virsh vol-upload --pool virtopo_common own.seed-51691932d0a3.iso nodes/own/seed.iso
virsh define nodes/own/domain.xml
virsh start common_own
