#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_vars
virsh pool-start virtopo_vars
virsh pool-autostart virtopo_vars
virsh net-define networks/lan.xml
virsh net-start vars_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_vars nodes/web-1/root.xml
virsh vol-create-as virtopo_vars web-1.seed-876667fd5b79.iso 69632 --format raw
virsh vol-upload --pool virtopo_vars web-1.seed-876667fd5b79.iso nodes/web-1/seed.iso
virsh define nodes/web-1/domain.xml
virsh start vars_web-1
virsh vol-create virtopo_vars nodes/web-2/root.xml
virsh vol-create-as virtopo_vars web-2.seed-9145aebf599c.iso 69632 --format raw
virsh vol-upload --pool virtopo_vars web-2.seed-9145aebf599c.iso nodes/web-2/seed.iso
virsh define nodes/web-2/domain.xml
virsh start vars_web-2
virsh vol-create virtopo_vars nodes/db/root.xml
virsh vol-create-as virtopo_vars db.seed-b1fddfaa6799.iso 69632 --format raw
virsh vol-upload --pool virtopo_vars db.seed-b1fddfaa6799.iso nodes/db/seed.iso
virsh define nodes/db/domain.xml
virsh start vars_db
