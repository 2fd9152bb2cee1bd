#!/bin/sh
# Bridge br-found of network 'found' of cluster 'persist', made by virtopo: sh THIS make | unmake
mark=virtopo:persist/found
folder=/run/virtopo/ec96f86e-c747-5720-88a2-94fdc09d048e
bridge=br-found
temporary=vtec96f86e
uplink=''
port=''
vlan=0
stp=0
delay=0
mtu=0
patience=30
uplink_mac=''
uplink_mtu=0
uplink_up=1
own_addresses() {
    cat <<'END_OF_LIST'
END_OF_LIST
}
gone_addresses() {
    cat <<'END_OF_LIST'
END_OF_LIST
}
moved_addresses() {
    cat <<'END_OF_LIST'
END_OF_LIST
}
moved_routes() {
    cat <<'END_OF_LIST'
END_OF_LIST
}
gateways() {
    cat <<'END_OF_LIST'
END_OF_LIST
}
set -f
conf=/proc/sys/net/ipv6/conf

fail() {
    echo "$*"
    exit 1
}
is_there() {
    [ -n "$1" ] && [ -e "/sys/class/net/$1" ]
}
is_ours() {
    is_there "$1" && [ "$(cat "/sys/class/net/$1/ifalias")" = "$mark" ]
}
is_port() {
    [ -e "/sys/class/net/$bridge/brif/$1" ]
}
moves() {
    [ -n "$uplink" ] && [ "$port" = "$uplink" ]
}
sysctl_set() {
    [ ! -e "$conf/$1" ] || echo "$2" >"$conf/$1"
}
sysctl_get() {
    cat "$conf/$1" 2>/dev/null || echo 0
}

# Makes a device of our own under a name that nobody knows: it has its real one only with its mark.
make_device() {
    name=$1
    shift
    if is_there "$name"; then
        is_ours "$name" || fail "device $name is there already, and is not virtopo's"
        return 0
    fi
    ip link delete dev "$temporary" 2>/dev/null
    ip link add "$@" && ip link set dev "$temporary" alias "$mark" &&
        ip link set dev "$temporary" name "$name" || fail "cannot make device $name"
}
make_bridge() {
    make_device "$bridge" name "$temporary" type bridge
    # the kernel takes a short delay only without the protocol
    if [ "$stp" = 0 ]; then
        ip link set dev "$bridge" type bridge stp_state 0 && ip link set dev "$bridge" type bridge forward_delay "$delay"
    else
        ip link set dev "$bridge" type bridge forward_delay "$delay" && ip link set dev "$bridge" type bridge stp_state 1
    fi || fail "cannot set up bridge $bridge"
    if moves; then
        [ -n "$uplink_mac" ] || uplink_mac=$(cat "/sys/class/net/$uplink/address")
        [ "$(cat "/sys/class/net/$bridge/address")" = "$uplink_mac" ] ||
            ip link set dev "$bridge" address "$uplink_mac" || fail "cannot set the MAC address of $bridge"
        for key in disable_ipv6 accept_ra autoconf use_tempaddr addr_gen_mode; do
            sysctl_set "$bridge/$key" "$(sysctl_get "$uplink/$key")" 2>/dev/null
        done
    fi
    # Its addresses have been in use: nobody need be asked, and they work at once.
    sysctl_set "$bridge/accept_dad" 0
}
make_port() {
    [ -n "$uplink" ] || return 0
    is_there "$uplink" || fail "there is no device $uplink"
    [ "$mtu" -le "$(cat "/sys/class/net/$uplink/mtu")" ] ||
        ip link set dev "$uplink" mtu "$mtu" || fail "device $uplink does not take an MTU of $mtu"
    [ "$uplink_up" = 1 ] || ip link set dev "$uplink" up
    moves && return 0
    make_device "$port" link "$uplink" name "$temporary" type vlan id "$vlan"
    [ "$mtu" = 0 ] || ip link set dev "$port" mtu "$mtu" || fail "device $port does not take an MTU of $mtu"
    ip link set dev "$port" up || fail "cannot set device $port up"
}
set_mtu() {
    size=$mtu
    if [ "$size" = 0 ] && [ -n "$port" ]; then size=$(cat "/sys/class/net/$port/mtu"); fi
    [ "$size" = 0 ] || [ "$(cat "/sys/class/net/$bridge/mtu")" = "$size" ] ||
        ip link set dev "$bridge" mtu "$size" || fail "bridge $bridge does not take an MTU of $size"
}
# Lines for ip -batch. FROM TO: an address is taken from one device and given to the other.
move_lines() {
    # the last first: with the first address of a subnet the kernel may take the others away
    moved_addresses | sed '1!G;h;$!d' | while read -r line; do
        set -- "$1" "$2" $line
        has_address "$1" "$3" || continue
        # one with a peer is known by both
        [ "${4:-}" = peer ] || set -- "$1" "$2" "$3"
        echo "address del $3 ${4:+peer $5 }dev $1"
    done
    moved_addresses | while read -r line; do
        # a label bears the uplink's name
        [ "$2" = "$uplink" ] || line=${line%% label *}
        echo "address replace $line dev $2"
    done
    moved_routes | while read -r line; do echo "route replace $line dev $2"; done
}
has_address() {
    ip address show dev "$1" | grep -q -F " $2 "
}
join() {
    if is_port "$port"; then
        batch=
    else
        [ ! -e "/sys/class/net/$port/master" ] || fail "device $port is already a port of another device"
        batch="link set dev $port master $bridge"
    fi
    if moves; then
        batch="$batch
$(move_lines "$uplink" "$bridge")"
    fi
    echo "$batch" | ip -force -batch - || fail "cannot move what $uplink has to $bridge"
}
make() {
    if moves; then check_uplink; fi
    make_bridge
    make_port
    set_mtu
    ip link set dev "$bridge" up || fail "cannot set bridge $bridge up"
    gone_addresses | while read -r line; do
        if has_address "$bridge" "$line"; then ip address del "$line" dev "$bridge"; fi
    done
    # the uplink's first: what the host sends has the first address of a subnet
    [ -z "$port" ] || join
    own_addresses | while read -r line; do
        ip address replace "$line" dev "$bridge" || exit 1
    done || fail "cannot give $bridge its address"
}

# What the uplink has now must be what is to be moved, or it would be lost.
check_uplink() {
    is_there "$uplink" || fail "there is no device $uplink"
    ip -o address show dev "$uplink" scope global | grep -v " temporary " | while read -r _ _ _ address _; do
        moved_addresses | grep -q -F "$address" ||
            fail "device $uplink has address $address, which this does not know of: run virtopo up (again)"
    done || exit 1
}

# Nothing here stops half-way: what can be put back is.
leave() {
    is_there "$uplink" || return 0
    batch=
    if is_port "$uplink"; then batch="link set dev $uplink nomaster"; fi
    # without the bridge, it may have got addresses from elsewhere (a boot)
    if ! is_ours "$bridge" && [ -n "$(ip -o address show dev "$uplink" scope global)" ]; then return 0; fi
    dad=$(sysctl_get "$uplink/accept_dad")
    sysctl_set "$uplink/accept_dad" 0
    batch="$batch
$(move_lines "$bridge" "$uplink")"
    echo "$batch" | ip -force -batch -
    status=$?
    sysctl_set "$uplink/accept_dad" "$dad"
    return $status
}
undo() {
    status=0
    ip link delete dev "$temporary" 2>/dev/null
    if moves; then
        leave || status=1
    elif [ -n "$port" ] && is_ours "$port"; then
        ip link delete dev "$port" || status=1
    fi
    # another VLAN may still lie on it
    if is_there "$uplink" && [ -z "$(find "/sys/class/net/$uplink/" -name 'upper_*')" ]; then
        [ "$uplink_mtu" = 0 ] || [ "$(cat "/sys/class/net/$uplink/mtu")" = "$uplink_mtu" ] ||
            ip link set dev "$uplink" mtu "$uplink_mtu" || status=1
        [ "$uplink_up" = 1 ] || ip link set dev "$uplink" down || status=1
    fi
    if is_ours "$bridge" && [ -z "$(ls "/sys/class/net/$bridge/brif")" ]; then
        ip link delete dev "$bridge" || status=1
    fi
    return $status
}

pause() {
    sleep 0.2 2>/dev/null || sleep 1
}
uptime() {
    read -r now _ </proc/uptime
    echo "${now%%.*}"
}
answers() {
    command -v ping >/dev/null && ping -c 1 -W 1 "$1" >/dev/null 2>&1
}
answering() {
    gateways | while read -r line; do
        if answers "$line"; then echo "$line"; fi
    done
}
# Whoever makes the folder has decided; the other one finds it there.
decide() {
    mkdir "$folder/decided" 2>/dev/null
}
watch() {
    echo "$$" >"$folder/watch"
    answering >"$folder/answered"
    if sh "$0" make >"$folder/log" 2>&1; then
        end=$(($(uptime) + patience))
        echo made >"$folder/made"
        while [ ! -e "$folder/decided" ] && [ ! -e "$folder/given-up" ] && [ -d "$folder" ] &&
            [ "$(uptime)" -lt "$end" ]; do pause; done
        decide || return 0
    else
        decide
        : >"$folder/failed"
    fi
    sh "$0" undo >>"$folder/log" 2>&1
    : >"$folder/restored"
}
# The watch of a run that was killed: what it has made is there for the next one.
settle() {
    read -r pid 2>/dev/null <"$folder/watch" || return 0
    grep -q -F "$folder" "/proc/$pid/cmdline" 2>/dev/null || return 0
    await made failed
    decide
    while [ -d "/proc/$pid" ]; do pause; done
}
start() {
    settle
    rm -rf "$folder/decided" "$folder/given-up" "$folder/made" "$folder/failed" "$folder/restored" "$folder/log" \
        "$folder/watch" "$folder/answered"
    : >"$folder/started"
    setsid sh "$0" watch </dev/null >/dev/null 2>&1 &
}
# Until one of the files is there; as long as anybody may take.
await() {
    end=$(($(uptime) + patience + 20))
    while [ "$(uptime)" -lt "$end" ]; do
        for file; do [ ! -e "$folder/$file" ] || return 0; done
        pause
    done
    return 1
}
# A port that listens and learns first lets nothing through for a while.
still_answering() {
    end=$(($(uptime) + patience))
    while read -r line; do
        until answers "$line"; do
            [ "$(uptime)" -lt "$end" ] || return 1
        done
    done <"$folder/answered"
}
confirm() {
    [ -e "$folder/started" ] || return 13
    await made failed || return 10
    if [ ! -e "$folder/failed" ]; then
        if still_answering; then
            decide && return 0
        else
            : >"$folder/given-up"
        fi
        await restored || return 11
        [ ! -e "$folder/given-up" ] || return 12
        return 11
    fi
    await restored
    cat "$folder/log"
    return 10
}

unmake() {
    settle
    undo
}

case ${1:-} in
make | undo | unmake | watch | start | confirm) "$1" ;;
*) fail "usage: $0 make | unmake | start | confirm" ;;
esac
