#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What udhcpc learned about $interface.
case $1 in
bound | renew)
    ip -4 address flush dev "$interface"
    ip address add "$ip/${mask:-24}" dev "$interface"
    [ "$how" = dhcp-alone ] || for gateway in $router; do ip route add default via "$gateway" dev "$interface" 2>/dev/null; done
    for server in $dns; do
        grep -qx "nameserver $server" /etc/resolv.conf || echo "nameserver $server" >>/etc/resolv.conf
    done
    [ -z "$domain" ] || grep -q '^search' /etc/resolv.conf || echo "search $domain" >>/etc/resolv.conf
    : >"/run/leased.$interface"
    [ "$1" != bound ] || echo "virtopo-guest: $interface leased $ip" >/dev/console
    ;;
esac
