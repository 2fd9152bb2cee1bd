#!/bin/sh
# What `virtopo up` does, by hand: run it in this folder.
set -e
virsh pool-define pools/store.xml
virsh pool-build virtopo
virsh pool-start virtopo
virsh pool-autostart virtopo
virsh pool-define pools/volumes.xml
virsh pool-build virtopo_addresses
virsh pool-start virtopo_addresses
virsh pool-autostart virtopo_addresses
virsh net-define networks/lan.xml
virsh net-start addresses_lan
virsh vol-create-as virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw 1048576 --format raw
virsh vol-upload --pool virtopo sha256-e35f60cdb04ae834629f908bf7c3817791155dba12f3dbc522731cb34535449d.raw /case/disk.raw
virsh vol-create virtopo_addresses nodes/first/root.xml
virsh vol-create-as virtopo_addresses first.seed-ffa2be8fb6be.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses first.seed-ffa2be8fb6be.iso nodes/first/seed.iso
virsh define nodes/first/domain.xml
virsh start addresses_first
virsh vol-create virtopo_addresses nodes/fixed/root.xml
virsh vol-create-as virtopo_addresses fixed.seed-9f9bbb9a9159.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses fixed.seed-9f9bbb9a9159.iso nodes/fixed/seed.iso
virsh define nodes/fixed/domain.xml
virsh start addresses_fixed
virsh vol-create virtopo_addresses nodes/free-1/root.xml
virsh vol-create-as virtopo_addresses free-1.seed-b24eaaf330f5.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses free-1.seed-b24eaaf330f5.iso nodes/free-1/seed.iso
virsh define nodes/free-1/domain.xml
virsh start addresses_free-1
virsh vol-create virtopo_addresses nodes/free-2/root.xml
virsh vol-create-as virtopo_addresses free-2.seed-bf358c31333a.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses free-2.seed-bf358c31333a.iso nodes/free-2/seed.iso
virsh define nodes/free-2/domain.xml
virsh start addresses_free-2
virsh vol-create virtopo_addresses nodes/lease/root.xml
virsh vol-create-as virtopo_addresses lease.seed-89b140563fe3.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses lease.seed-89b140563fe3.iso nodes/lease/seed.iso
virsh define nodes/lease/domain.xml
virsh start addresses_lease
virsh vol-create virtopo_addresses nodes/named/root.xml
virsh vol-create-as virtopo_addresses named.seed-1996ceb58ed6.iso 69632 --format raw
virsh vol-upload --pool virtopo_addresses named.seed-1996ceb58ed6.iso nodes/named/seed.iso
virsh define nodes/named/domain.xml
virsh start addresses_named
