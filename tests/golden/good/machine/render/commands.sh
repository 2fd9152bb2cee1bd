#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_machines
virsh pool-start virtopo_machines
virsh pool-autostart virtopo_machines
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_machines nodes/auto/root.xml
virsh vol-create-as virtopo_machines auto.seed-ded11cdb2f3e.iso 69632 --format raw
virsh vol-upload --pool virtopo_machines auto.seed-ded11cdb2f3e.iso nodes/auto/seed.iso
virsh define nodes/auto/domain.xml
virsh start machines_auto
virsh vol-create virtopo_machines nodes/fast/root.xml
virsh vol-create-as virtopo_machines fast.seed-fbdce4095617.iso 69632 --format raw
virsh vol-upload --pool virtopo_machines fast.seed-fbdce4095617.iso nodes/fast/seed.iso
virsh define nodes/fast/domain.xml
virsh start machines_fast
virsh vol-create virtopo_machines nodes/slow/root.xml
virsh vol-create-as virtopo_machines slow.seed-04a294d44fdf.iso 69632 --format raw
virsh vol-upload --pool virtopo_machines slow.seed-04a294d44fdf.iso nodes/slow/seed.iso
virsh define nodes/slow/domain.xml
virsh start machines_slow
virsh autostart machines_slow
virsh vol-create virtopo_machines nodes/plain/root.xml
virsh vol-create-as virtopo_machines plain.seed-fa827e604137.iso 69632 --format raw
virsh vol-upload --pool virtopo_machines plain.seed-fa827e604137.iso nodes/plain/seed.iso
virsh define nodes/plain/domain.xml
virsh start machines_plain
