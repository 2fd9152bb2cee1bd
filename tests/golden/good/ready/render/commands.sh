#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_waits
virsh pool-start virtopo_waits
virsh pool-autostart virtopo_waits
virsh net-define networks/lan.xml
virsh net-start waits_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_waits nodes/default/root.xml
virsh vol-create-as virtopo_waits default.seed-d36eb0048c67.iso 69632 --format raw
virsh vol-upload --pool virtopo_waits default.seed-d36eb0048c67.iso nodes/default/seed.iso
virsh define nodes/default/domain.xml
virsh start waits_default
virsh vol-create virtopo_waits nodes/ssh/root.xml
virsh vol-create-as virtopo_waits ssh.seed-77a9489b4e49.iso 69632 --format raw
virsh vol-upload --pool virtopo_waits ssh.seed-77a9489b4e49.iso nodes/ssh/seed.iso
virsh define nodes/ssh/domain.xml
virsh start waits_ssh
virsh vol-create virtopo_waits nodes/none/root.xml
virsh vol-create-as virtopo_waits none.seed-1c39da6b4b7d.iso 69632 --format raw
virsh vol-upload --pool virtopo_waits none.seed-1c39da6b4b7d.iso nodes/none/seed.iso
virsh define nodes/none/domain.xml
virsh start waits_none
virsh vol-create virtopo_waits nodes/long/root.xml
virsh vol-create-as virtopo_waits long.seed-e12bc83c9a18.iso 69632 --format raw
virsh vol-upload --pool virtopo_waits long.seed-e12bc83c9a18.iso nodes/long/seed.iso
virsh define nodes/long/domain.xml
virsh start waits_long
virsh vol-create virtopo_waits nodes/after/root.xml
virsh vol-create-as virtopo_waits after.seed-0a20d90ce9ef.iso 69632 --format raw
virsh vol-upload --pool virtopo_waits after.seed-0a20d90ce9ef.iso nodes/after/seed.iso
virsh define nodes/after/domain.xml
virsh start waits_after
