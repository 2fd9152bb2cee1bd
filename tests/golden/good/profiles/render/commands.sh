#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_profiles
virsh pool-start virtopo_profiles
virsh pool-autostart virtopo_profiles
virsh net-define networks/lan.xml
virsh net-start profiles_lan
virsh net-define networks/san.xml
virsh net-start profiles_san
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_profiles nodes/plain/root.xml
virsh vol-create-as virtopo_profiles plain.seed-cea52601d36c.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles plain.seed-cea52601d36c.iso nodes/plain/seed.iso
virsh define nodes/plain/domain.xml
virsh start profiles_plain
virsh vol-create virtopo_profiles nodes/none/root.xml
virsh vol-create-as virtopo_profiles none.seed-0b49b5e4453d.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles none.seed-0b49b5e4453d.iso nodes/none/seed.iso
virsh define nodes/none/domain.xml
virsh start profiles_none
virsh vol-create virtopo_profiles nodes/gone/root.xml
virsh vol-create-as virtopo_profiles gone.seed-9bb40c6661d4.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles gone.seed-9bb40c6661d4.iso nodes/gone/seed.iso
virsh define nodes/gone/domain.xml
virsh start profiles_gone
virsh vol-create virtopo_profiles nodes/one/root.xml
virsh vol-create-as virtopo_profiles one.seed-43292d408904.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles one.seed-43292d408904.iso nodes/one/seed.iso
virsh define nodes/one/domain.xml
virsh start profiles_one
virsh vol-create virtopo_profiles nodes/two/root.xml
virsh vol-create virtopo_profiles nodes/two/data.xml
virsh vol-create-as virtopo_profiles two.seed-29d764e81416.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles two.seed-29d764e81416.iso nodes/two/seed.iso
virsh define nodes/two/domain.xml
virsh start profiles_two
virsh vol-create virtopo_profiles nodes/other-way/root.xml
virsh vol-create-as virtopo_profiles other-way.seed-cc622044bc7c.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles other-way.seed-cc622044bc7c.iso nodes/other-way/seed.iso
virsh define nodes/other-way/domain.xml
virsh start profiles_other-way
virsh vol-create virtopo_profiles nodes/least-1/root.xml
virsh vol-create virtopo_profiles nodes/least-1/data.xml
virsh vol-create-as virtopo_profiles least-1.seed-e5b339c1e743.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles least-1.seed-e5b339c1e743.iso nodes/least-1/seed.iso
virsh define nodes/least-1/domain.xml
virsh start profiles_least-1
virsh vol-create virtopo_profiles nodes/least-2/root.xml
virsh vol-create virtopo_profiles nodes/least-2/data.xml
virsh vol-create-as virtopo_profiles least-2.seed-26a1796bd539.iso 69632 --format raw
virsh vol-upload --pool virtopo_profiles least-2.seed-26a1796bd539.iso nodes/least-2/seed.iso
virsh define nodes/least-2/domain.xml
virsh start profiles_least-2
