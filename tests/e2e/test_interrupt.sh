#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cut off otherwise than by SIGKILL: Ctrl-C, SIGTERM, a libvirtd that dies, a copy that stops half-way. It says
# where things stand, and the next up goes on.
# minutes: 8
. "$(dirname "$0")/lib.sh"

host_up a
blank_image blank.raw
head -c 67108864 /dev/urandom >big.raw
printf '\x55\xaa' | dd of=big.raw bs=1 seek=510 conv=notrunc status=none
file() { # IMAGE READY
    yaml <<Y
cluster: s
images: { disk: { file: $1 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: disk, memory: 32M, virt: qemu, ready: $2, networks: [lan] }
nodes: { a: {}, b: { depends_on: [a] }, c: {} }
Y
}
shim >/dev/null
calls() { VT_EXTRA=(LD_PRELOAD="$SCRATCH/shim.so" SHIM_LOG="$SCRATCH/$1"); shift; rm -f "$SCRATCH/reference"; ok "$@"; VT_EXTRA=(); }
# The number of the Nth call of a function among the writing ones of the reference run.
nth() { grep ' write ' "$SCRATCH/reference" | grep -n " $1\$" | sed -n "${2:-1}s/:.*//p"; }
# SIGNAL N ARGUMENTS...: virtopo, with that signal at its Nth writing call.
struck() {
    VT_EXTRA=(LD_PRELOAD="$SCRATCH/shim.so" SHIM_CLASS=write SHIM_WHEN=after SHIM_SIGNAL="$1" SHIM_AT="$2")
    shift 2
    vt "$@"
    VT_EXTRA=()
}
locks() { vir secret-list | grep -c virtopo || true; }
whole() {
    ok up
    plans
    equal "all run" "$(vir list --name | sort | xargs)" "s_a s_b s_c"
}

# Once before, so that the image is in the store and later runs make the same calls.
file blank.raw none
VT_QUIET=1 ok up
VT_QUIET=1 ok down --yes
calls reference up
ok down --yes

step "Ctrl-C: what is under way comes to its end, the rest is not begun"
# One step at a time and early, so that there is always a rest.
struck 2 6 -p 1 up
equal "exit code" "$RC" 1
contains "it says so" "$ERR" "Run the same command again to go on"
matches "and how far it came" "$ERR" '[0-9]+ steps? not done'
holds "not all was made" [ "$(vir list --all --name | wc -w)" -lt 3 ]
equal "the lock was given back" "$(locks)" 0
ok status
whole

step "Ctrl-C during down"
struck 2 2 down --yes
equal "exit code" "$RC" 1
contains "it says so" "$ERR" "Run the same command again to go on"
ok down --yes
equal "all gone" "$(vir list --all --name | xargs)$(vir net-list --all --name | xargs)" ""

step "SIGTERM is the same"
struck 15 "$(nth virStorageVolCreateXML 4)" up
equal "exit code" "$RC" 1
contains "it says so" "$ERR" "Run the same command again to go on"
equal "the lock was given back" "$(locks)" 0
whole
ok down --yes

step "Ctrl-C while waiting for a guest"
file blank.raw ssh
vt_start up
wait_for 60 "a waits" grep -q "node a: waiting for ssh" "$SCRATCH/vt.out"
start=$SECONDS
kill -INT "$VT_PID"
vt_wait
equal "exit code" "$RC" 1
holds "at once" [ $((SECONDS - start)) -le 10 ]
contains "where it stands" "$OUT" "node a: interrupted"
equal "the lock was given back" "$(locks)" 0
file blank.raw none
whole
ok down --yes

step "libvirtd killed at every fifth writing call of up, and started again"
points=0
# Holds virtopo at its Nth writing call, takes libvirtd away. 1 when there is no such call.
take_away() {
    local n=$1 state
    VT_EXTRA=(LD_PRELOAD="$SCRATCH/shim.so" SHIM_CLASS=write SHIM_WHEN=after SHIM_SIGNAL=19 SHIM_AT="$n")
    vt_start up
    VT_EXTRA=()
    while state=$(awk '/^State/ {print $2}' "/proc/$VT_PID/status" 2>/dev/null) && [ "$state" != T ]; do
        [ "$state" != Z ] || return 1
        sleep 0.05
    done
    [ "$state" = T ] || return 1
    on sh -c 'kill -9 "$(cat /run/libvirtd.pid)"'
}
for ((n = 2; n <= $(grep -c ' write ' "$SCRATCH/reference"); n += 5)); do
    if ! take_away $n; then # fewer calls this time
        vt_wait
        VT_QUIET=1 ok down --yes
        continue
    fi
    host_libvirt_up a
    kill -CONT "$VT_PID"
    vt_wait
    [ "$RC" = 1 ] || [ "$RC" = 4 ] || [ "$RC" = 0 ] || { fail "libvirtd killed at call $n: up ended with $RC"; }
    [ "$RC" = 0 ] || matches "libvirtd killed at call $n: up ends with $RC and an error" "$ERR" '^error: '
    VT_QUIET=1 vt up
    # Killed between starting dnsmasq and taking note of it: the hint has the way out.
    if [ "$RC" != 0 ] && [[ $ERR =~ (kill \$\(cat /run/libvirt/network/s_lan.pid\)) ]]; then
        on sh -c "${BASH_REMATCH[1]}"
        VT_QUIET=1 vt up
    fi
    equal "the next up" "$RC" 0
    VT_QUIET=1 plans
    equal "all run" "$(vir list --name | sort | xargs)" "s_a s_b s_c"
    VT_QUIET=1 ok down --yes
    equal "nothing is left" "$(vir list --all --name | xargs)$(vir net-list --all --name | xargs)$(on find /var/lib/virtopo -mindepth 1 -maxdepth 1 -type d)" ""
    points=$((points + 1))
done
holds "points: $points" [ $points -ge 6 ]

step "libvirtd gone, and not back: an error that says so, and status 1"
holds "it is held, libvirtd is gone" take_away "$(nth virNetworkCreate)"
kill -CONT "$VT_PID"
start=$SECONDS
vt_wait
equal "exit code" "$RC" 1
holds "soon" [ $((SECONDS - start)) -le 20 ]
host_libvirt_up a
whole
ok down --yes --prune

step "killed in the middle of the copy of an image"
file big.raw none
calls reference up
ok down --yes --prune
sends=$(nth virStreamSend 100)
struck 9 "$sends" up
equal "exit code" "$RC" 137
part=$(on sh -c 'ls /var/lib/virtopo/sha256-*.raw')
fails "the copy is not whole" cmp -s big.raw "$(host_path "$part")"
whole
holds "now it is" cmp -s big.raw "$(host_path "$part")"
ok down --yes --prune
equal "nothing is left" "$(on find /var/lib/virtopo -mindepth 1)" ""
