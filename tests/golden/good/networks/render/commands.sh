#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_nets
virsh pool-start virtopo_nets
virsh pool-autostart virtopo_nets
virsh net-define networks/out.xml
virsh net-start nets_out
virsh net-define networks/san.xml
virsh net-start nets_san
virsh net-define networks/wan.xml
virsh net-start nets_wan
virsh net-define networks/quiet.xml
virsh net-start nets_quiet
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_nets nodes/router/root.xml
virsh vol-create-as virtopo_nets router.seed-9aff168e3297.iso 69632 --format raw
virsh vol-upload --pool virtopo_nets router.seed-9aff168e3297.iso nodes/router/seed.iso
virsh define nodes/router/domain.xml
virsh start nets_router
virsh vol-create virtopo_nets nodes/inner/root.xml
virsh vol-create-as virtopo_nets inner.seed-f42db1440aa1.iso 69632 --format raw
virsh vol-upload --pool virtopo_nets inner.seed-f42db1440aa1.iso nodes/inner/seed.iso
virsh define nodes/inner/domain.xml
virsh start nets_inner
virsh vol-create virtopo_nets nodes/edge/root.xml
virsh vol-create-as virtopo_nets edge.seed-8d115f2c4f92.iso 69632 --format raw
virsh vol-upload --pool virtopo_nets edge.seed-8d115f2c4f92.iso nodes/edge/seed.iso
virsh define nodes/edge/domain.xml
virsh start nets_edge
