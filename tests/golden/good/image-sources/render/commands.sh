#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_sources
virsh pool-start virtopo_sources
virsh pool-autostart virtopo_sources
virsh net-define networks/lan.xml
virsh net-start sources_lan
virsh vol-create-as virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 196608 --format raw
virsh vol-upload --pool virtopo sha256-1a7a18f37a43faed37720edd63e0a47051449949d1a082b1a323c1890a7ada58.qcow2 /case/disk.qcow2
virsh vol-create virtopo_sources nodes/box/root.xml
virsh vol-create-as virtopo_sources box.seed-863d51de71d9.iso 69632 --format raw
virsh vol-upload --pool virtopo_sources box.seed-863d51de71d9.iso nodes/box/seed.iso
virsh define nodes/box/domain.xml
virsh start sources_box
