#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# First program of the guest that plays a host: devices, addresses, sshd, virtlogd and libvirtd. It stays, and takes in
# what has lost its parent.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
exec </dev/null >/dev/console 2>&1
say() { echo "virtopo-host: $* [$(cut -d' ' -f1 /proc/uptime) s]"; }

mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /run/lock /run/sshd /run/network
modprobe -a virtio_net tun loop virtio_rng 2>/dev/null
hostname -F /etc/hostname
sysctl -qw net.ipv4.ip_forward=1
ip link set lo up
# shellcheck disable=SC1091
. /etc/virtopo-host
# shellcheck disable=SC2154
ip address add "$address" dev eth0
ip link set eth0 up
# The uplink takes no RA, so that nothing on it changes by itself; it can take frames of 9000 bytes.
sysctl -qw net.ipv6.conf.eth1.accept_ra=0
ip link set eth1 mtu 1500
/usr/sbin/sshd
say "ssh answers"
# What the host's own network manager has to bring up at boot.
[ -z "$(ls -A /etc/network/interfaces.d)" ] || ifup -a
ip link set eth1 up
virtlogd -d
libvirtd -d
say ready

# The kernel gives orphans to its first process; while it waits for its own child, it takes them in.
sleep infinity &
while :; do wait; done
