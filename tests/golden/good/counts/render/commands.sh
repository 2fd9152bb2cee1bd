#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_runs
virsh pool-start virtopo_runs
virsh pool-autostart virtopo_runs
virsh net-define networks/lan.xml
virsh net-start runs_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_runs nodes/db/root.xml
virsh vol-create-as virtopo_runs db.seed-9dbcabb97347.iso 69632 --format raw
virsh vol-upload --pool virtopo_runs db.seed-9dbcabb97347.iso nodes/db/seed.iso
virsh define nodes/db/domain.xml
virsh start runs_db
virsh vol-create virtopo_runs nodes/web-1/root.xml
virsh vol-create-as virtopo_runs web-1.seed-758ae439835c.iso 69632 --format raw
virsh vol-upload --pool virtopo_runs web-1.seed-758ae439835c.iso nodes/web-1/seed.iso
virsh define nodes/web-1/domain.xml
virsh start runs_web-1
virsh vol-create virtopo_runs nodes/web-2/root.xml
virsh vol-create-as virtopo_runs web-2.seed-33c9f67b7b3a.iso 69632 --format raw
virsh vol-upload --pool virtopo_runs web-2.seed-33c9f67b7b3a.iso nodes/web-2/seed.iso
virsh define nodes/web-2/domain.xml
virsh start runs_web-2
virsh vol-create virtopo_runs nodes/one-1/root.xml
virsh vol-create-as virtopo_runs one-1.seed-2fb3aeefb0c9.iso 69632 --format raw
virsh vol-upload --pool virtopo_runs one-1.seed-2fb3aeefb0c9.iso nodes/one-1/seed.iso
virsh define nodes/one-1/domain.xml
virsh start runs_one-1
virsh vol-create virtopo_runs nodes/last/root.xml
virsh vol-create-as virtopo_runs last.seed-df977d4b02a0.iso 69632 --format raw
virsh vol-upload --pool virtopo_runs last.seed-df977d4b02a0.iso nodes/last/seed.iso
virsh define nodes/last/domain.xml
virsh start runs_last
