#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Killed before and after every libvirt call that writes, and after every 8th that reads, of a
# three-node up and of its down: the next up makes the cluster whole, the next down leaves nothing.
# minutes: 20
. "$(dirname "$0")/lib.sh"

blank_image blank.raw
yaml <<'Y'
cluster: s
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.0.0/24 }, iso: { mode: isolated, subnet: 10.30.0.0/24 } }
defaults: { image: blank, memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes:
  a: { networks: [lan, iso], disks: [{ name: data, size: 4M }], autostart: true }
  b: { depends_on: [a], disk: 2M }
  c: {}
Y
shim >/dev/null

# Everything of the cluster and of the store, in one go; each line is something left behind.
leftovers() {
    on sh -c '
        virsh -q -c qemu:///system "list --all --name; net-list --all --name; pool-list --all --name; secret-list"
        find /var/lib/virtopo -mindepth 1
        find /etc/libvirt/qemu /etc/libvirt/storage -type f -o -type l
        ip -o link | grep -E "vnet|lan-|iso-"
        find /var/lib/libvirt/dnsmasq /var/lib/libvirt/qemu -name "*s_*"
        for file in /run/libvirt/qemu/s_*.pid /run/libvirt/network/s_*.pid; do
            [ ! -f "$file" ] || ! kill -0 "$(cat "$file")" 2>/dev/null || echo "runs: $file"
        done' | grep -v '^$' || true
    find "$SCRATCH/data" -type f
}

reference() { # FILE ARGUMENTS...: the log of a run that nobody kills
    local VT_EXTRA VT_QUIET=1 log=$1
    shift
    VT_EXTRA=(LD_PRELOAD="$SCRATCH/shim.so" SHIM_LOG="$log")
    ok "$@"
}
number() { grep -c " $2 " "$1"; }

# Lines "CLASS N WHEN".
points() {
    local n
    for ((n = 1; n <= $(number "$1" write); n++)); do printf 'write %d before\nwrite %d after\n' $n $n; done
    for ((n = 4; n <= $(number "$1" read); n += 8)); do printf 'read %d after\n' $n; done
}

killed() { # LINE ARGUMENTS...: 0 when it was, 1 when it came to its end before
    local class n when VT_EXTRA
    read -r class n when <<<"$1"
    shift
    rm -f "$SCRATCH/calls"
    VT_EXTRA=(LD_PRELOAD="$SHIM" SHIM_LOG="$SCRATCH/calls" SHIM_CLASS="$class" SHIM_AT="$n" SHIM_WHEN="$when")
    vt "$@" 2>/dev/null
    LAST="$when $(grep " $class " "$SCRATCH/calls" | sed -n "${n}p" | cut -d' ' -f3) ($class call $n)"
    case $RC in
    137) return 0 ;;
    0) return 1 ;;
    *) problem "to be killed $LAST: virtopo $* ended with $RC"; return 0 ;;
    esac
}
# A point at which something went wrong: told with all that was said, and the next one tried.
problem() {
    printf 'FAIL: %s\n' "$*"
    indent <"$SCRATCH/out"
    indent <"$SCRATCH/err"
    echo "$*" >>"$SCRATCH/problems"
}

# One point of up and one of down.
cycle() {
    local up=$1 down=$2 bad left
    bad=$(wc -l <"$SCRATCH/problems")
    if ! killed "$up" up; then
        echo "not reached: $up of up"
    else
        echo up >>"$SCRATCH/reached"
        vt up
        [ "$RC" = 0 ] || problem "up killed $LAST: the second up ended with $RC"
        vt plan --exit-code
        [ "$RC $OUT" = "0 No changes." ] || problem "up killed $LAST: after the second up there is something to do"
        [ "$(vir list --name | sort | xargs)" = "s_a s_b s_c" ] || problem "up killed $LAST: not all nodes run"
        [ "$(wc -l <"$SCRATCH/problems")" != "$bad" ] || pass "up killed $LAST"
    fi
    bad=$(wc -l <"$SCRATCH/problems")
    if [ -n "$down" ] && killed "$down" down --yes --prune; then
        echo down >>"$SCRATCH/reached"
    else
        LAST="never"
    fi
    vt down --yes --prune
    [ "$RC" = 0 ] || problem "down killed $LAST: the second down ended with $RC"
    left=$(leftovers)
    [ -z "$left" ] || problem "down killed $LAST (before it: up $up): left behind: $left"
    [ "$(wc -l <"$SCRATCH/problems")" != "$bad" ] || [ "$LAST" = never ] || pass "down killed $LAST"
    if [ -n "$left" ]; then # a bare host for the next point
        host_down "$HOST"
        host_up "$HOST"
        rm -rf "$SCRATCH/data" "$SCRATCH/cache"
    fi
}

# Each worker has its own host, keys and cache.
worker() {
    local me=$1 of=$2 n=0 up down VT_QUIET=1
    HOST=w$me SHIM=$SCRATCH/shim.so SCRATCH=$SCRATCH/w$me
    VT_ENV+=(XDG_DATA_HOME="$SCRATCH/data" XDG_CACHE_HOME="$SCRATCH/cache")
    while IFS='|' read -r up down; do
        [ $((n++ % of)) = "$me" ] || continue
        mkdir -p "$SCRATCH/data" "$SCRATCH/cache"
        cycle "$up" "$down"
    done
}

workers=${SURVIVAL_WORKERS:-2}
for ((i = 0; i < workers; i++)); do host_up w$i; done
HOST=w0
reference "$SCRATCH/up.log" up
reference "$SCRATCH/down.log" down --yes --prune
equal "nothing is left to begin with" "$(leftovers)" ""
points "$SCRATCH/up.log" >"$SCRATCH/up.points"
points "$SCRATCH/down.log" >"$SCRATCH/down.points"
paste -d'|' "$SCRATCH/up.points" "$SCRATCH/down.points" >"$SCRATCH/points"
step "$(number "$SCRATCH/up.log" write) writing and $(number "$SCRATCH/up.log" read) reading calls of up, $(number "$SCRATCH/down.log" write) and $(number "$SCRATCH/down.log" read) of down"

for ((i = 0; i < workers; i++)); do
    mkdir "$SCRATCH/w$i"
    : >"$SCRATCH/w$i/problems"
    (worker $i "$workers" <"$SCRATCH/points") >"$SCRATCH/w$i/log" 2>&1 &
done
wait
cat "$SCRATCH"/w*/log | grep -v "^  [$] "
step "result"
reached() { cat "$SCRATCH"/w*/reached | grep -cx "$1"; }
printf 'killed at %d points of up and %d of down\n' "$(reached up)" "$(reached down)"
equal "points that went wrong" "$(cat "$SCRATCH"/w*/problems)" ""
# The order of parallel calls varies a little, so the last ones may not be there.
holds "points reached: nearly all" [ "$(cat "$SCRATCH"/w*/reached | wc -l)" -ge $(($(cat "$SCRATCH"/*.points | wc -l) * 95 / 100)) ]
holds "and many" [ "$(reached up)" -ge 60 ]
