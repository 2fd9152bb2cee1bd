#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_persist
virsh pool-start virtopo_persist
virsh pool-autostart virtopo_persist
virsh net-define networks/found.xml
sh networks/found.sh make
virsh net-start persist_found
virsh net-define networks/never.xml
sh networks/never.sh make
virsh net-start persist_never
virsh net-define networks/one.xml
sh networks/one.sh make
virsh net-start persist_one
virsh net-define networks/two.xml
sh networks/two.sh make
virsh net-start persist_two
virsh net-define networks/three.xml
sh networks/three.sh make
virsh net-start persist_three
virsh net-define networks/four.xml
sh networks/four.sh make
virsh net-start persist_four
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_persist nodes/web/root.xml
virsh vol-create-as virtopo_persist web.seed-e6505e87ee23.iso 69632 --format raw
virsh vol-upload --pool virtopo_persist web.seed-e6505e87ee23.iso nodes/web/seed.iso
virsh define nodes/web/domain.xml
virsh start persist_web
