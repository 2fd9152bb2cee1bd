#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A guest that plays a host: a virtual machine with a kernel, libvirt and SSH of its own in the place of a test host,
# for what this machine's kernel lacks, and for reboots. See README.md.
#
# As a command:   guesthost.sh up NAME [--memory SIZE] [--cpus N]
#                 guesthost.sh exec NAME [--] CMD...
#                 guesthost.sh reboot NAME
#                 guesthost.sh log NAME
# As a library:   . tests/host/guesthost.sh; host_trap; guesthost_up g; guesthost_exec g ip link; outside_plug world g
#
# host_ip, host_uri, host_down and the outside know it as any other host; host_exec is the shell around it.

GUESTHOST_HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034
[ "${BASH_SOURCE[0]}" != "$0" ] || HOST_SH_COMMAND=1
declare -F host_up >/dev/null || . "$GUESTHOST_HERE/host.sh"

guesthost_key() {
    (
        flock 9
        [ -f "$VIRTOPO_TEST_DIR/id_ed25519" ] ||
            ssh-keygen -q -t ed25519 -N '' -C virtopo-test -f "$VIRTOPO_TEST_DIR/id_ed25519"
    ) 9>"$VIRTOPO_TEST_DIR/lock"
}

# What is put over the guest's files at each boot, as a tar archive: its init, who it is, and whom it lets in.
guesthost_seed() {
    local name=$1 root=$VIRTOPO_TEST_DIR/hosts/$1 seed
    seed=$root/seed
    mkdir -p "$seed"/{etc/ssh,root/.ssh,usr/sbin} && chmod 700 "$seed/root" "$seed/root/.ssh" &&
        ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$seed/etc/ssh/ssh_host_ed25519_key" &&
        printf '%s %s\n' "$(host_ip "$name")" "$(cut -d' ' -f1,2 "$seed/etc/ssh/ssh_host_ed25519_key.pub")" >"$root/known_hosts" &&
        cp "$VIRTOPO_TEST_DIR/id_ed25519.pub" "$seed/root/.ssh/authorized_keys" &&
        printf '%s\n' "$name" >"$seed/etc/hostname" &&
        printf 'address=%s\n' "$(<"$root/ip")" >"$seed/etc/virtopo-host" &&
        printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "$(host_ip "$name")" "$name" >"$seed/etc/hosts" &&
        install -m 755 "$GUESTHOST_HERE/../guest/host-init.sh" "$seed/usr/sbin/init" &&
        tar -C "$seed" --owner=0 --group=0 -cf "$root/seed.tar" etc root usr
}

# The guest's two devices, eth0 and eth1, are on bridges around it: the management network, and `uplink`,
# where a cable of the outside comes in (without one it is a segment of its own).
guesthost_wires() {
    local ns
    ns=$(host_netns "$1")
    ip -n "$ns" address flush dev eth0 &&
        ip -n "$ns" link add manage type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
        ip -n "$ns" link add uplink mtu 9000 type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
        ip -n "$ns" tuntap add tap0 mode tap && ip -n "$ns" tuntap add tap1 mode tap &&
        ip -n "$ns" link set dev tap1 mtu 9000 &&
        ip -n "$ns" link set dev eth0 master manage up && ip -n "$ns" link set dev tap0 master manage up &&
        ip -n "$ns" link set dev tap1 master uplink up &&
        ip -n "$ns" link set dev manage up && ip -n "$ns" link set dev uplink up
}

# Without offloads on eth1: what leaves it is on the wire as it is, whole checksums, no joined frames.
guesthost_qemu() {
    local name=$1 memory=$2 cpus=$3 root=$VIRTOPO_TEST_DIR/hosts/$1 image number
    image=$(<"$root/guest")
    number=$(printf %02x "$(host_ip "$name" | sed 's/.*\.//')")
    qemu-img create -q -f qcow2 -F qcow2 -b "$image/root.qcow2" "$root/disk.qcow2" || return 1
    host_exec "$name" qemu-system-x86_64 -name "$name" -machine q35,accel=tcg -cpu max,-svm,-la57 -smp "$cpus" -m "$memory" \
        -nodefaults -display none -daemonize -pidfile /run/qemu.pid -serial "file:$root/console.log" \
        -kernel "$image/vmlinuz" -initrd "$image/initrd" \
        -append 'console=ttyS0 quiet loglevel=4 mitigations=off audit=0 panic=1 net.ifnames=0 tsc=nowatchdog random.trust_cpu=on apparmor=0 cryptomgr.notests' \
        -fw_cfg "name=opt/virtopo/seed,file=$root/seed.tar" \
        -drive "file=$root/disk.qcow2,if=none,id=root,cache=unsafe,discard=unmap" -device virtio-blk-pci,drive=root \
        -device virtio-rng-pci \
        -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device "virtio-net-pci,netdev=n0,mac=52:54:00:99:00:$number" \
        -netdev tap,id=n1,ifname=tap1,script=no,downscript=no \
        -device "virtio-net-pci,netdev=n1,mac=52:54:00:99:01:$number,host_mtu=9000,csum=off,guest_csum=off,gso=off,mrg_rxbuf=on" \
        </dev/null >"$root/qemu.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- ||
        { host_say "QEMU did not start for '$name':"; cat "$root/qemu.log" >&2; return 1; }
}

# NAME TIMES: waits until the guest has said so often that it is ready.
guesthost_wait() {
    local name=$1 times=$2 root=$VIRTOPO_TEST_DIR/hosts/$1 end=$((SECONDS + 240))
    until [ "$(grep -c 'virtopo-host: ready' "$root/console.log" 2>/dev/null)" -ge "$times" ]; do
        [ $SECONDS -lt $end ] || { host_say "'$name' did not come up:"; tail -n 30 "$root/console.log" >&2; return 1; }
        sleep 0.1
    done
}

# guesthost_up NAME [--memory SIZE] [--cpus N]: returns when its libvirtd runs.
guesthost_up() {
    local name=${1:-} memory=768M cpus=2 image
    [ $# = 0 ] || shift
    while [ $# -gt 0 ]; do
        case $1 in
        --memory) memory=${2:?--memory needs a size}; shift ;;
        --cpus) cpus=${2:?--cpus needs a number}; shift ;;
        *) host_say "up: unknown option '$1'"; return 1 ;;
        esac
        shift
    done
    image=$("$GUESTHOST_HERE/../guest/host.sh") && host_up "$name" --no-libvirt || return 1
    if printf '%s\n' "$image" >"$VIRTOPO_TEST_DIR/hosts/$name/guest" &&
        guesthost_key && guesthost_seed "$name" && guesthost_wires "$name" &&
        guesthost_qemu "$name" "$memory" "$cpus" && guesthost_wait "$name" 1; then
        return 0
    fi
    host_down "$name"
    return 1
}

guesthost_is() {
    host_dir && [ -e "$VIRTOPO_TEST_DIR/hosts/$1/guest" ] || { host_say "'$1' is no guest that plays a host"; return 1; }
}

# guesthost_exec NAME [--] CMD...: over SSH, each word quoted; input, output and exit status are the caller's.
guesthost_exec() {
    local name=$1
    shift
    [ "${1:-}" != -- ] || shift
    guesthost_is "$name" || return 1
    host_exec net ssh -q -i "$VIRTOPO_TEST_DIR/id_ed25519" -o UserKnownHostsFile="$VIRTOPO_TEST_DIR/hosts/$name/known_hosts" \
        -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=10 -o ControlMaster=auto -o ControlPersist=30 \
        -o ControlPath="$VIRTOPO_TEST_DIR/hosts/$name/ssh" "root@$(host_ip "$name")" "$(printf '%q ' "$@")"
}

# As a host whose power button was pressed: everything that is not on disk is gone.
guesthost_reboot() {
    local name=$1 times
    guesthost_is "$name" || return 1
    times=$(grep -c 'virtopo-host: ready' "$VIRTOPO_TEST_DIR/hosts/$name/console.log")
    guesthost_exec "$name" sh -c 'sync; (sleep 0.3; echo b >/proc/sysrq-trigger) </dev/null >/dev/null 2>&1 &' || return 1
    host_exec net ssh -q -O exit -o ControlPath="$VIRTOPO_TEST_DIR/hosts/$name/ssh" "root@$(host_ip "$name")" 2>/dev/null
    guesthost_wait "$name" $((times + 1))
}

guesthost_log() { guesthost_is "$1" && cat "$VIRTOPO_TEST_DIR/hosts/$1/console.log"; }

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    verb=${1:-help}
    [ $# = 0 ] || shift
    case $verb:$# in
    up:[135] | exec:[!01]* | exec:1?* | reboot:1 | log:1) "guesthost_$verb" "$@" ;;
    *) sed -n '3,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; [ "$verb" = help ] ;;
    esac
    exit
fi
