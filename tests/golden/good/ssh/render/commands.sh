#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_keys
virsh pool-start virtopo_keys
virsh pool-autostart virtopo_keys
virsh net-define networks/lan.xml
virsh net-start keys_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_keys nodes/a/root.xml
virsh vol-create-as virtopo_keys a.seed-fade5c327931.iso 69632 --format raw
virsh vol-upload --pool virtopo_keys a.seed-fade5c327931.iso nodes/a/seed.iso
virsh define nodes/a/domain.xml
virsh start keys_a
virsh vol-create virtopo_keys nodes/b/root.xml
virsh vol-create-as virtopo_keys b.seed-3c1b86f982b6.iso 69632 --format raw
virsh vol-upload --pool virtopo_keys b.seed-3c1b86f982b6.iso nodes/b/seed.iso
virsh define nodes/b/domain.xml
virsh start keys_b
virsh vol-create virtopo_keys nodes/c/root.xml
virsh vol-create-as virtopo_keys c.seed-80780ee9268c.iso 69632 --format raw
virsh vol-upload --pool virtopo_keys c.seed-80780ee9268c.iso nodes/c/seed.iso
virsh define nodes/c/domain.xml
virsh start keys_c
