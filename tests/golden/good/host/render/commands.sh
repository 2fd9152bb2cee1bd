#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_far
virsh pool-start virtopo_far
virsh pool-autostart virtopo_far
virsh net-define networks/lan.xml
virsh net-start far_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_far nodes/web/root.xml
virsh vol-create virtopo_far nodes/web/data.xml
virsh vol-create-as virtopo_far web.seed-09abd9dcbcb6.iso 69632 --format raw
virsh vol-upload --pool virtopo_far web.seed-09abd9dcbcb6.iso nodes/web/seed.iso
virsh define nodes/web/domain.xml
virsh start far_web
