#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_user
virsh pool-start virtopo_user
virsh pool-autostart virtopo_user
virsh net-define networks/lan.xml
virsh net-start user_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_user nodes/web/root.xml
virsh vol-create-as virtopo_user web.seed-e0b4b640c566.iso 69632 --format raw
virsh vol-upload --pool virtopo_user web.seed-e0b4b640c566.iso nodes/web/seed.iso
virsh define nodes/web/domain.xml
virsh start user_web
virsh vol-create virtopo_user nodes/db-1/root.xml
virsh vol-create-as virtopo_user db-1.seed-1f9c49f7a7bf.iso 69632 --format raw
virsh vol-upload --pool virtopo_user db-1.seed-1f9c49f7a7bf.iso nodes/db-1/seed.iso
virsh define nodes/db-1/domain.xml
virsh start user_db-1
virsh vol-create virtopo_user nodes/db-2/root.xml
virsh vol-create-as virtopo_user db-2.seed-1ed73c72c2cc.iso 69632 --format raw
virsh vol-upload --pool virtopo_user db-2.seed-1ed73c72c2cc.iso nodes/db-2/seed.iso
virsh define nodes/db-2/domain.xml
virsh start user_db-2
virsh vol-create virtopo_user nodes/one/root.xml
virsh vol-create-as virtopo_user one.seed-2299ca9be986.iso 69632 --format raw
virsh vol-upload --pool virtopo_user one.seed-2299ca9be986.iso nodes/one/seed.iso
virsh define nodes/one/domain.xml
virsh start user_one
virsh vol-create virtopo_user nodes/both/root.xml
virsh vol-create-as virtopo_user both.seed-328c6469eba5.iso 69632 --format raw
virsh vol-upload --pool virtopo_user both.seed-328c6469eba5.iso nodes/both/seed.iso
virsh define nodes/both/domain.xml
virsh start user_both
