#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_files
virsh pool-start virtopo_files
virsh pool-autostart virtopo_files
virsh net-define networks/lan.xml
virsh net-start files_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_files nodes/web/root.xml
virsh vol-create-as virtopo_files web.seed-ef0d397dbd7f.iso 69632 --format raw
virsh vol-upload --pool virtopo_files web.seed-ef0d397dbd7f.iso nodes/web/seed.iso
virsh define nodes/web/domain.xml
virsh start files_web
