#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The opponent: what a good script does for the same cluster with plain tools, everything at once
# that can be. Runs on the test host, in a folder with net.xml, NODE.xml and, for `ssh`, the folder
# NODE (user-data, meta-data, network-config) of each node.
#
#   raw.sh up CLUSTER BASE NODE...          overlays, network, domains; all started
#   raw.sh ssh CLUSTER BASE NODE=IP...      the same with seeds, until each answers SSH with ./key
#   raw.sh down CLUSTER NODE...             all of it gone
set -u
virsh() { command virsh -q -c qemu:///system "$@" >/dev/null; }
disks=/var/lib/libvirt/images
verb=$1 cluster=$2
shift 2

prepare() {
    qemu-img create -q -f qcow2 -F qcow2 -o compat=1.1 -b "$base" "$disks/$1.root.qcow2" || exit 1
    if [ "$verb" = ssh ]; then
        xorriso -as mkisofs -quiet -V cidata -J -r -o "$disks/$1.seed.iso" "$1" 2>/dev/null || exit 1
    fi
}

start() {
    virsh "define $1.xml; start ${cluster}_$1" || exit 1
    [ "$verb" = ssh ] || return 0
    until ssh -F none -i key -o BatchMode=yes -o ConnectTimeout=1 -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "root@$2" true 2>/dev/null; do
        sleep 0.1
    done
}

remove() {
    virsh "destroy ${cluster}_$1; undefine ${cluster}_$1" || exit 1
    rm -f "$disks/$1".{root.qcow2,seed.iso,console.log}
}

# Runs a function for all at once; fails when one of them does.
all() {
    local function=$1 node pids=() failed=0
    shift
    for node; do
        "$function" "${node%=*}" "${node#*=}" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
    return $failed
}

case $verb in
up | ssh)
    base=$1
    shift
    all prepare "$@" &
    virsh "net-define net.xml; net-start ${cluster}_lan" || exit 1
    wait $! || exit 1
    all start "$@"
    ;;
down)
    all remove "$@" || exit 1
    virsh "net-destroy ${cluster}_lan; net-undefine ${cluster}_lan"
    ;;
esac
