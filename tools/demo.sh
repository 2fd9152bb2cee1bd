#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The first minutes with virtopo, from a bare machine to guests that answer SSH.
#
#   demo.sh up      packages, build, libvirt, examples/quickstart.yaml; may be run again
#   demo.sh down    removes the cluster and stops the daemons that `up` had to start
#
# As root, or as a user with sudo. Where systemd runs, it starts libvirt; elsewhere this script
# does, and remembers that in $state. $BUILD is the folder of the build.
set -eu
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${BUILD:-build}
file=examples/quickstart.yaml
nodes='db web-1 web-2'
state=/run/virtopo-demo
uri=qemu:///system

steps=0
step() { steps=$((steps + 1)); printf '\n%s==> %s. %s%s\n' "$bold" "$steps" "$*" "$plain"; }
say() { printf '    %s\n' "$*"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }
bold='' plain=''
[ ! -t 1 ] || { bold=$'\033[1m' plain=$'\033[0m'; }

become=()
need_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null ||
        die "libvirt's system guests need root: run this as root, or install sudo"
    become=(sudo)
    sudo -v || die "sudo did not let us in; run this as root"
}

answers() { "${become[@]}" timeout 30 virsh -q -c $uri uri >/dev/null 2>&1; }
virtopo() { "${become[@]}" "$build/virtopo" -f $file "$@"; }

# KVM's device on a processor that cannot virtualise (a container, a virtual machine): libvirt
# finds its knowledge of QEMU out of date on every call, and each takes most of a minute.
kvm_is_hollow() {
    [ "$(stat -c %t:%T /dev/kvm 2>/dev/null)" = a:e8 ] && [ "$(uname -m)" = x86_64 ] && ! grep -qwE 'vmx|svm' /proc/cpuinfo
}

started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# start_daemon NAME COMMAND...: one that puts itself in the background; remembers it as ours.
start_daemon() {
    local name=$1 pid tries=0
    shift
    "$@" >"$state/$name.log" 2>&1 </dev/null || { cat "$state/$name.log" >&2; die "$name did not start"; }
    until pid=$(cat "/run/$name.pid" 2>/dev/null) && [ -n "$pid" ]; do
        [ $((tries += 1)) -lt 100 ] || die "$name left no /run/$name.pid"
        sleep 0.1
    done
    printf '%s %s\n' "$pid" "$(started "$pid")" >"$state/$name"
}

runs() { [ "$(cat "/proc/$(cat "/run/$1.pid" 2>/dev/null)/comm" 2>/dev/null)" = "$1" ]; }

# As root, without systemd. A device that no driver serves stands in for a hollow /dev/kvm, in
# libvirtd's own mount namespace: nobody else sees it. It must be a device: a plain file there
# libvirt would mount into each guest's /dev, and fail.
start_libvirt() {
    local hide=() why=''
    mkdir -p "$state"
    rm -f "$state/nokvm"
    if kvm_is_hollow && mknod -m 600 "$state/nokvm" c 10 239 2>/dev/null &&
        unshare --mount --propagation private mount --bind "$state/nokvm" /dev/kvm 2>/dev/null; then
        # shellcheck disable=SC2016
        hide=(unshare --mount --propagation private sh -c 'mount --bind "$0" /dev/kvm && exec "$@"' "$state/nokvm")
        why=', with /dev/kvm hidden from it: this processor has no use for it'
    fi
    # sudo takes core files away, and libvirt wants to give them back: in a container that is not
    # allowed to, no guest would start.
    ulimit -c unlimited 2>/dev/null ||
        say "note: limits cannot be raised here; if guests do not start, run this as root instead of with sudo"
    runs virtlogd || start_daemon virtlogd virtlogd -d
    runs libvirtd || start_daemon libvirtd "${hide[@]}" libvirtd -d
    say "started libvirtd$why"
}

stop_daemon() {
    local name=$1 pid start tries=0
    read -r pid start 2>/dev/null <"$state/$name" || return 0
    rm -f "$state/$name"
    [ "$(started "$pid")" = "$start" ] || return 0
    kill "$pid" 2>/dev/null || return 0
    while [ "$(started "$pid")" = "$start" ]; do
        [ $((tries += 1)) -lt 100 ] || die "$name (pid $pid) does not stop"
        sleep 0.1
    done
    say "stopped $name"
}

# As root. Guests that somebody made meanwhile keep their daemon.
stop_libvirt() {
    local domains
    [ -d "$state" ] || return 0
    if [ -s "$state/libvirtd" ] && domains=$(timeout 30 virsh -q -c $uri list --all --name) && [ -n "$domains" ]; then
        say "libvirtd stays, for: $(tr '\n' ' ' <<<"$domains")"
        return 0
    fi
    stop_daemon libvirtd
    stop_daemon virtlogd
    rm -rf "$state"
}

bring_libvirt() {
    local unit
    if answers; then
        say "it runs already"
    elif [ -d /run/systemd/system ]; then
        "${become[@]}" systemctl start libvirtd 2>/dev/null ||
            for unit in virtlogd virtqemud virtnetworkd virtstoraged virtsecretd; do
                "${become[@]}" systemctl start $unit.socket || die "systemctl start $unit.socket failed"
            done
        say "started by systemd"
    else
        "${become[@]}" "$0" start-libvirt
    fi
    answers || { "${become[@]}" virsh -c $uri uri || die "libvirt does not answer at $uri"; }
    if kvm_is_hollow && ! "${become[@]}" test -s $state/libvirtd; then
        say "note: /dev/kvm is here, but this processor cannot virtualise; libvirt may be slow"
    fi
}

build_virtopo() {
    local log status=0
    log=$(mktemp)
    "${MAKE:-make}" --no-print-directory -j"$(nproc)" BUILD="$build" "$build/virtopo" >"$log" 2>&1 || status=$?
    [ $status = 0 ] || cat "$log" >&2
    rm -f "$log"
    [ $status = 0 ] || die "the build failed"
}

how_to_go_on() {
    local prefix=${become[*]:+sudo }
    cat <<TEXT

Three machines run. Go on with:
    ${prefix}$build/virtopo -f $file ssh web-1           # log in
    ${prefix}$build/virtopo -f $file status
    \$EDITOR $file; ${prefix}$build/virtopo -f $file up   # change it
    $build/virtopo help; ls examples docs
Remove all of it again:
    make demo-down
TEXT
}

demo_up() {
    local node
    need_root
    step "Packages: what is missing is installed"
    tools/deps.sh build run guest || exit 1
    say "all there"
    step "Build: $build/virtopo"
    build_virtopo
    "$build/virtopo" version | sed 's/^/    /'
    step "Libvirt: makes the guests, at $uri"
    bring_libvirt
    step "Up: everything that $file says (the first time, its small image is made too)"
    virtopo up -y || die "the cluster did not come up; to clean up: make demo-down"
    step "Status"
    virtopo status
    step "A command in each guest, over SSH"
    for node in $nodes; do
        # shellcheck disable=SC2016
        virtopo ssh "$node" -- 'echo "$(hostname): Linux $(uname -r), up $(cut -d. -f1 /proc/uptime) s, $(ip -4 -o address show eth0 | awk "{print \$4}")"' </dev/null
    done
    virtopo ssh web-2 -- 'cat /srv/hello; ping -c 1 -W 5 db | head -2' </dev/null
    how_to_go_on
}

demo_down() {
    need_root
    step "Down: nodes, networks, disks, images"
    if [ ! -x "$build/virtopo" ]; then
        say "nothing was built"
    elif answers; then
        virtopo down --prune -y
    else
        say "libvirt does not run"
    fi
    step "Libvirt: only what the demo started is stopped"
    "${become[@]}" "$0" stop-libvirt
    say "done"
}

case ${1:-up} in
up) demo_up ;;
down) demo_down ;;
start-libvirt) start_libvirt ;;
stop-libvirt) stop_libvirt ;;
*) sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
