#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disks of nodes as files: of a node that runs and writes, of one that is off; in other formats; as the image of
# another cluster; cut off anywhere.
# minutes: 10
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" tiny.qcow2
blank_image blank.img
pool=/var/lib/virtopo/lab
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 }, blank: { file: blank.img, format: raw } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: tiny, memory: 160M }
nodes:
  web: { networks: [lan], disks: [{ name: data, size: 32M, format: raw }] }
  idle: { image: blank, memory: 32M, ready: none, networks: [lan] }
Y
undisturbed() {
    equal "$1 runs" "$(vir domstate "lab_$1")" running
    lacks "$1 has no copy under way" "$(vir dumpxml "lab_$1")" "<mirror"
    equal "nothing of it is left" "$(on ls $pool | sed -n /exporting/p; ls | sed -n /part/p)" ""
}
ok up --quiet
guest web 'echo mine >/root/mine; echo raw data >/dev/vdb; sync' >/dev/null
boot=$(guest web cat /proc/sys/kernel/random/boot_id)

step "a node that runs"
ok export web
matches "of one moment" "$OUT" '^node web: disk root as it was at one moment, in which the node was held for [0-9]+ ms, as after a power cut'
matches "what is in it" "$OUT" '^It is web itself'
undisturbed web
equal "it runs on" "$(guest web cat /proc/sys/kernel/random/boot_id)" "$boot"
equal "one file" "$(qemu-img info --output=json web.qcow2 | jq -r '."backing-filename"')" null
holds "whole" qemu-img check -q web.qcow2
equal "for its owner" "$(stat -c %a web.qcow2)" 600
exits 2 export web
contains "not over a file" "$ERR" "web.qcow2 is there already"

step "other disks and formats"
ok export web data.raw --disk data --format raw
equal "its bytes" "$(head -c 9 data.raw)" "raw data"
equal "its size" "$(stat -c %s data.raw)" $((32 << 20))
ok export web web.vmdk --format vmdk --json
equal "as JSON" "$(tail -n 1 <<<"$OUT" | jq -r '"\(.type) \(.node) \(.disk) \(.file) \(.format) \(.exit_code) \(.notes | length)"')" "result web root web.vmdk vmdk 0 1"
equal "that format" "$(qemu-img info --output=json web.vmdk | jq -r .format)" vmdk
ok export web data.vdi --disk data
equal "the format of its name" "$(qemu-img info --output=json data.vdi | jq -r .format)" vdi
ok export web odd.raw --disk data --format qcow2
equal "unless another is asked for" "$(qemu-img info --output=json odd.raw | jq -r .format)" qcow2
ok export web small.qcow2 --compress
holds "it is smaller" test "$(stat -c %s small.qcow2)" -lt "$(stat -c %s web.qcow2)"
exits 2 export web x --disk dota
contains "its disks" "$ERR" "it has: root, data"
exits 2 export wep
contains "the nearest" "$ERR" "did you mean 'web'?"
exits 2 export web x.raw --format raw --compress
undisturbed web

step "a node that is off"
vir destroy lab_idle >/dev/null
ok export idle
holds "the same bytes" qemu-img compare -q idle.qcow2 blank.img
equal "it is still off" "$(vir domstate lab_idle)" "shut off"
equal "nothing else runs" "$(vir list --name | sed -n /virtopo-copy/p)" ""
ok up --quiet

step "as the image of another cluster"
mkdir other
yaml other/virtopo.yaml <<'Y'
cluster: other
images: { web: { file: ../web.qcow2 } }
networks: { lan: { subnet: 10.21.0.0/24 } }
nodes: { n: { image: web, memory: 160M, networks: [lan] } }
Y
ok -f other/virtopo.yaml up
equal "what was on it" "$(VT_QUIET=1 vt -f other/virtopo.yaml ssh n -- cat /root/mine >/dev/null; echo "$OUT")" mine
equal "its name" "$(VT_QUIET=1 vt -f other/virtopo.yaml ssh n -- hostname >/dev/null; echo "$OUT")" n
ok -f other/virtopo.yaml down --yes

step "into the host's store"
ok export web --image kept --compress
matches "the line for the file" "$OUT" '^  kept: \{ stored: [0-9a-f]{64} \}$'
equal "no file is left here" "$(find "$SCRATCH/cache" -path '*exports/*')" ""
{
    printf 'cluster: other\nnetworks: { lan: { subnet: 10.21.0.0/24 } }\nnodes: { n: { image: kept, memory: 160M, networks: [lan] } }\n'
    sed -n '/^images:/,/stored/p' <<<"$OUT"
} >other/virtopo.yaml
ok -f other/virtopo.yaml up
equal "what was on it" "$(VT_QUIET=1 vt -f other/virtopo.yaml ssh n -- cat /root/mine >/dev/null; echo "$OUT")" mine
ok -f other/virtopo.yaml down --yes
exits 2 export web file --image kept
exits 2 export web --image Kept
contains "a name" "$ERR" "'Kept' cannot be the name of an image"

step "no room here"
on sh -c 'mkdir -p /run/little && mount -t tmpfs -o size=1M tmpfs /run/little'
exits 1 export web /run/little/web.qcow2
contains "it is told" "$ERR" "No space left on device"
equal "nothing half-made" "$(on ls /run/little | xargs)" ""
on umount /run/little
undisturbed web

step "cut off at any call, the next run cleans up"
there=$(on ls $pool | xargs)
calls=$(write_calls export idle gone.qcow2 | wc -l)
for ((n = 1; n <= calls; n++)); do
    rm -f gone.qcow2
    VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_CLASS=write SHIM_AT=$n SHIM_WHEN=after)
    VT_QUIET=1 vt export idle gone.qcow2 >/dev/null
    VT_EXTRA=()
    [ "$RC" = 0 ] || [ ! -e gone.qcow2 ] || qemu-img check -q gone.qcow2 || fail "call $n: half a file"
    VT_QUIET=1 vt up >/dev/null
    [ "$RC" = 0 ] || { indent <<<"$OUT$ERR"; fail "up after a kill at call $n: exit code $RC"; }
    left=$(on ls $pool | xargs)
    [ "$left" = "$there" ] || fail "call $n: left behind: $left"
    [ "$(vir domstate lab_idle)" = running ] || fail "call $n: the node does not run"
    ! vir dumpxml lab_idle | grep -q "<mirror" || fail "call $n: a copy is under way"
done
pass "$calls calls"
rm -f gone.qcow2
ok export idle gone.qcow2
undisturbed idle
ok down --yes
ok down --yes --prune
equal "nothing is left" "$(host_state)" "$before"
