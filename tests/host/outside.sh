#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# The world outside of test hosts: a segment that their uplinks are plugged into, with a router, DHCP, RA,
# DNS, web and echo servers, and clients. See README.md.
#
# As a command:   outside.sh up NAME [--mtu N]
#                 outside.sh plug NAME HOST [--dev DEV] [--bare | --dhcp] [--ip ADDR/LEN] [--ip6 ADDR/LEN]
#                 outside.sh client NAME CLIENT           a machine of its own on the segment
#                 outside.sh route NAME on|off PREFIX HOST|ADDR
#                 outside.sh vlan NAME VID                the same world once more, tagged
#                 outside.sh cable NAME HOST in|out
# As a library:   . tests/host/outside.sh; host_trap; host_up a; outside_up world; outside_plug world a
#
# An outside is a test host without libvirt: `host.sh exec NAME -- CMD`, `host.sh down NAME`, `host.sh list`.

OUTSIDE_HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034
[ "${BASH_SOURCE[0]}" != "$0" ] || HOST_SH_COMMAND=1
declare -F host_up >/dev/null || . "$OUTSIDE_HERE/host.sh"

# On the segment the router is .1 and ::1; leases are .100 to .199 and ::1000 to ::1fff; a host or client
# has the last number of its 10.99.0.N. Behind the router is the rest of the world, with one address.
OUTSIDE_NET=198.51.100 OUTSIDE_NET6=2001:db8:51
OUTSIDE_FAR=203.0.113.1 OUTSIDE_FAR6=2001:db8:ffff::1

outside_ns() { printf '/run/netns/%s' "$(host_netns "$1")"; }
# The last number of a host's address in the management network.
outside_number() { host_ip "$1" | sed 's/.*\.//'; }
outside_ip() { printf '%s.%s\n' "$OUTSIDE_NET" "$(outside_number "$1")"; }
outside_ip6() { printf '%s::%s\n' "$OUTSIDE_NET6" "$(outside_number "$1")"; }
# A host as it is reached from a client, by its uplink.
outside_uri() {
    printf 'qemu+ssh://root@%s/system?keyfile=%s&no_verify=1\n' "$(outside_ip "$1")" "$VIRTOPO_TEST_DIR/id_ed25519"
}

outside_is() { [ -e "$VIRTOPO_TEST_DIR/hosts/$1/outside" ] || { host_say "'$1' is no outside"; return 1; }; }

# NAME DEV PREFIX4 PREFIX6: the router's addresses on a segment, and DHCP, RA and DNS there.
outside_serve() {
    local name=$1 dev=$2 net=$3 net6=$4 ns
    ns=$(host_netns "$name")
    ip -n "$ns" address add "$net.1/24" dev "$dev" &&
        ip -n "$ns" address add "$net6::1/64" dev "$dev" nodad || return 1
    host_daemon "$name" dnsmasq --conf-file=/dev/null --user=root --bind-interfaces --interface="$dev" --except-interface=lo \
        --pid-file="/run/outside/$dev.pid" --dhcp-leasefile="/run/outside/$dev.leases" --log-dhcp --log-queries \
        --log-facility="/run/outside/$dev.log" --dhcp-authoritative --no-ping --no-resolv --no-hosts \
        --dhcp-range="$net.100,$net.199,1h" --dhcp-range="$net6::1000,$net6::1fff,slaac,64,1h" --enable-ra \
        --domain=outside.test --host-record="router.outside.test,$net.1,$net6::1" \
        --host-record="www.outside.test,$OUTSIDE_FAR,$OUTSIDE_FAR6"
}

# outside_up NAME [--mtu N]
outside_up() {
    local name=${1:-} mtu=1500 ns
    [ "${2:-}" != --mtu ] || mtu=${3:?--mtu needs a number}
    host_up "$name" --no-libvirt || return 1
    ns=$(host_netns "$name")
    # What goes out goes by the segment alone: no leg in the management network.
    if ip -n "$ns" link del eth0 && touch "$VIRTOPO_TEST_DIR/hosts/$name/outside" &&
        host_exec "$name" sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0 &&
        ip -n "$ns" link add lan mtu "$mtu" type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
        ip -n "$ns" link set lan up && host_exec "$name" mkdir -p /run/outside &&
        ip -n "$ns" address add "$OUTSIDE_FAR/32" dev lo && ip -n "$ns" address add "$OUTSIDE_FAR6/128" dev lo nodad &&
        outside_serve "$name" lan "$OUTSIDE_NET" "$OUTSIDE_NET6" &&
        outside_spawn "$name" servers "$OUTSIDE_HERE/outside.py"; then
        return 0
    fi
    host_down "$name"
    return 1
}

# NAME LOG PROGRAM...: a Python program in the background of an outside; returns once it says that it is ready.
outside_spawn() {
    local name=$1 log=$VIRTOPO_TEST_DIR/hosts/$1/$2.log tries=0
    shift 2
    : >"$log"
    (host_exec "$name" setsid python3 "$@" </dev/null >>"$log" 2>&1 \
        3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &)
    until grep -qs '^ready$' "$log"; do
        [ $((tries += 1)) -lt 200 ] || { host_say "$1 did not start on '$name':"; cat "$log" >&2; return 1; }
        sleep 0.05
    done
}

# A cable from the segment to a device of a host. A guest that plays a host (guesthost.sh) has it on its own
# device, by a bridge around that guest.
outside_cable_in() {
    local name=$1 host=$2 dev=$3 ns hns mtu
    ns=$(host_netns "$name") hns=$(host_netns "$host")
    mtu=$(host_exec "$name" cat /sys/class/net/lan/mtu)
    ip -n "$hns" link del "$dev" 2>/dev/null
    ip -n "$ns" link add name "$host" mtu "$mtu" type veth peer name "$dev" mtu "$mtu" netns "$hns" &&
        ip -n "$ns" link set dev "$host" master lan up || return 1
    if [ -e "$VIRTOPO_TEST_DIR/hosts/$host/guest" ]; then
        ip -n "$hns" link set dev "$dev" master uplink
    else
        host_exec "$host" sysctl -qw "net.ipv6.conf.$dev.accept_ra=0" "net.ipv6.conf.$dev.accept_dad=0"
    fi && ip -n "$hns" link set dev "$dev" up
}

# outside_plug NAME HOST [--dev DEV] [--bare | --dhcp] [--ip ADDR/LEN] [--ip6 ADDR/LEN]: DEV (eth1) of HOST, with a
# static address of each kind and the default routes, or by DHCP, or bare. `--dev eth0` takes the management leg's place.
outside_plug() {
    local name=$1 host=$2 dev=eth1 how=static ip ip6 ns
    host_dir && outside_is "$name" || return 1
    shift 2
    ip=$(outside_ip "$host")/24 ip6=$(outside_ip6 "$host")/64 ns=$(host_netns "$host")
    while [ $# -gt 0 ]; do
        case $1 in
        --dev) dev=${2:?--dev needs a device}; shift ;;
        --ip) ip=${2:?--ip needs an address}; shift ;;
        --ip6) ip6=${2:?--ip6 needs an address}; shift ;;
        --bare | --dhcp) how=${1#--} ;;
        *) host_say "plug: unknown option '$1'"; return 1 ;;
        esac
        shift
    done
    outside_cable_in "$name" "$host" "$dev" || return 1
    [ ! -e "$VIRTOPO_TEST_DIR/hosts/$host/guest" ] || how=bare
    case $how in
    static)
        ip -n "$ns" address add "$ip" dev "$dev" && ip -n "$ns" address add "$ip6" dev "$dev" nodad &&
            ip -n "$ns" route add default via "$OUTSIDE_NET.1" dev "$dev" &&
            ip -n "$ns" -6 route add default via "$OUTSIDE_NET6::1" dev "$dev"
        ;;
    dhcp) outside_dhcp "$host" "$dev" ;;
    esac
}

# HOST DEV: a lease by the busybox client, once; the host's own resolv.conf is the machine's, so it stays.
outside_dhcp() {
    # shellcheck disable=SC2016
    host_exec "$1" sh -c 'mkdir -p /run/outside && cat >/run/outside/lease && chmod 755 /run/outside/lease &&
        busybox udhcpc -q -n -f -t 10 -T 1 -i "$0" -s /run/outside/lease' "$2" <<'SCRIPT' 2>/dev/null
#!/bin/sh
[ "$1" = bound ] || exit 0
ip address replace "$ip/$mask" dev "$interface"
[ -z "$router" ] || ip route replace default via "${router%% *}" dev "$interface"
SCRIPT
}

# outside_client NAME CLIENT: a machine on the segment, with the same servers as the router.
outside_client() {
    local name=$1 client=$2
    host_dir && outside_is "$name" && host_up "$client" --no-libvirt || return 1
    if ip -n "$(host_netns "$client")" link del eth0 && outside_plug "$name" "$client" --dev eth0 &&
        outside_spawn "$client" servers "$OUTSIDE_HERE/outside.py"; then
        return 0
    fi
    host_down "$client"
    return 1
}

# outside_route NAME on|off PREFIX HOST|ADDR: whether the router knows the way to what is behind a host.
outside_route() {
    local name=$1 way=$2 prefix=$3 via=$4 verb=replace
    host_dir && outside_is "$name" || return 1
    [ "$way" = on ] || verb=del
    if [ -d "$VIRTOPO_TEST_DIR/hosts/$via" ]; then
        case $prefix in *:*) via=$(outside_ip6 "$via") ;; *) via=$(outside_ip "$via") ;; esac
    fi
    ip -n "$(host_netns "$name")" route "$verb" "$prefix" via "$via"
}

outside_vlan_net() { printf '198.18.%s\n' $(($1 % 256)); }
outside_vlan_net6() { printf '2001:db8:1:%x\n' "$1"; }

# outside_vlan NAME VID: device vlanVID of the router sends and takes frames with that tag, in a subnet of its
# own; made in user space, as not every kernel has VLANs.
outside_vlan() {
    local name=$1 vid=$2
    host_dir && outside_is "$name" &&
        outside_spawn "$name" "vlan$vid" "$OUTSIDE_HERE/vlan.py" lan "$vid" "vlan$vid" &&
        outside_serve "$name" "vlan$vid" "$(outside_vlan_net "$vid")" "$(outside_vlan_net6 "$vid")"
}

# outside_cable NAME HOST in|out
outside_cable() {
    local state=up
    [ "$3" = in ] || state=down
    host_dir && outside_is "$1" && ip -n "$(host_netns "$1")" link set dev "$2" "$state"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    verb=${1:-help}
    [ $# = 0 ] || shift
    case $verb:$# in
    up:[13] | plug:[2-9] | client:2 | route:4 | vlan:2 | cable:3) "outside_$verb" "$@" ;;
    *) sed -n '3,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; [ "$verb" = help ] ;;
    esac
    exit
fi
