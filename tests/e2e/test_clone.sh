#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Clones of nodes that run, that write, and that are stopped: of one moment, with an identity of their own, and
# nothing left on the original; kept by `up` while they are not in the file; cut off at any call.
# minutes: 15
. "$(dirname "$0")/hardware.sh"

host_up a
host_warm
before=$(host_state)
cp "$(hardware_image)" full.qcow2
cp "$(guest_image)" tiny.qcow2
blank_image blank.img
pool=/var/lib/virtopo/lab
write_lab() { # MORE LINES
    yaml <<Y
cluster: lab
images: { full: { file: full.qcow2 }, tiny: { file: tiny.qcow2 }, blank: { file: blank.img, format: raw } }
networks: { lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.120] } }
defaults: { image: tiny, memory: 160M }
nodes:
  web:
    image: full
    memory: 384M
    networks: [{ lan: 10.20.0.11 }]
    disks: [{ name: data, size: 64M }, { name: raw, size: 32M, format: raw }]
  small: { networks: [lan], disks: [{ name: data, size: 32M }] }
  idle: { image: blank, memory: 32M, ready: none, networks: [lan] }
$1
Y
}
boot() { guest "$1" cat /proc/sys/kernel/random/boot_id; }
# What identifies a machine, a line each.
identity() { guest "$1" "hostname; cat /etc/machine-id; dropbearkey -y -f /etc/dropbear/host_key | grep ^ssh; ip -o -4 address show scope global | awk '{print \$4}'; cat /sys/class/net/eth0/address"; }
differ() { equal "$1: all of it differs" "$(comm -12 <(sort <<<"$2") <(sort <<<"$3"))" ""; }
# NODE: the original is as it was: no job, no snapshot, its own files, not paused.
undisturbed() {
    equal "$1 runs" "$(vir domstate "lab_$1")" running
    lacks "$1 has no copy under way" "$(vir dumpxml "lab_$1")" "<mirror"
    equal "$1 has no snapshot" "$(vir snapshot-list "lab_$1" --name | xargs)" ""
    equal "$1 has its own disks" "$(vir domblklist "lab_$1" | awk '{print $2}' | grep -v "^$pool/$1\.\|^Source\|^$" | xargs)" ""
}
# The guest's root file system, as e2fsck finds it. VOLUME
checked() {
    on qemu-img convert -U -f qcow2 -O raw "$pool/$1" /run/check.raw
    on sh -c 'start=$(od -A n -t u4 -j 470 -N 4 /run/check.raw)
        dd if=/run/check.raw of=/run/check.fs bs=512 skip=$((start)) conv=sparse status=none
        e2fsck -f -n /run/check.fs >/run/check.log 2>&1
        echo $?
        rm -f /run/check.raw /run/check.fs'
}

write_lab ''
ok up --quiet
settled web
guest web 'mkfs.ext4 -q /dev/vdb && mkdir -p /data && mount -t ext4 /dev/vdb /data
    echo 0123456789abcdef0123456789abcdef >/etc/machine-id' >/dev/null
guest small 'mkfs.ext4 -q /dev/vdb && mkdir -p /data && mount -t ext4 /dev/vdb /data; echo 00112233445566778899aabbccddeeff >/etc/machine-id; sync' >/dev/null
boot_web=$(boot web)
# Writes a number to the one disk, then to the other: at no moment is the second ahead.
# shellcheck disable=SC2016
write='n=0; while :; do n=$((n + 1)); echo $n >/root/n.new; mv /root/n.new /root/n; sync; echo $n >/data/n.new; mv /data/n.new /data/n; sync; done'
guest web "echo '$write' >/root/write.sh; setsid sh /root/write.sh </dev/null >/dev/null 2>&1 & sleep 2" >/dev/null

step "a node that runs and writes"
ok clone web copy
matches "the plan" "$OUT" '^\+ +node +copy +1 vCPU, 384 MiB, .*lan 10\.20\.0\.[0-9]+, with the disks of web$'
matches "of one moment" "$OUT" '^node copy: the disks are those of web at one moment, in which it was held for [0-9]+ ms, with its file systems written out and frozen by its agent$'
matches "what the file would say" "$OUT" '^  copy:$'
undisturbed web
equal "the original runs on" "$(boot web)" "$boot_web"
settled copy
guest copy 'mkdir -p /data; mount -t ext4 /dev/vdb /data' >/dev/null
n=$(guest copy cat /root/n) m=$(guest copy cat /data/n)
holds "both disks are of one moment: $n, $m" test "$n" = "$m" -o "$n" = $((m + 1))
holds "and not of the beginning" test "$n" -gt 0
now=$(guest web cat /root/n)
holds "the original has written on: $now" test "$now" -gt "$n"
identity_web=$(identity web) identity_copy=$(identity copy)
differ "identity" "$identity_web" "$identity_copy"
equal "the base image is shared" "$(on qemu-img info -U --output=json $pool/copy.root.qcow2 | jq -r '."full-backing-filename"')" \
    "$(on qemu-img info -U --output=json $pool/web.root.qcow2 | jq -r '."full-backing-filename"')"
lacks "no error of the file system" "$(guest copy dmesg)" "EXT4-fs error"
equal "no mark is left" "$(on ls $pool | sed -n /cloning/p)" ""

step "it stays, and is told"
vt plan --exit-code
equal "nothing to do" "$RC $(head -n 1 <<<"$OUT")" "0 No changes."
contains "told by plan" "$OUT" "Node copy is a clone of web and not in the file: it is kept."
ok up
contains "told by up" "$OUT" "Node copy is a clone of web and not in the file: it is kept."
ok status
matches status "$OUT" '^copy +running +yes +1 +384 MiB +local +lan 10\.20\.0\.[0-9]+ +a clone, not in the file'
equal "as JSON" "$(VT_QUIET=1 vt status --json >/dev/null; jq -r '.nodes[] | select(.name == "copy") | "\(.in_file) \(.clone_of)"' <<<"$OUT")" "false web"
boot_copy=$(boot copy)

step "what cannot be cloned"
exits 2 clone wep other
contains "the nearest name" "$ERR" "did you mean 'web'?"
exits 1 clone web copy
contains "it is there" "$ERR" "node 'copy' exists already"
exits 2 clone web Bad_Name
contains "a name" "$ERR" "'Bad_Name' cannot be the name of a node"
exits 2 clone web web
on sh -c 'truncate -s 1M /run/shared.img'
write_lab "  owner: { image: blank, memory: 32M, ready: none, disks: [{ name: own, source: { file: /run/shared.img }, format: raw }] }"
exits 1 clone owner other
contains "not made yet" "$ERR" "node 'owner' is not made yet"
ok up --quiet
exits 1 clone owner other
contains "somebody else's disk" "$ERR" "disk 'own' of node 'owner' (/run/shared.img) is not virtopo's to copy"
write_lab ''
ok up --yes --destroy-data --quiet

step "into the file: with other keys, then out of it"
ip=$(sed -n 4p <<<"$identity_copy")
write_lab "  copy: { image: full, memory: 384M, networks: [{ lan: ${ip%/*} }], disks: [{ name: data, size: 64M }, { name: raw, size: 32M, format: raw }] }"
plans '^~ +node +copy +clone of web -> in the file +live'
ok up
plans
equal "it runs on" "$(boot copy)" "$boot_copy"
write_lab ''
plans '^~ +network +lan +address of copy removed' '^- +node +copy +not in the file any more'
ok up --yes --destroy-data
fails "its disks are gone" on sh -c "ls $pool/copy.*"

step "a node that does not run, not started; no agent: as after a power cut"
guest small 'echo kept >/data/kept; sync' >/dev/null
ok clone small second
contains "as after a power cut" "$OUT" "as after a power cut: it has no agent"
undisturbed small
guest second 'mkdir -p /data; mount -t ext4 /dev/vdb /data' >/dev/null
equal "what was on it" "$(guest second cat /data/kept)" kept
differ "identity" "$(identity small)" "$(identity second)"
vir shutdown lab_small >/dev/null
wait_for 30 "the node is off" sh -c "[ \"\$(VIRTOPO_TEST_DIR=$VIRTOPO_TEST_DIR bash $E2E/../host/host.sh exec $HOST -- virsh -c qemu:///system domstate lab_small | head -n 1)\" = 'shut off' ]"
ok clone small third --no-start
equal "it is defined" "$(vir domstate lab_third)" "shut off"
equal "the original is still off" "$(vir domstate lab_small)" "shut off"
equal "nothing else runs" "$(vir list --name | sed -n /virtopo-copy/p)" ""
equal "the file system is whole" "$(checked third.root.qcow2)" 0
ok up --quiet
differ "identity" "$(identity small)" "$(identity third)"
differ "identity" "$(identity second)" "$(identity third)"
guest third 'mkdir -p /data; mount -t ext4 /dev/vdb /data' >/dev/null
equal "what was on it" "$(guest third cat /data/kept)" kept

step "one that the file has, larger"
write_lab "  big: { networks: [{ lan: 10.20.0.50 }], disk: 400M, disks: [{ name: data, size: 64M }] }"
ok clone small big
equal "its address" "$(guest big ip -o -4 address show scope global | awk '{print $4}')" 10.20.0.50/24
exits 0 plan --exit-code
lacks "it is the file's" "$OUT" "Node big"
guest big 'mkdir -p /data; mount -t ext4 /dev/vdb /data' >/dev/null
equal "what was on it" "$(guest big cat /data/kept)" kept
write_lab ''
ok up --yes --destroy-data --quiet

step "cut off at any call, the next run cleans up"
calls=$(write_calls clone idle gone | wc -l)
vir domstate lab_gone >/dev/null
remove_clone() {
    vir destroy lab_gone 2>/dev/null || true
    vir undefine lab_gone 2>/dev/null || true
    on sh -c "rm -f $pool/gone.*"
    vir pool-refresh virtopo_lab
    VT_QUIET=1 ok up --yes --destroy-data
} >/dev/null
remove_clone
there=$(on ls $pool | xargs)
for ((n = 1; n <= calls; n++)); do
    VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_CLASS=write SHIM_AT=$n SHIM_WHEN=after)
    VT_QUIET=1 vt clone idle gone >/dev/null
    VT_EXTRA=()
    VT_QUIET=1 vt up --yes >/dev/null
    [ "$RC" = 0 ] || { indent <<<"$OUT$ERR"; fail "up after a kill at call $n: exit code $RC"; }
    if vir domstate lab_gone >/dev/null 2>&1; then
        # It was whole: it stays, and runs.
        [ "$(vir domstate lab_gone)" = running ] || fail "call $n: the clone does not run"
        remove_clone
    fi
    left=$(on ls $pool | xargs)
    [ "$left" = "$there" ] || fail "call $n: left behind: $left"
    [ "$(vir domstate lab_idle)" = running ] || fail "call $n: the original does not run"
    ! vir dumpxml lab_idle | grep -q "<mirror" || fail "call $n: a copy is under way"
done
pass "$calls calls"
undisturbed idle
equal "the node that wrote all the time" "$(boot web)" "$boot_web"
ok down --yes
ok down --yes --prune
equal "nothing is left" "$(host_state)" "$before"
