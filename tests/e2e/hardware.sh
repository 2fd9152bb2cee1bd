# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For tests that look at a guest's hardware from the inside; to be sourced in place of lib.sh. The guest is
# tests/guest with --hardware; all it tells comes from /proc and /sys.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Prints the path of the guest's image, made when it is not there.
hardware_image() { "$E2E/../guest/build.sh" --hardware || fail "no hardware guest"; }

# NODE...: until the guest has loaded all its drivers, which it does after SSH answers.
settled() {
    local node
    for node; do guest "$node" cloud-init status --wait >/dev/null; done
}
# NODE: a line for each disk: kernel name, how it is attached, serial number, bytes.
# shellcheck disable=SC2016
guest_disks() {
    guest "$1" '
    for d in /sys/block/*; do
        n=${d##*/} serial=
        case $n in loop* | ram* | fd*) continue ;; esac
        case $(readlink -f "$d") in
            */usb*) bus=usb ;; */nvme*) bus=nvme ;; */virtio*/host*) bus=virtio-scsi ;; */virtio*) bus=virtio ;;
            */ata*) bus=$(basename "$(readlink -f "$(readlink -f "$d" | sed "s,/ata[0-9].*,,")/driver")") ;;
            *) bus=other ;;
        esac
        for f in "$d/serial" "$d/device/serial"; do [ -z "$serial" ] && [ -s "$f" ] && serial=$(cat "$f"); done
        [ -n "$serial" ] || serial=$(tail -c +5 "$d/device/vpd_pg80" 2>/dev/null | tr -d "\0")
        echo $n $bus ${serial:--} $(($(cat "$d/size") * 512))
    done'
}
# NODE: a line for each network card: MAC address, driver, MTU.
# shellcheck disable=SC2016
guest_nics() {
    guest "$1" '
    for d in /sys/class/net/*; do
        [ -e "$d/device" ] || continue
        echo $(cat "$d/address") $(basename "$(readlink -f "$d/device/driver")") $(cat "$d/mtu")
    done'
}
# NODE: a line for each PCI device: class, vendor:device.
# shellcheck disable=SC2016
guest_pci() { guest "$1" 'cd /sys/bus/pci/devices; for d in *; do echo $(cat "$d/class") $(cat "$d/vendor"):$(cat "$d/device"); done' | sed 's/0x//g'; }
# NODE: a line for each USB device: vendor:product and its name.
# shellcheck disable=SC2016
guest_usb() { guest "$1" 'for d in /sys/bus/usb/devices/*; do [ ! -e "$d/idVendor" ] || echo $(cat "$d/idVendor"):$(cat "$d/idProduct") $(cat "$d/product" 2>/dev/null); done'; }
# NODE FILE: what a file of the guest says, without NUL bytes.
guest_file() { guest "$1" "tr -d '\\0' <$2"; }
