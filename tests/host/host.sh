#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Test hosts: machines that are real to libvirt and SSH, made of namespaces. See README.md.
#
# As a command:   host.sh up NAME [--ip ADDR[/LEN]] [--ssh] [--no-libvirt]
#                 host.sh exec NAME [--] CMD...
#                 host.sh down NAME... | --all
#                 host.sh list | show NAME
# As a library:   . tests/host/host.sh; host_trap; host_up a; host_exec a virsh list; host_down a
#
# Every function returns non-zero on failure and prints why; none exits the caller's shell.

host_say() { printf 'host.sh: %s\n' "$*" >&2; }

# The scratch folder of this run. Sourced: a new one for each shell. As a command: one per user,
# so that `up`, `exec` and `down` find each other.
host_dir() {
    if [ -z "${VIRTOPO_TEST_DIR:-}" ]; then
        if [ -n "${HOST_SH_COMMAND:-}" ]; then
            VIRTOPO_TEST_DIR=/tmp/virtopo-test.$(id -u)
        else
            VIRTOPO_TEST_DIR=$(mktemp -d /tmp/virtopo-test.XXXXXXXX) || return 1
        fi
        HOST_DIR_IS_OURS=$VIRTOPO_TEST_DIR
        export VIRTOPO_TEST_DIR
    fi
    VIRTOPO_TEST_DIR=$(realpath -m "$VIRTOPO_TEST_DIR") || return 1
    if [ -e "$VIRTOPO_TEST_DIR" ] && [ ! -O "$VIRTOPO_TEST_DIR" ]; then
        host_say "$VIRTOPO_TEST_DIR belongs to someone else"
        return 1
    fi
    HOST_RUN=$(printf %s "$VIRTOPO_TEST_DIR" | sha256sum | cut -c1-8)
}

host_require() {
    local tool missing=''
    [ "$(id -u)" = 0 ] || { host_say "test hosts need root"; return 1; }
    for tool in ip nsenter unshare flock setsid virsh libvirtd virtlogd dnsmasq iptables; do
        command -v "$tool" >/dev/null || missing+=" $tool"
    done
    [ -z "$missing" ] || { host_say "not installed:$missing"; return 1; }
    unshare --net --mount --uts true 2>/dev/null ||
        { host_say "this machine does not allow network and mount namespaces"; return 1; }
}

host_name_ok() {
    [[ $1 =~ ^[a-z][a-z0-9-]{0,13}$ && $1 != net ]] ||
        { host_say "bad host name '$1' (a-z, 0-9, -, at most 14 characters, not 'net')"; return 1; }
}

host_netns() { printf 'vt-%s-%s' "$HOST_RUN" "$1"; }
host_starttime() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# Prints the pid of the process that keeps a host's namespaces; it outlives a killed libvirtd.
host_keeper() {
    local pid start
    read -r pid start 2>/dev/null <"$VIRTOPO_TEST_DIR/hosts/$1/keeper" &&
        [ "$(host_starttime "$pid")" = "$start" ] && printf '%s\n' "$pid"
}

# The management network: a bridge in a namespace of its own, so nothing shows up on the machine.
host_fabric_up() {
    local ns
    ns=$(host_netns net)
    [ ! -e "/run/netns/$ns" ] || return 0
    ip netns add "$ns" && ip -n "$ns" link set lo up &&
        ip -n "$ns" link add br0 type bridge stp_state 0 forward_delay 0 &&
        ip -n "$ns" address add 10.99.0.1/24 dev br0 && ip -n "$ns" link set br0 up
}

host_fabric_down() {
    local ns
    ns=$(host_netns net)
    [ -e "/run/netns/$ns" ] || return 0
    host_kill_netns "$ns" && ip netns del "$ns"
}

host_free_ip() {
    local last=11
    while grep -qsx "10.99.0.$last/24" "$VIRTOPO_TEST_DIR"/hosts/*/ip; do last=$((last + 1)); done
    printf '10.99.0.%s/24\n' "$last"
}

# Claims name and address; the lock is held only here and by host_release.
host_claim() {
    local name=$1 ip=$2
    (umask 077 && mkdir -p "$VIRTOPO_TEST_DIR/hosts") || return 1
    (
        flock 9 || exit 1
        mkdir -m 711 "$VIRTOPO_TEST_DIR/hosts/$name" 2>/dev/null ||
            { host_say "host '$name' exists already"; exit 1; }
        [ -n "$ip" ] || ip=$(host_free_ip)
        [[ $ip == */* ]] || ip=$ip/24
        printf '%s\n' "$ip" >"$VIRTOPO_TEST_DIR/hosts/$name/ip"
        host_fabric_up || exit 1
        [ -s "$VIRTOPO_TEST_DIR/etc-hosts" ] ||
            printf '127.0.0.1 localhost\n::1 localhost\n' >"$VIRTOPO_TEST_DIR/etc-hosts"
        printf '%s %s\n' "${ip%/*}" "$name" >>"$VIRTOPO_TEST_DIR/etc-hosts"
    ) 9>"$VIRTOPO_TEST_DIR/lock"
}

# One folder tree per host that stands in for the machine's own, the machine's defaults copied in.
host_folders() {
    local root=$1 dir mode owner group path
    for dir in lib/libvirt cache/libvirt log/libvirt; do
        mkdir -p "$root/$dir"
        [ ! -d "/var/$dir" ] || while read -r mode owner group path; do
            install -d -m "$mode" -o "$owner" -g "$group" "$root/$dir/$path"
        done < <(find "/var/$dir" -maxdepth 2 -type d -printf '%m %U %G %P\n')
    done
    mkdir -p "$root/lib/virtopo" "$root/etc/libvirt"
    cp -a /etc/libvirt/*.conf "$root/etc/libvirt/" || return 1
    [ ! -d /etc/libvirt/nwfilter ] || cp -a /etc/libvirt/nwfilter "$root/etc/libvirt/"
    host_set "$root/etc/libvirt/libvirtd.conf" host_uuid "\"$(cat /proc/sys/kernel/random/uuid)\""
    host_set "$root/etc/libvirt/libvirtd.conf" auth_unix_ro '"none"'
    host_set "$root/etc/libvirt/libvirtd.conf" auth_unix_rw '"none"'
    # A machine's AppArmor profiles know the machine's folders, not ours; owners and modes are
    # still checked for real, QEMU runs as libvirt's own user.
    host_set "$root/etc/libvirt/qemu.conf" security_driver '"none"'
    host_caps_in "$root"
}

host_set() {
    touch "$1" && sed -i "/^[[:space:]]*$2[[:space:]]*=/d" "$1" && printf '%s = %s\n' "$2" "$3" >>"$1"
}

# Probing QEMU takes libvirt most of a second; it checks by itself whether an old answer still
# holds, so one kept from an earlier host is safe to offer.
host_caps_cache() { printf '%s/virtopo-test/capabilities\n' "${XDG_CACHE_HOME:-${HOME:-/root}/.cache}"; }

host_caps_in() {
    local to=$1/cache/libvirt/qemu/capabilities
    [ -d "$(host_caps_cache)" ] || return 0
    mkdir -p "$to" && cp -p "$(host_caps_cache)"/*.xml "$to/" 2>/dev/null
    return 0
}

host_caps_out() {
    local from=$1/cache/libvirt/qemu/capabilities to file
    to=$(host_caps_cache)
    mkdir -p "$to" 2>/dev/null || return 0
    for file in "$from"/*.xml; do
        if [ ! -s "$file" ] || cmp -s "$file" "$to/${file##*/}"; then continue; fi
        cp -p "$file" "$to/.${file##*/}.$$" && mv -f "$to/.${file##*/}.$$" "$to/${file##*/}"
    done
}

# Huge pages of each size that the kernel has, whether some are set aside or not.
host_mount_hugepages() {
    local dir size
    umount -l /dev/hugepages 2>/dev/null
    for dir in /sys/kernel/mm/hugepages/hugepages-*; do
        [ -d "$dir" ] || continue
        size=${dir##*-}
        mkdir -p "/run/hugepages/$size" &&
            mount -t hugetlbfs -o "pagesize=${size%B}" hugetlbfs "/run/hugepages/$size" || return 1
    done
}

# Runs inside the new namespaces, before anything else: what the host sees of the file system.
host_mounts() {
    local root=$1 dir
    # Copies of other hosts' namespace handles would keep those namespaces alive.
    umount -l -R /run/netns 2>/dev/null
    # A sysfs of this network namespace; without control groups, which would mix hosts' guests.
    umount -l -R /sys 2>/dev/null
    mount -t sysfs sysfs /sys && mount -t tmpfs -o mode=755 tmpfs /run || return 1
    mkdir -p /run/lock /run/sshd
    for dir in lib/libvirt cache/libvirt log/libvirt lib/virtopo; do
        mount --bind "$root/$dir" "/var/$dir" || return 1
    done
    mount --bind "$root/etc/libvirt" /etc/libvirt && mount --bind "$root/../../etc-hosts" /etc/hosts || return 1
    [ ! -f "$root/etc/shadow" ] || mount --bind "$root/etc/shadow" /etc/shadow || return 1
    host_mount_hugepages || return 1
    if [ -e "$root/nokvm" ]; then mount --bind "$root/nokvm" /dev/kvm || return 1; fi
}

# The first process of a host. It reports on file descriptor 5 and then stays.
host_keep() {
    local root=$1 name=$2
    if ! { host_mounts "$root" && hostname "$name" && sysctl -qw net.ipv4.ip_forward=1; }; then
        return 1
    fi
    printf 'ready\n' >&5
    exec 5>&- sleep infinity
}

host_spaces_up() {
    local name=$1 root=$2 ns fabric self pid answer=''
    ns=$(host_netns "$name") fabric=$(host_netns net) self=$(realpath "${BASH_SOURCE[0]}")
    ip netns add "$ns" && ip -n "$ns" link set lo up &&
        ip -n "$fabric" link add name "$name" type veth peer name eth0 netns "$ns" &&
        ip -n "$fabric" link set dev "$name" master br0 up &&
        ip -n "$ns" address add "$(<"$root/ip")" dev eth0 && ip -n "$ns" link set eth0 up || return 1
    [ ! -c /dev/kvm ] || [ -n "${HOST_KVM:-}" ] || mknod -m 600 "$root/nokvm" c 10 239 || return 1
    # No account check of a login by key may depend on how the machine's root is locked.
    if grep -q '^root:!' /etc/shadow 2>/dev/null; then
        mkdir -p "$root/etc" && install -m 600 /etc/shadow "$root/etc/shadow" &&
            sed -i 's/^root:!*/root:*/' "$root/etc/shadow" || return 1
    fi
    mkdir -p /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /var/lib/virtopo
    mkfifo "$root/ready" && exec 6<>"$root/ready" || return 1
    setsid nsenter --net="/run/netns/$ns" unshare --mount --uts --ipc --propagation private \
        bash "$self" keep "$root" "$name" </dev/null >"$root/keeper.log" 2>&1 \
        3>&- 4>&- 5>"$root/ready" 6>&- 7>&- 8>&- 9>&- &
    pid=$!
    read -r -t 10 answer <&6
    exec 6>&-
    rm -f "$root/ready"
    [ "$answer" = ready ] || { host_say "namespaces of '$name' did not come up:"; cat "$root/keeper.log" >&2; return 1; }
    printf '%s %s\n' "$pid" "$(host_starttime "$pid")" >"$root/keeper"
    disown "$pid" 2>/dev/null
    return 0
}

# Starts a daemon that puts itself in the background; nothing of the caller stays open in it.
host_daemon() {
    local name=$1 log=$VIRTOPO_TEST_DIR/hosts/$1/${2##*/}.log
    shift
    host_exec "$name" timeout 30 "$@" </dev/null >>"$log" 2>&1 \
        3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- ||
        { host_say "$1 did not start on '$name':"; cat "$log" >&2; return 1; }
}

# (Re)starts a host's libvirt daemons; returns when the hypervisor answers.
host_libvirt_up() {
    local name=$1
    host_exec "$name" pkill -0 -F /run/virtlogd.pid 2>/dev/null ||
        host_daemon "$name" virtlogd -d || return 1
    host_daemon "$name" libvirtd -d || return 1
    host_exec "$name" timeout 30 virsh -q -c qemu:///system uri >/dev/null ||
        { host_say "libvirtd does not answer on '$name'"; return 1; }
}

host_ssh_up() {
    local name=$1 root=$VIRTOPO_TEST_DIR/hosts/$1 sshd tries=0
    sshd=$(command -v sshd || echo /usr/sbin/sshd)
    [ -x "$sshd" ] || { host_say "not installed: sshd"; return 1; }
    (
        flock 9
        [ -f "$VIRTOPO_TEST_DIR/id_ed25519" ] ||
            ssh-keygen -q -t ed25519 -N '' -C virtopo-test -f "$VIRTOPO_TEST_DIR/id_ed25519"
    ) 9>"$VIRTOPO_TEST_DIR/lock"
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$root/host_key" || return 1
    printf '%s %s\n' "$(cut -d/ -f1 "$root/ip")" "$(cut -d' ' -f1,2 "$root/host_key.pub")" >"$root/known_hosts"
    cat >"$root/sshd_config" <<CONFIG
ListenAddress 0.0.0.0
HostKey $root/host_key
AuthorizedKeysFile $VIRTOPO_TEST_DIR/id_ed25519.pub
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
MaxStartups 100
CONFIG
    host_daemon "$name" "$sshd" -f "$root/sshd_config" -E "$root/log/sshd.log" || return 1
    # sshd goes to the background before it listens.
    until host_exec "$name" bash -c '</dev/tcp/127.0.0.1/22' 2>/dev/null; do
        [ $((tries += 1)) -lt 250 ] || { host_say "sshd does not answer on '$name'"; return 1; }
        sleep 0.02
    done
}

# host_up NAME [--ip ADDR[/LEN]] [--ssh] [--no-libvirt]
host_up() {
    local name=${1:-} ip='' ssh='' libvirt=1
    [ $# = 0 ] || shift
    while [ $# -gt 0 ]; do
        case $1 in
        --ip) ip=${2:?--ip needs an address}; shift ;;
        --ssh) ssh=1 ;;
        --no-libvirt) libvirt= ;;
        *) host_say "up: unknown option '$1'"; return 1 ;;
        esac
        shift
    done
    host_name_ok "$name" && host_require && host_dir && host_claim "$name" "$ip" || return 1
    if host_folders "$VIRTOPO_TEST_DIR/hosts/$name" &&
        host_spaces_up "$name" "$VIRTOPO_TEST_DIR/hosts/$name" &&
        { [ -z "$libvirt" ] || host_libvirt_up "$name"; } &&
        { [ -z "$ssh" ] || host_ssh_up "$name"; }; then
        return 0
    fi
    host_down "$name"
    return 1
}

# host_exec NAME [--] CMD...: stdin, output, exit status and working folder are the caller's.
host_exec() {
    local name=$1 pid
    shift
    [ "${1:-}" != -- ] || shift
    host_dir || return 1
    if [ "$name" = net ]; then
        ip netns exec "$(host_netns net)" "$@"
        return
    fi
    pid=$(host_keeper "$name") || { host_say "no host '$name' in $VIRTOPO_TEST_DIR"; return 1; }
    nsenter --target "$pid" --net --mount --uts --ipc env -C "$PWD" "$@"
}

# Kills every process of a network namespace and waits until none is left.
host_kill_netns() {
    local ns=$1 tries=0 pids
    while pids=$(ip netns pids "$ns" 2>/dev/null) && [ -n "$pids" ]; do
        # shellcheck disable=SC2086
        kill -KILL $pids 2>/dev/null
        [ $((tries += 1)) -lt 500 ] || { host_say "processes stay in $ns: $pids"; return 1; }
        sleep 0.01
    done
}

# Gives name and address back; the last host takes the management network along.
host_release() {
    local name=$1
    (
        flock 9 || exit 1
        rm -rf --one-file-system "${VIRTOPO_TEST_DIR:?}/hosts/${name:?}" || exit 1
        # Written in place: hosts that run have this file mounted.
        rest=$(grep -v " $name\$" "$VIRTOPO_TEST_DIR/etc-hosts" 2>/dev/null)
        [ ! -f "$VIRTOPO_TEST_DIR/etc-hosts" ] || printf '%s\n' "$rest" >"$VIRTOPO_TEST_DIR/etc-hosts"
        [ -n "$(ls -A "$VIRTOPO_TEST_DIR/hosts")" ] || host_fabric_down
    ) 9>"$VIRTOPO_TEST_DIR/lock"
}

# host_down NAME...: everything of the host goes; says so and fails if anything stays.
host_down() {
    local name ns failed=0
    host_dir || return 1
    for name in "$@"; do
        host_name_ok "$name" || { failed=1; continue; }
        ns=$(host_netns "$name")
        if [ ! -d "$VIRTOPO_TEST_DIR/hosts/$name" ] && [ ! -e "/run/netns/$ns" ]; then
            host_say "no host '$name' in $VIRTOPO_TEST_DIR"
            failed=1
            continue
        fi
        if [ "$(stat -Lc %i /proc/self/ns/net)" = "$(stat -Lc %i "/run/netns/$ns" 2>/dev/null)" ]; then
            host_say "cannot remove '$name' from inside it"
            failed=1
            continue
        fi
        host_caps_out "$VIRTOPO_TEST_DIR/hosts/$name"
        if [ -e "/run/netns/$ns" ]; then
            host_kill_netns "$ns" || failed=1
            ip -n "$(host_netns net)" link del dev "$name" 2>/dev/null || : # an outside has no leg there
            ip netns del "$ns" || { host_say "namespace $ns stays"; failed=1; }
        fi
        host_release "$name" || { host_say "scratch of '$name' stays in $VIRTOPO_TEST_DIR"; failed=1; }
    done
    host_scratch_down || failed=1
    return $failed
}

# Removes the scratch folder once no host is in it; a caller's own folder keeps the caller's files.
host_scratch_down() {
    [ -z "$(ls -A "$VIRTOPO_TEST_DIR/hosts" 2>/dev/null)" ] || return 0
    rm -rf "$VIRTOPO_TEST_DIR/hosts" "$VIRTOPO_TEST_DIR/etc-hosts" "$VIRTOPO_TEST_DIR/lock" \
        "$VIRTOPO_TEST_DIR"/id_ed25519{,.pub} || return 1
    [ "$VIRTOPO_TEST_DIR" != "${HOST_DIR_IS_OURS:-}" ] || rmdir "$VIRTOPO_TEST_DIR" 2>/dev/null
    return 0
}

host_names() { ls "$VIRTOPO_TEST_DIR/hosts" 2>/dev/null; }

host_down_all() {
    [ -n "${VIRTOPO_TEST_DIR:-}${HOST_SH_COMMAND:-}" ] || return 0
    host_dir || return 1
    # shellcheck disable=SC2046
    host_down $(host_names)
}

# For tests: whatever way the shell ends, its hosts go; the exit status stays, unless it was 0
# and something could not be removed.
host_trap() {
    host_dir || return 1
    # shellcheck disable=SC2154
    trap 'host_status=$?; host_down_all || [ "$host_status" != 0 ] || host_status=1; exit "$host_status"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

host_ip() { host_dir && cut -d/ -f1 "$VIRTOPO_TEST_DIR/hosts/$1/ip"; }

host_uri() {
    host_dir && printf 'qemu+ssh://root@%s/system?keyfile=%s&no_verify=1\n' "$(host_ip "$1")" "$VIRTOPO_TEST_DIR/id_ed25519"
}

host_list() {
    local name pid
    host_dir || return 1
    for name in $(host_names); do
        pid=$(host_keeper "$name") || pid=dead
        printf '%-14s %-18s %s\n' "$name" "$(<"$VIRTOPO_TEST_DIR/hosts/$name/ip")" "$pid"
    done
    host_scratch_down
}

host_show() {
    local name=$1 root
    host_dir || return 1
    root=$VIRTOPO_TEST_DIR/hosts/$name
    [ -d "$root" ] || { host_say "no host '$name' in $VIRTOPO_TEST_DIR"; return 1; }
    printf '%s=%s\n' name "$name" ip "$(host_ip "$name")" pid "$(host_keeper "$name")" \
        netns "$(host_netns "$name")" dir "$root"
    [ ! -f "$root/host_key" ] || printf '%s=%s\n' key "$VIRTOPO_TEST_DIR/id_ed25519" \
        known_hosts "$root/known_hosts" uri "$(host_uri "$name")"
}

host_main() {
    local verb=${1:-help}
    [ $# = 0 ] || shift
    case $verb in
    up | show) [ $# -ge 1 ] || { host_say "$verb needs a host name"; return 1; }; "host_$verb" "$@" ;;
    exec) [ $# -ge 2 ] || { host_say "exec needs a host name and a command"; return 1; }; host_exec "$@" ;;
    down)
        [ $# -ge 1 ] || { host_say "down needs a host name, or --all"; return 1; }
        if [ "$1" = --all ]; then host_down_all; else host_down "$@"; fi
        ;;
    list) host_list ;;
    keep) host_keep "$@" ;;
    *) sed -n '3,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; [ "$verb" = help ] ;;
    esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    HOST_SH_COMMAND=1
    host_main "$@"
    exit
fi
