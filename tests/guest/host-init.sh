#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# First program of the guest that plays a host: what its seed says (a tar archive from QEMU's fw_cfg), then sshd,
# virtlogd and libvirtd. It stays, takes in what has lost its parent, and is ended by `reboot` and `poweroff`.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
exec </dev/null >/dev/console 2>&1
say() { echo "virtopo-host: $* [$(cut -d' ' -f1 /proc/uptime) s]"; }

mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /run/lock /run/sshd /run/network
modprobe -a virtio_net qemu_fw_cfg tun loop virtio_rng 2>/dev/null
tar -C / -xf /sys/firmware/qemu_fw_cfg/by_name/opt/virtopo/seed/raw
hostname -F /etc/hostname
sysctl -qw net.ipv4.ip_forward=1
ip link set lo up
# shellcheck disable=SC1091
. /etc/virtopo-host
ip address add "$address" dev eth0
ip link set eth0 up
[ ! -e /sys/class/net/eth1 ] || sysctl -qw net.ipv6.conf.eth1.accept_ra=0
/usr/sbin/sshd
say "ssh answers"
# What the host's own network manager has to bring up at boot.
[ -z "$(ls -A /etc/network/interfaces.d)" ] || ifup -a
ip link set eth1 up 2>/dev/null
virtlogd -d
libvirtd -d
say ready

# The kernel gives orphans to its first process.
trap : CHLD
while :; do
    wait
    sleep 3600 &
done
