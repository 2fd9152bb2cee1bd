#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# init of the tiny guest: brings the system up and acts on a NoCloud seed as cloud-init does.
# Phases: modules, disk, seed, network, keys, files, SSH; then what may come later: commands.
export PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin HOME=/root TERM=vt100
state=/var/lib/virtopo-guest
cached=$state/seed

# Programs are dear without KVM, some 10 ms each: what SSH waits for uses the shell's own means.
say() { echo "virtopo-guest: $*" >/dev/console; }

load() { while read -r module; do insmod "/lib/modules/$1/$module" 2>/dev/null; done <"/lib/modules/$1/order"; }

leave() {
    trap '' TERM USR1 USR2
    read -r up _ </proc/uptime
    say "going down after $up s: $1"
    kill -TERM -1
    sync
    mount -o remount,ro / 2>/dev/null
    "$1" -f
}
trap 'leave reboot' TERM
trap 'leave poweroff' USR2
trap 'leave halt' USR1

# --- what the seed's scripts call -------------------------------------------------------------

instance() {
    instance=$1
    last=
    [ ! -f $state/instance ] || read -r last <$state/instance
    [ "$last" != "$1" ] || return
    new_instance=1
    rm -f /etc/dropbear/host_key
}

host_name() {
    echo "$1" >/proc/sys/kernel/hostname
    echo "$1" >/etc/hostname
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "${2:+$2 }${1%%.*}" >/etc/hosts
}

user() {
    grep -q "^$1:" /etc/passwd && return
    uid=$((1000 + $(grep -c ':/home/' /etc/passwd)))
    echo "$1:x:$uid:$uid::/home/$1:$2" >>/etc/passwd
    echo "$1:*:19000:0:99999:7:::" >>/etc/shadow
    echo "$1:x:$uid:" >>/etc/group
    grep -qx "$2" /etc/shells || echo "$2" >>/etc/shells
    mkdir -p "/home/$1"
    chmod 755 "/home/$1"
    chown "$1:$1" "/home/$1"
}

key() {
    dir=/home/$1
    [ "$1" != root ] || dir=/root
    if [ -f "$dir/.ssh/authorized_keys" ]; then
        while read -r line; do [ "$line" != "$2" ] || return; done <"$dir/.ssh/authorized_keys"
    fi
    umask 077
    [ -d "$dir/.ssh" ] || mkdir "$dir/.ssh"
    printf '%s\n' "$2" >>"$dir/.ssh/authorized_keys"
    umask 022
    [ "$1" = root ] || chown -R "$1:$1" "$dir/.ssh"
}

host_key() {
    [ ! -s /etc/dropbear/host_key ] || return
    dropbearconvert openssh dropbear "$cached/$1" /etc/dropbear/host_key >/run/host_key.log 2>&1 ||
        say "seed: host key not readable"
}

nic() {
    dev=
    for dir in /sys/class/net/*; do
        if [ "$2" ]; then
            read -r mac <"$dir/address"
            [ "$mac" != "$2" ] || dev=${dir##*/}
        elif [ "${dir##*/}" = "$1" ]; then
            dev=$1
        fi
    done
    [ "$dev" ] || { say "seed: no network device '$1' $2"; return; }
    if [ "$3" ] && [ "$3" != "$dev" ]; then
        ip link set dev "$dev" down
        ip link set dev "$dev" name "$3" && dev=$3
    fi
    [ -z "$4" ] || ip link set dev "$dev" mtu "$4"
    # an address is nobody else's: the guest need not wait until that has been asked
    echo 0 >/proc/sys/net/ipv6/conf/"$dev"/accept_dad
    # without the word, whoever advertises is not listened to
    [ "$6" ] || echo 0 >/proc/sys/net/ipv6/conf/"$dev"/accept_ra
    ip link set dev "$dev" up
    [ -z "$5" ] || lease "$dev" "$5"
}

lease() {
    leases="$leases $1"
    how=$2 udhcpc -i "$1" -S -t 20 -T 1 -A 3 -F "$(hostname)" -s /etc/udhcpc.sh >/run/udhcpc."$1".log 2>&1 &
}

address() {
    [ "$dev" ] || return
    ip address add "$1" dev "$dev" || say "seed: address $1 refused"
    case $1 in *:*) ;; *) announce="$announce $dev,${1%/*}" ;; esac
}

route() {
    [ "$dev" ] || return
    to=$1 family=
    case $2 in *:*) family=-6 ;; esac
    case $1 in 0.0.0.0/0 | ::/0) to=default ;; esac
    # busybox's ip has no word for it
    [ -z "$4" ] || ip $family route add "$2" dev "$dev"
    ip $family route add "$to" ${2:+via "$2"} dev "$dev" ${3:+metric "$3"} || say "seed: route to $1 refused"
}

nameserver() { echo "nameserver $1" >>/etc/resolv.conf; }
# only the last line of them counts
search() {
    case " $searches " in *" $1 "*) return ;; esac
    searches="$searches $1"
}

file() {
    [ -d "${2%/*}/" ] || mkdir -p "${2%/*}/"
    if [ "$5" ]; then cat "$cached/$1" >>"$2"; else cat "$cached/$1" >"$2"; fi || say "seed: cannot write $2"
    chmod "$3" "$2"
    [ "$4" = root:root ] || chown "$4" "$2" || say "seed: owner $4 of $2 unknown"
}

mount_at() {
    options=
    for option in $(echo "$4" | tr ',' ' '); do
        case $option in defaults | nofail | _netdev | x-*) ;; *) options=$options${options:+,}$option ;; esac
    done
    mkdir -p "$2"
    mount -t "$3" ${options:+-o "$options"} "$1" "$2" || say "seed: cannot mount $1 at $2"
}

# --- phases -----------------------------------------------------------------------------------

mounts() {
    mkdir /dev/pts /dev/shm
    mount -t devpts -o gid=5,mode=620 devpts /dev/pts
    mount -t tmpfs -o mode=755 tmpfs /run
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    if [ -e /dev/.grown ]; then
        read -r root </dev/.grown
        resize2fs "$root" >/run/resize2fs.log 2>&1 || say "the root file system did not grow"
    fi
    : >/etc/resolv.conf
    read -r name </etc/hostname
    echo "$name" >/proc/sys/kernel/hostname
    ip link set dev lo up
}

# Reads the seed anew each boot; when it was taken away, what it said last still holds.
find_seed() {
    for dir in /sys/block/*; do
        part=${dir##*/}
        case $part in loop* | ram*) continue ;; esac
        case $(dd if="/dev/$part" bs=1 skip=32808 count=7 2>/dev/null) in cidata\  | CIDATA\ ) ;; *) continue ;; esac
        mkdir /run/cidata 2>/dev/null
        mount -t iso9660 -o ro "/dev/$part" /run/cidata 2>/dev/null || { say "seed: /dev/$part cannot be mounted"; continue; }
        [ ! -d "$cached" ] || rm -rf "$cached"
        mkdir -m 700 "$cached"
        seed /run/cidata "$cached" 2>&1 | while read -r line; do say "$line"; done
        umount /run/cidata
        return
    done
}

phase() { [ ! -f "$cached/$1.sh" ] || . "$cached/$1.sh"; }

configure() {
    instance=none new_instance='' leases='' announce='' searches=''
    if [ -d "$cached" ]; then
        phase config
        [ ! -f "$cached/bootcmd.sh" ] || sh "$cached/bootcmd.sh" >/var/log/bootcmd.log 2>&1
    fi
    if [ -f "$cached/network.sh" ]; then
        phase network
        [ -z "$searches" ] || echo "search$searches" >>/etc/resolv.conf
    else
        for dir in /sys/class/net/*; do
            [ "${dir##*/}" = lo ] || nic "${dir##*/}" '' '' '' dhcp
        done
    fi
    [ -z "$new_instance" ] || phase files
}

start_ssh() {
    [ -s /etc/dropbear/host_key ] || dropbearkey -t ed25519 -f /etc/dropbear/host_key >/dev/null 2>&1
    dropbear -s -r /etc/dropbear/host_key -P /run/dropbear.pid 2>/var/log/dropbear.log
    # Whoever waits for an answer to ARP gets it now, not with the next question a second later.
    for pair in $announce; do arping -q -U -c 1 -w 1 -I "${pair%,*}" "${pair#*,}" >/dev/null 2>&1 & done
    read -r up _ </proc/uptime
    say "ssh up after $up s"
}

# What cloud-init does last. The instance counts as set up from here on: a run cut short is not repeated.
finish() {
    tries=0
    for leased in $leases; do
        until [ -e "/run/leased.$leased" ] || [ $((tries += 1)) -gt 300 ]; do usleep 100000; done
    done
    phase mounts
    # what a boot command put there, before the drivers were
    [ ! -f /etc/fstab ] || mount -a
    if [ "$new_instance" ]; then
        echo "$instance" >$state/instance
        phase deferred
        if [ -f "$cached/runcmd.sh" ]; then
            cd /
            sh "$cached/runcmd.sh" 2>&1 </dev/null | tee -a /var/log/runcmd.log >/dev/console
        fi
        sync
    fi
    mkdir -p /run/cloud-init
    echo '{"v1": {"datasource": "DataSourceNoCloud", "errors": []}}' >/run/cloud-init/result.json
    say "hostname=$(hostname) addr=$(ip -o -4 address show scope global | awk '{sub("/.*", "", $4); printf "%s%s", s, $4; s = ","}') ready"
}

mounts
load network
! grep -qs 0x0008 /sys/bus/virtio/devices/*/device || load scsi
find_seed
configure
start_ssh
(
    load scsi
    load later
    [ ! -x /bin/hardware ] || hardware &
    acpid -f >/run/acpid.log 2>&1 &
    finish
) &
while :; do
    # Not before someone asks: a prompt would get in between the messages.
    read -r _ </dev/ttyS0 && setsid -c sh -l </dev/ttyS0 >/dev/ttyS0 2>&1
    sleep 1
done &
while :; do
    sleep 86400 &
    wait $!
done
