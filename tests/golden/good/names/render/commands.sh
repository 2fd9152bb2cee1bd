#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_a123456789-123456789-123456789-1
virsh pool-start virtopo_a123456789-123456789-123456789-1
virsh pool-autostart virtopo_a123456789-123456789-123456789-1
virsh net-define networks/a-network-with-a-long-name.xml
virsh net-start a123456789-123456789-123456789-1_a-network-with-a-long-name
virsh net-define networks/n.xml
virsh net-start a123456789-123456789-123456789-1_n
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_a123456789-123456789-123456789-1 nodes/a/root.xml
virsh vol-create-as virtopo_a123456789-123456789-123456789-1 a.seed-b2ca81ceaefa.iso 69632 --format raw
virsh vol-upload --pool virtopo_a123456789-123456789-123456789-1 a.seed-b2ca81ceaefa.iso nodes/a/seed.iso
virsh define nodes/a/domain.xml
virsh start a123456789-123456789-123456789-1_a
virsh vol-create virtopo_a123456789-123456789-123456789-1 nodes/node-with-a-name-that-is-long-1/root.xml
virsh vol-create virtopo_a123456789-123456789-123456789-1 nodes/node-with-a-name-that-is-long-1/d.xml
virsh vol-create virtopo_a123456789-123456789-123456789-1 nodes/node-with-a-name-that-is-long-1/a-disk-with-a-name.xml
virsh vol-create-as virtopo_a123456789-123456789-123456789-1 node-with-a-name-that-is-long-1.seed-ab5e49737a3d.iso 69632 --format raw
virsh vol-upload --pool virtopo_a123456789-123456789-123456789-1 node-with-a-name-that-is-long-1.seed-ab5e49737a3d.iso nodes/node-with-a-name-that-is-long-1/seed.iso
virsh define nodes/node-with-a-name-that-is-long-1/domain.xml
virsh start a123456789-123456789-123456789-1_node-with-a-name-that-is-long-1
