#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_nics
virsh pool-start virtopo_nics
virsh pool-autostart virtopo_nics
virsh net-define networks/lan.xml
virsh net-start nics_lan
virsh net-define networks/san.xml
virsh net-start nics_san
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_nics nodes/box/root.xml
virsh vol-create-as virtopo_nics box.seed-d3440db4401e.iso 69632 --format raw
virsh vol-upload --pool virtopo_nics box.seed-d3440db4401e.iso nodes/box/seed.iso
virsh define nodes/box/domain.xml
virsh start nics_box
