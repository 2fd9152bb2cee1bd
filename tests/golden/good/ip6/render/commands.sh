#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_dual
virsh pool-start virtopo_dual
virsh pool-autostart virtopo_dual
virsh net-define networks/lan.xml
virsh net-start dual_lan
virsh net-define networks/wide.xml
virsh net-start dual_wide
virsh net-define networks/san.xml
virsh net-start dual_san
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_dual nodes/web-1/root.xml
virsh vol-create-as virtopo_dual web-1.seed-f70eac938367.iso 69632 --format raw
virsh vol-upload --pool virtopo_dual web-1.seed-f70eac938367.iso nodes/web-1/seed.iso
virsh define nodes/web-1/domain.xml
virsh start dual_web-1
virsh vol-create virtopo_dual nodes/web-2/root.xml
virsh vol-create-as virtopo_dual web-2.seed-ae1997d1861a.iso 69632 --format raw
virsh vol-upload --pool virtopo_dual web-2.seed-ae1997d1861a.iso nodes/web-2/seed.iso
virsh define nodes/web-2/domain.xml
virsh start dual_web-2
virsh vol-create virtopo_dual nodes/fixed/root.xml
virsh vol-create-as virtopo_dual fixed.seed-18d74a215f38.iso 69632 --format raw
virsh vol-upload --pool virtopo_dual fixed.seed-18d74a215f38.iso nodes/fixed/seed.iso
virsh define nodes/fixed/domain.xml
virsh start dual_fixed
virsh vol-create virtopo_dual nodes/dynamic/root.xml
virsh vol-create-as virtopo_dual dynamic.seed-76529b73149e.iso 69632 --format raw
virsh vol-upload --pool virtopo_dual dynamic.seed-76529b73149e.iso nodes/dynamic/seed.iso
virsh define nodes/dynamic/domain.xml
virsh start dual_dynamic
virsh vol-create virtopo_dual nodes/behind/root.xml
virsh vol-create-as virtopo_dual behind.seed-11b55d83e61c.iso 69632 --format raw
virsh vol-upload --pool virtopo_dual behind.seed-11b55d83e61c.iso nodes/behind/seed.iso
virsh define nodes/behind/domain.xml
virsh start dual_behind
virsh vol-create virtopo_dual nodes/old/root.xml
virsh vol-create-as virtopo_dual old.seed-a394c7826edb.iso 75776 --format raw
virsh vol-upload --pool virtopo_dual old.seed-a394c7826edb.iso nodes/old/seed.iso
virsh define nodes/old/domain.xml
virsh start dual_old
