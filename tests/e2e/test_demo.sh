#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make demo` where no libvirt runs, twice; `make demo-down` leaves nothing of it.
# minutes: 6
. "$(dirname "$0")/lib.sh"

demo() { # TARGET
    local root
    root=$(realpath "$E2E/../..")
    printf '  $ make %s\n' "$1"
    RC=0
    OUT=$(on env -u MAKEFLAGS -u MAKELEVEL "${VT_ENV[@]}" \
        make -C "$root" --no-print-directory "$1" BUILD="$(dirname "$VIRTOPO")" 2>&1 </dev/null) || RC=$?
    indent <<<"$OUT"
    equal "make $1: exit code" "$RC" 0
}
daemons() { on sh -c 'for name in libvirtd virtlogd; do pgrep -F /run/$name.pid -x $name >/dev/null && echo $name; done; true' 2>/dev/null; }

# The machine's own /dev/kvm is left in sight: where the processor cannot use it, the demo says so.
HOST_KVM=1 host_up a --no-libvirt
ln -s "$(dirname "$(guest_image)")" "$SCRATCH/cache/virtopo-guest"
equal "no libvirt runs" "$(daemons)" ""
before=$(on ip -o link | sed 's/^[0-9]*: //; s/[:@].*//')

step "from nothing to three guests"
demo demo
contains "libvirt" "$OUT" "started libvirtd"
contains "up" "$OUT" "Cluster quickstart is up"
for line in 'db .*running .*10\.20\.77\.10' 'web-1 .*running .*10\.20\.77\.11' 'web-2 .*running .*10\.20\.77\.12'; do
    matches "status" "$OUT" "^$line"
done
for line in 'db: Linux .*, 10\.20\.77\.10/24' 'web-1: Linux .*, 10\.20\.77\.11/24' 'web-2: Linux .*, 10\.20\.77\.12/24'; do
    matches "over SSH" "$OUT" "^$line"
done
contains "a file in the guest" "$OUT" "hello from a file in the YAML"
matches "names resolve" "$OUT" "64 bytes from 10\.20\.77\.10"
contains "how to go on" "$OUT" "make demo-down"

step "again"
demo demo
contains "libvirt" "$OUT" "it runs already"
contains "up" "$OUT" "No changes"

step "and away"
demo demo-down
contains "down" "$OUT" "Cluster quickstart is gone"
contains "libvirt" "$OUT" "stopped libvirtd"
equal "no daemon is left" "$(daemons)" ""
fails "no folder of the demo is left" on test -e /run/virtopo-demo
equal "no disk is left" "$(on ls -A /var/lib/virtopo)" ""
equal "the devices are as before" "$(on ip -o link | sed 's/^[0-9]*: //; s/[:@].*//')" "$before"

step "away twice is fine"
demo demo-down
contains "down" "$OUT" "libvirt does not run"
