# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the tests of whole clusters share. A test is a bash file test_NAME.sh:
#
#   #!/bin/bash
#   # minutes: 3                     (how long it may take at most, default 5)
#   . "$(dirname "$0")/lib.sh"
#   host_up a                        (a test host, tests/host; gone when the test ends)
#   yaml <<'Y'
#   cluster: lab
#   …
#   Y
#   ok up                            (virtopo up on host a must exit with 0; then OUT, ERR, RC)
#   contains "what up says" "$OUT" "Cluster lab is up"
#
# Anything that fails ends the test. Environment: VIRTOPO, the program (build/virtopo); E2E_GO=1 to go on
# after a check that fails; E2E_KEEP=1 to keep the hosts of a test that fails.
set -euE
export LC_ALL=C.UTF-8
E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
VIRTOPO=$(realpath "${VIRTOPO:-$E2E/../../build/virtopo}")
HOST=a

# A test that is run by itself, without run.sh, gets its reaper here.
if [ -z "${E2E_REAPER:-}" ]; then
    reaper=$(mktemp /tmp/virtopo-reaper.XXXXXXXX)
    ${CC:-gcc} -std=gnu17 -O1 -o "$reaper" "$E2E/reaper.c"
    E2E_REAPER=$reaper exec "$reaper" bash "$0" "$@"
fi
[ ! -f "$E2E_REAPER" ] || rm -f "$E2E_REAPER"

E2E_OWN_SCRATCH=
if [ -z "${E2E_SCRATCH:-}" ]; then
    E2E_SCRATCH=$(mktemp -d /tmp/virtopo-e2e.XXXXXXXX)
    chmod 711 "$E2E_SCRATCH"
    E2E_OWN_SCRATCH=1
fi
SCRATCH=$E2E_SCRATCH
export VIRTOPO_TEST_DIR=$SCRATCH/hosts
. "$E2E/../host/host.sh"

# Each test has its own home, keys, cache, and folder to work in.
mkdir -p "$SCRATCH"/{work,home,bin,data,cache}
ln -sfn "$VIRTOPO" "$SCRATCH/bin/virtopo"
cd "$SCRATCH/work"
VT_ENV=(HOME="$SCRATCH/home" XDG_DATA_HOME="$SCRATCH/data" XDG_CACHE_HOME="$SCRATCH/cache" TERM=dumb
    PATH="$SCRATCH/bin:$PATH")

e2e_end() {
    local status=$?
    trap - EXIT ERR
    trap '' INT TERM HUP
    if [ $status != 0 ] && [ -n "${E2E_KEEP:-}" ]; then
        echo "kept: VIRTOPO_TEST_DIR=$VIRTOPO_TEST_DIR"
        exit $status
    fi
    cd /
    [ -z "${HUGE_PAGES_HAD:-}" ] || echo "$HUGE_PAGES_HAD" >/proc/sys/vm/nr_hugepages
    if [ -s "$SCRATCH/failures" ]; then
        echo "$(wc -l <"$SCRATCH/failures") checks failed"
        status=1
    fi
    if [ -d "$VIRTOPO_TEST_DIR/hosts" ]; then host_down_all || [ $status != 0 ] || status=1; fi
    [ -z "$E2E_OWN_SCRATCH" ] || rm -rf --one-file-system "$SCRATCH"
    exit $status
}
trap e2e_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'echo "FAIL at ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND"' ERR

# Messages. Every check that holds is a line "  ok …".
step() { printf '\n== %s  [%s s]\n' "$*" "$SECONDS"; }
pass() { printf '  ok  %s\n' "$*"; }
fail() {
    printf 'FAIL: %s\n' "$*"
    printf '  at'
    local i
    for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do printf ' %s:%s' "${BASH_SOURCE[i]##*/}" "${BASH_LINENO[i - 1]}"; done
    printf '\n'
    [ -n "${E2E_GO:-}" ] || exit 1
    echo failed >>"$SCRATCH/failures"
}
indent() { sed 's/^/        /'; }

equal() { # WHAT GOT WANTED
    [ "$2" = "$3" ] || {
        diff -u --label wanted --label got <(printf '%s\n' "$3") <(printf '%s\n' "$2") | indent
        fail "$1: is not what was wanted"
        return 0
    }
    pass "$1"
}
contains() { # WHAT TEXT PIECE
    [[ $2 == *"$3"* ]] || { indent <<<"$2"; fail "$1: does not contain '$3'"; return 0; }
    pass "$1: '$3'"
}
lacks() { # WHAT TEXT PIECE
    [[ $2 != *"$3"* ]] || { indent <<<"$2"; fail "$1: contains '$3'"; return 0; }
    pass "$1: no '$3'"
}
matches() { # WHAT TEXT REGEX(ERE, by line)
    grep -Eq -- "$3" <<<"$2" || { indent <<<"$2"; fail "$1: no line matches /$3/"; return 0; }
    pass "$1: /$3/"
}
# WHAT COMMAND...: must succeed (holds) or fail (fails).
holds() {
    local what=$1
    shift
    "$@" || { fail "$what: $*"; return 0; }
    pass "$what"
}
fails() {
    local what=$1
    shift
    ! "$@" || { fail "$what: $*"; return 0; }
    pass "$what"
}
# SECONDS WHAT COMMAND...: until it succeeds, asked ten times a second.
wait_for() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { fail "$what: not within its time: $*"; return 0; }
        sleep 0.1
    done
    pass "$what"
}

# The cluster's file, from stdin: virtopo.yaml, or the name given.
yaml() { cat >"${1:-virtopo.yaml}"; }

# virtopo on host $HOST, in $SCRATCH/work, without a terminal: sets RC, OUT, ERR. VT_EXTRA may hold
# more environment (LD_PRELOAD=…).
VT_EXTRA=()
vt() {
    printf '  $ %svirtopo %s\n' "${VT_EXTRA[*]:+${VT_EXTRA[*]} }" "$*"
    RC=0
    host_exec "$HOST" env --default-signal=INT "${VT_ENV[@]}" "${VT_EXTRA[@]}" timeout -k 5 "${VT_SECONDS:-240}" "$VIRTOPO" "$@" \
        >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null || RC=$?
    OUT=$(<"$SCRATCH/out") ERR=$(<"$SCRATCH/err")
    if [ -z "${VT_QUIET:-}" ]; then
        sed 's/^/        /; $a\' "$SCRATCH/out"
        sed 's/^/      ! /; $a\' "$SCRATCH/err"
    fi
}
# The same in the background: VT_PID is virtopo's own process. vt_wait waits for it and sets RC, OUT, ERR.
vt_start() {
    printf '  $ %svirtopo %s &\n' "${VT_EXTRA[*]:+${VT_EXTRA[*]} }" "$*"
    rm -f "$SCRATCH/vt.pid"
    # shellcheck disable=SC2016
    (
        trap - ERR
        host_exec "$HOST" env --default-signal=INT "${VT_ENV[@]}" "${VT_EXTRA[@]}" \
            sh -c 'echo $$ >"$0.new"; mv "$0.new" "$0"; exec "$@"' "$SCRATCH/vt.pid" "$VIRTOPO" "$@" \
            >"$SCRATCH/vt.out" 2>"$SCRATCH/vt.err" </dev/null
    ) &
    VT_JOB=$!
    until [ -s "$SCRATCH/vt.pid" ]; do sleep 0.02; done
    VT_PID=$(<"$SCRATCH/vt.pid")
}
vt_wait() {
    RC=0
    wait "$VT_JOB" || RC=$?
    OUT=$(<"$SCRATCH/vt.out") ERR=$(<"$SCRATCH/vt.err")
    sed 's/^/        /; $a\' "$SCRATCH/vt.out"
    sed 's/^/      ! /; $a\' "$SCRATCH/vt.err"
}
exits() { # CODE ARGUMENTS...
    local code=$1
    shift
    vt "$@"
    [ "$RC" = "$code" ] || {
        [ -z "${VT_QUIET:-}" ] || sed 's/^/      ! /' "$SCRATCH/out" "$SCRATCH/err"
        fail "virtopo $*: exit code $RC, not $code"
        return 0
    }
    pass "virtopo $*: exit code $code"
}
ok() { exits 0 "$@"; }
# The plan has these changes: each argument is an ERE that a line must match, and no more lines.
plans() {
    local line
    vt plan --exit-code
    if [ $# = 0 ]; then
        equal "plan is empty (code $RC)" "$RC $OUT" "0 No changes."
        return
    fi
    equal "plan --exit-code" "$RC" 3
    for line; do matches "plan" "$OUT" "$line"; done
    equal "plan has no more" "$(grep -c '^[-+~]' <<<"$OUT")" $#
}
# A command in a guest, by `virtopo ssh`; its output.
guest() {
    local node=$1
    shift
    VT_QUIET=1 vt ssh "$node" -- "$@" >/dev/null
    [ "$RC" = 0 ] || { indent <<<"$OUT$ERR"; fail "in $node: '$*' exited with $RC"; }
    printf '%s\n' "$OUT"
}

# On a host, the shell's or libvirt's view.
on() { host_exec "$HOST" "$@"; }
vir() { host_exec "$HOST" virsh -q -c qemu:///system "$@"; }
# PATH below the host's own /var/lib/virtopo, as the test sees it.
host_path() { printf '%s\n' "$VIRTOPO_TEST_DIR/hosts/$HOST/lib/virtopo/${1#/var/lib/virtopo/}"; }

# Everything that a cluster could leave on a host, as text: objects, files, devices, rules.
host_objects() {
    echo "domains:"; vir list --all --name --uuid | sort
    echo "networks:"; vir net-list --all | sort; vir net-list --all --uuid | sort
    echo "pools:"; vir pool-list --all | sort; vir pool-list --all --uuid | sort
    echo "secrets:"; vir secret-list | sort
    echo "devices:"; on ip -o link | sed 's/^[0-9]*: //; s/[:@].*//' | sort
    echo "addresses:"; on ip -o -4 address | awk '{print $2, $4}' | sort
    echo "iptables:"; on iptables-save 2>/dev/null | sed '/^#/d; s/\[[0-9:]*\]//' | sort
    echo "ip6tables:"; on ip6tables-save 2>/dev/null | sed '/^#/d; s/\[[0-9:]*\]//' | sort
    echo "nft:"; on nft list ruleset 2>/dev/null | sed 's/packets [0-9]* bytes [0-9]*//'
    echo "processes:"; on ps -eo netns,args | awk -v ns="$(on readlink /proc/self/ns/net | tr -dc 0-9)" '$1 == ns && /qemu-system|dnsmasq/ {$1 = ""; print}' | sort
}
host_files() {
    on find /var/lib/virtopo /etc/libvirt /var/lib/libvirt -printf '%p %y %m %U:%G %l\n' | sort
}
host_state() { host_objects; echo "files:"; host_files; }
# libvirt makes its own chains and folders for good with the first network, pool and guest: have them there
# before anything is compared. The store's folder is a mount point on a test host, so it stays.
host_warm() {
    printf '<network><name>warm</name><forward mode="nat"/><bridge name="warm0"/><ip address="10.254.0.1" netmask="255.255.255.0"/></network>' |
        vir net-define /dev/stdin
    vir net-autostart warm
    vir net-start warm
    vir pool-define-as warm dir --target /var/lib/libvirt/warm
    vir pool-autostart warm
    printf '<domain type="qemu"><name>warm</name><memory unit="MiB">32</memory><os><type>hvm</type></os><devices><interface type="network"><source network="warm"/></interface></devices></domain>' |
        vir define /dev/stdin
    vir autostart warm
    vir autostart --disable warm
    vir start warm
    vir destroy warm
    vir undefine warm
    vir net-destroy warm
    vir net-undefine warm
    vir pool-undefine warm
    on chmod 711 /var/lib/virtopo
} >/dev/null

# NUMBER: so many more free huge pages of 2 MiB on this machine until the test ends; for one test at a time.
huge_pages() {
    local free
    exec 8>/tmp/virtopo-hugepages.lock
    flock 8
    free=$(free_huge_pages)
    HUGE_PAGES_HAD=$(</proc/sys/vm/nr_hugepages)
    echo $((HUGE_PAGES_HAD + $1)) >/proc/sys/vm/nr_hugepages
    [ "$(free_huge_pages)" -ge $((free + $1)) ] || fail "this machine gives no $1 huge pages"
}
free_huge_pages() { awk '/^HugePages_Free/ {print $2}' /proc/meminfo; }

# Whether the store has a qcow2 image with what is on this raw disk.
stored_disk() { # DISK
    local image
    for image in $(on sh -c 'ls /var/lib/virtopo/sha256-*.qcow2'); do
        ! on qemu-img compare -q -f raw -F qcow2 "$1" "$image" >/dev/null 2>&1 || return 0
    done
    return 1
}

# The tiny guest's image.
guest_image() {
    if [ -z "${E2E_GUEST:-}" ]; then E2E_GUEST=$("$E2E/../guest/build.sh") || fail "no tiny guest"; fi
    printf '%s\n' "$E2E_GUEST"
}
# FILE: a disk of 1 MiB whose boot sector halts: a guest for tests that need none.
blank_image() {
    truncate -s 1M "$1"
    printf '\xfa\xf4\xeb\xfd' | dd of="$1" conv=notrunc status=none
    printf '\x55\xaa' | dd of="$1" bs=1 seek=510 conv=notrunc status=none
}
# The library before virtopo's libvirt calls (shim.sh), made once a test.
shim() {
    [ -f "$SCRATCH/shim.so" ] || "$E2E/shim.sh" "$VIRTOPO" "$SCRATCH/shim.so" || fail "shim.sh"
    printf '%s\n' "$SCRATCH/shim.so"
}
# ARGUMENTS...: runs virtopo, prints the write calls it makes, one name a line.
write_calls() {
    local VT_EXTRA VT_QUIET=1
    VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_LOG="$SCRATCH/calls")
    rm -f "$SCRATCH/calls"
    vt "$@" >/dev/null
    [ "$RC" = 0 ] || { indent <<<"$OUT$ERR"; fail "virtopo $*: exit code $RC"; }
    [ "$(grep -c ' read ' "$SCRATCH/calls")" -gt 3 ] || fail "virtopo $*: the shim saw no libvirt calls"
    sed -n 's/^[0-9]* write //p' "$SCRATCH/calls"
}

# Open vSwitch on host $HOST: bridges in it must have datapath_type=netdev, as the kernel may lack its module.
vswitch_up() {
    on mkdir -p /run/openvswitch
    on ovsdb-tool create /run/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
    on ovsdb-server /run/openvswitch/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --log-file=/run/openvswitch/db.log
    on ovs-vsctl --no-wait init
    on ovs-vswitchd unix:/run/openvswitch/db.sock --pidfile --detach --log-file=/run/openvswitch/switch.log
} 2>/dev/null
vswitch_down() {
    on pkill -F /run/openvswitch/ovs-vswitchd.pid
    on pkill -F /run/openvswitch/ovsdb-server.pid
}
