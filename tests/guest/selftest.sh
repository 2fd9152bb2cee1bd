#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The tiny guest on a test host, by plain virsh: boots, takes its address, names, keys and files from a
# hand-written seed, keeps them over a reboot, sees its disk grow, and powers off when asked to.
# shellcheck disable=SC2016
set -eu
cd "$(dirname "$0")"
. ../host/host.sh
host_trap

failed() { printf 'selftest: %s\n' "$*" >&2; [ ! -s "$dir/console" ] || tail -40 "$dir/console" >&2; exit 1; }
now() { date +%s%N | cut -c1-13; }
seconds() { awk "BEGIN { printf \"%.2f\", ($(now) - $1) / 1000 }"; }
virsh() { host_exec h virsh -q -c qemu:///system "$@"; }
# A command in the guest, or the last answer of one that does not answer in time.
guest() { host_exec h timeout 30 ssh -F none -i "$dir/key" -o BatchMode=yes -o UserKnownHostsFile="$dir/known_hosts" -o ConnectTimeout=3 root@10.20.0.10 "$@"; }
# The port first, in short tries by one process: ssh itself would wait a second for each lost packet, and
# every process started here is taken from the guest's processor.
wait_guest() {
    host_exec h timeout 90 bash -c 'until timeout 0.2 bash -c "</dev/tcp/10.20.0.10/22"; do sleep 0.1; done' 2>/dev/null ||
        failed "port 22 closed for 90 s"
    printf '%s to port 22: %s s\n' "$2" "$(seconds "$1")"
    host_exec h cat "/proc/$(host_exec h cat /run/libvirt/qemu/tiny.pid)/stat" |
        awk -v what="$2" '{printf "%s: processor time so far %.1f s, load of the machine aside\n", what, ($14 + $15) / 100}'
    guest true 2>"$dir/ssh.log" || failed "no SSH: $(cat "$dir/ssh.log")"
    printf '%s to ssh: %s s\n' "$2" "$(seconds "$1")"
}
wait_off() {
    until [ "$(virsh domstate tiny)" = "shut off" ]; do
        [ $(($(now) - $1)) -lt 20000 ] || failed "still $(virsh domstate tiny) after 20 s"
        sleep 0.05
    done
}

bus=${1:-virtio}
start=$(now)
host_up h
dir=$VIRTOPO_TEST_DIR/files
mkdir -m 755 "$dir"
printf 'host: %s s\n' "$(seconds "$start")"
start=$(now)
./build.sh -o "$dir/base.qcow2"
printf 'image, built or from the cache: %s s, %s MiB\n' "$(seconds "$start")" $(($(stat -c %s "$dir/base.qcow2") / 1048576))

# The seed, as any tool would make it.
ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/host_key"
printf '10.20.0.10 %s\n' "$(cat "$dir/host_key.pub")" >"$dir/known_hosts"
mkdir "$dir/seed"
seed() {
    printf 'instance-id: %s\nlocal-hostname: tiny-1\n' "$1" >"$dir/seed/meta-data"
    cat >"$dir/seed/user-data" <<DATA
#cloud-config
hostname: tiny-1
fqdn: tiny-1.lab.test
disable_root: false
ssh_authorized_keys:
  - $(cat "$dir/key.pub")
ssh_keys:
  ed25519_private: |
$(sed 's/^/    /' "$dir/host_key")
  ed25519_public: $(cat "$dir/host_key.pub")
users:
  - name: ann
    ssh_authorized_keys: ["$(cat "$dir/key.pub")"]
write_files:
  - {path: /etc/deep/er/plain, content: "it's \$HOME\n", permissions: '0640'}
  - {path: /etc/coded, encoding: b64, content: $(printf 'a\0b' | base64), owner: 'ann:ann'}
  - {path: /etc/joined, content: "one\n"}
  - {path: /etc/joined, content: "two\n", append: true, defer: true}
runcmd:
  - echo \$(hostname) >>/var/ran
  - [sh, -c, 'echo list "\$1" >>/var/ran', -, "it's"]
DATA
    cat >"$dir/seed/network-config" <<DATA
version: 2
ethernets:
  lan:
    match: {macaddress: "52:54:00:AA:00:10"}
    set-name: lan
    mtu: 1400
    addresses: [10.20.0.10/24, "fd00:20::10/64"]
    routes: [{to: default, via: 10.20.0.1}, {to: 10.99.0.0/16, via: 10.20.0.1}]
    nameservers: {addresses: [10.20.0.1], search: [lab.test]}
DATA
    xorriso -as mkisofs -quiet -V cidata -J -r -o "$dir/seed.iso" "$dir/seed" 2>/dev/null
}
seed i-1

images=/var/lib/libvirt/images
host_exec h cp "$dir/base.qcow2" "$dir/seed.iso" $images/
host_exec h qemu-img create -q -f qcow2 -F qcow2 -b $images/base.qcow2 $images/tiny.qcow2 1G
virsh net-create /dev/stdin <<'XML'
<network><name>lan</name><forward mode="nat"/><bridge name="lan" stp="off" delay="0"/>
  <ip address="10.20.0.1" netmask="255.255.255.0"><dhcp><range start="10.20.0.100" end="10.20.0.200"/></dhcp></ip>
</network>
XML
case $bus in
virtio) seed_disk='<disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="'$images'/seed.iso"/><target dev="vdb" bus="virtio"/><readonly/></disk>' ;;
scsi) seed_disk='<disk type="file" device="cdrom"><driver name="qemu" type="raw"/><source file="'$images'/seed.iso"/><target dev="sda" bus="scsi"/><readonly/></disk><controller type="scsi" model="virtio-scsi"/>' ;;
*) failed "bus $bus: virtio or scsi" ;;
esac
virsh define /dev/stdin <<XML
<domain type="qemu"><name>tiny</name><memory unit="MiB">128</memory><vcpu>1</vcpu>
  <os><type machine="q35">hvm</type></os><features><acpi/></features>
  <devices>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="$images/tiny.qcow2"/><target dev="vda" bus="virtio"/></disk>
    $seed_disk
    <interface type="network"><mac address="52:54:00:aa:00:10"/><source network="lan"/><model type="virtio"/></interface>
    <serial type="file"><source path="/var/log/libvirt/qemu/tiny.console"/></serial>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
    <memballoon model="virtio"/>
  </devices>
</domain>
XML

start=$(now)
virsh start tiny
wait_guest "$start" start
guest timeout 20 cloud-init status --wait >/dev/null || failed "never ready"
printf 'start to ready: %s s\n' "$(seconds "$start")"
host_exec h cat /var/log/libvirt/qemu/tiny.console >"$dir/console"

# Each line: what the guest says, and what it must say.
check() {
    local answer
    answer=$(guest "$1") || failed "'$1' failed"
    [ "$answer" = "$2" ] || failed "'$1' says '$answer', not '$2'"
}
check 'hostname' tiny-1
check 'hostname -f' tiny-1.lab.test
check 'ip -o -4 address show dev lan | awk "{print \$4}"' 10.20.0.10/24
check 'ip -o -6 address show dev lan scope global | awk "{print \$4}"' fd00:20::10/64
check 'cat /sys/class/net/lan/mtu' 1400
check 'ip route | awk "/^(default|10.99.0.0.16) via/ {print \$3}"' $'10.20.0.1\n10.20.0.1'
check 'cat /etc/resolv.conf' $'nameserver 10.20.0.1\nsearch lab.test'
check 'ping -c1 -W2 10.20.0.1 >/dev/null && echo yes' yes
check 'cat /etc/deep/er/plain; stat -c %a /etc/deep/er/plain' $'it\'s $HOME\n640'
check 'od -An -c /etc/coded | tr -d " "; stat -c %U:%G /etc/coded' $'a\\0b\nann:ann'
check 'cat /etc/joined' $'one\ntwo'
check 'cat /var/ran' $'tiny-1\nlist it\'s'
check 'cat /var/log/runcmd.log' ''
check 'awk "/vda\$/ {print \$3}" /proc/partitions' 1048576
[ "$(guest 'df -m / | awk "NR == 2 {print \$2}"')" -gt 850 ] || failed "the root file system did not grow: $(guest 'df -m /')"
[ "$(host_exec h timeout 30 ssh -F none -i "$dir/key" -o BatchMode=yes -o UserKnownHostsFile="$dir/known_hosts" ann@10.20.0.10 id -un)" = ann ] || failed "no login as ann"
grep -q 'virtopo-guest: hostname=tiny-1 addr=10.20.0.10 ready' "$dir/console" || failed "no ready line on the console"
! grep -q 'seed:' "$dir/console" || failed "the guest does not understand its seed"
echo payload >"$dir/payload"
host_exec h scp -q -F none -i "$dir/key" -o BatchMode=yes -o UserKnownHostsFile="$dir/known_hosts" "$dir/payload" root@10.20.0.10:/root/payload || failed "scp"

# A disk plugged into the running guest.
host_exec h qemu-img create -q -f raw $images/more.raw 64M
virsh attach-disk tiny $images/more.raw vdc --subdriver raw >/dev/null
if [ "$bus" = virtio ]; then more=vdc; else more=vdb; fi
until guest grep -q "$more" /proc/partitions; do [ $(($(now) - start)) -lt 90000 ] || failed "no hot-plugged disk"; done

start=$(now)
virsh shutdown tiny
wait_off "$start"
printf 'ACPI shutdown: %s s\n' "$(seconds "$start")"

# The same instance again: what ran once does not run again, what was written is still there.
start=$(now)
virsh start tiny
wait_guest "$start" 'second boot'
guest cloud-init status --wait >/dev/null
check 'cat /var/ran' $'tiny-1\nlist it\'s'
check 'cat /root/payload /etc/joined' $'payload\none\ntwo'
check 'hostname' tiny-1
check 'wc -l </root/.ssh/authorized_keys | tr -d " "' 1

# Another instance-id is another first boot. `reboot` in the guest is enough to see it.
seed i-2
host_exec h sh -c "cat $dir/seed.iso >$images/seed.iso"
guest 'touch /run/old; reboot' || true
start=$(now)
until host_exec h timeout 0.2 bash -c '</dev/tcp/10.20.0.10/22' 2>/dev/null && guest 'test ! -e /run/old' 2>/dev/null; do [ $(($(now) - start)) -lt 60000 ] || failed "no reboot"; done
guest cloud-init status --wait >/dev/null
check 'cat /var/ran' $'tiny-1\nlist it\'s\ntiny-1\nlist it\'s'

host_exec h cat "/proc/$(host_exec h cat /run/libvirt/qemu/tiny.pid)/status" | awk '/VmRSS/ {printf "QEMU: %d MiB\n", $2 / 1024}'

# Without a seed: the address comes from DHCP, and there is a host key, but nobody's key.
virsh destroy tiny
host_exec h qemu-img create -q -f qcow2 -F qcow2 -b $images/base.qcow2 $images/tiny.qcow2
host_exec h truncate -s 0 $images/seed.iso
host_exec h truncate -s 1M $images/seed.iso
host_exec h sh -c ': >/var/log/libvirt/qemu/tiny.console'
start=$(now)
virsh start tiny
until host_exec h grep -q 'addr=10.20.0.1[0-9][0-9] ready' /var/log/libvirt/qemu/tiny.console; do
    [ $(($(now) - start)) -lt 60000 ] || failed "no lease without a seed: $(host_exec h tail -5 /var/log/libvirt/qemu/tiny.console)"
    sleep 0.1
done
printf 'start to ready, by DHCP: %s s\n' "$(seconds "$start")"
host_exec h ssh-keyscan -t ed25519 "$(virsh net-dhcp-leases lan | grep -o '10\.20\.0\.1[0-9]*')" 2>/dev/null | grep -q ssh-ed25519 || failed "no SSH without a seed"
rm -rf "$dir"
host_down h
echo "selftest: passed"
