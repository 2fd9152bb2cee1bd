#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_built
virsh pool-start virtopo_built
virsh pool-autostart virtopo_built
virsh net-define networks/lan.xml
virsh net-start built_lan
# image made is made at the first up
virsh vol-create virtopo_built nodes/box/root.xml
virsh vol-create-as virtopo_built box.seed-06fbaa36e37b.iso 69632 --format raw
virsh vol-upload --pool virtopo_built box.seed-06fbaa36e37b.iso nodes/box/seed.iso
virsh define nodes/box/domain.xml
virsh start built_box
virsh vol-create virtopo_built nodes/sized/root.xml
virsh vol-create-as virtopo_built sized.seed-d5d7a34a5edb.iso 69632 --format raw
virsh vol-upload --pool virtopo_built sized.seed-d5d7a34a5edb.iso nodes/sized/seed.iso
virsh define nodes/sized/domain.xml
virsh start built_sized
