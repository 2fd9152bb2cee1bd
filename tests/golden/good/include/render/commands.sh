#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_include
virsh pool-start virtopo_include
virsh pool-autostart virtopo_include
virsh net-define networks/lan.xml
virsh net-start include_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_include nodes/db/root.xml
virsh vol-create-as virtopo_include db.seed-63f7375d17f3.iso 69632 --format raw
virsh vol-upload --pool virtopo_include db.seed-63f7375d17f3.iso nodes/db/seed.iso
virsh define nodes/db/domain.xml
virsh start include_db
virsh vol-create virtopo_include nodes/extra/root.xml
virsh vol-create-as virtopo_include extra.seed-dffa0928407e.iso 69632 --format raw
virsh vol-upload --pool virtopo_include extra.seed-dffa0928407e.iso nodes/extra/seed.iso
virsh define nodes/extra/domain.xml
virsh start include_extra
virsh vol-create virtopo_include nodes/own/root.xml
virsh vol-create-as virtopo_include own.seed-d02600189dfd.iso 69632 --format raw
virsh vol-upload --pool virtopo_include own.seed-d02600189dfd.iso nodes/own/seed.iso
virsh define nodes/own/domain.xml
virsh start include_own
