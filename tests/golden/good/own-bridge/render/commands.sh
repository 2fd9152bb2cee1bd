#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_lab
virsh pool-start virtopo_lab
virsh pool-autostart virtopo_lab
virsh net-define networks/prod.xml
sh networks/prod.sh make
virsh net-start lab_prod
virsh net-define networks/tagged.xml
sh networks/tagged.sh make
virsh net-start lab_tagged
virsh net-define networks/inner.xml
sh networks/inner.sh make
virsh net-start lab_inner
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_lab nodes/web/root.xml
virsh vol-create-as virtopo_lab web.seed-e5ae24f3117b.iso 69632 --format raw
virsh vol-upload --pool virtopo_lab web.seed-e5ae24f3117b.iso nodes/web/seed.iso
virsh define nodes/web/domain.xml
virsh start lab_web
