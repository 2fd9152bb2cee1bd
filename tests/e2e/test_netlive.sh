#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A network changes under its guests: pings between two of them and from the host lose no packet.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
file() { # MORE KEYS OF lan
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24$1 } }
defaults: { image: tiny, memory: 128M, networks: [lan], ready: ssh }
nodes:
  a: { networks: [{ lan: 10.20.0.11 }] }
  b: { networks: [{ lan: 10.20.0.12 }] }
Y
}
bridge() { vir net-dumpxml lab_lan | sed -n "s/.*<bridge name='\([^']*\)'.*/\1/p"; }
# KEYS LINE...: the file with these keys of lan is planned as the lines say and applied while packets flow, 20 a
# second, from the host and from a to b.
changes() {
    local keys=$1 line from_host from_a
    shift
    file "$keys"
    vt plan --exit-code
    equal "plan --exit-code" "$RC" 3
    for line; do matches plan "$OUT" "$line"; done
    equal "and no more" "$(grep -c '^[-+~]' <<<"$OUT")" $#
    host_exec "$HOST" env "${VT_ENV[@]}" "$VIRTOPO" ssh a -- "ping -i 0.05 -c 140 -w 12 10.20.0.12" >from_a 2>&1 </dev/null &
    local guest_job=$!
    on ping -i 0.05 -c 140 -w 12 10.20.0.12 >from_host 2>&1 &
    local host_job=$!
    sleep 1
    ok up
    wait $guest_job $host_job || true
    matches "from a to b" "$(<from_a)" '^140 packets transmitted, 140 packets received, 0% packet loss'
    matches "from the host to b" "$(<from_host)" '^140 packets transmitted, 140 received, 0% packet loss'
    plans
}
file ""
ok up --quiet
mac=$(on cat "/sys/class/net/$(bridge)/address")
serves() { pgrep -f "lab_lan[.]conf" >/dev/null; }

step "a dynamic range where there was none"
changes ", dhcp: [10.20.0.100, 10.20.0.199]" '^~ +network +lan .*dhcp +none -> 10\.20\.0\.100 - 10\.20\.0\.199 +live$'
matches "dnsmasq has it" "$(on cat /var/lib/libvirt/dnsmasq/lab_lan.conf)" '^dhcp-range=10\.20\.0\.100,10\.20\.0\.199'

step "another range, and a record"
changes ", dhcp: [10.20.0.90, 10.20.0.120], dns: { records: { api: 10.20.0.50 } }" \
    '^~ +network +lan .*dhcp .*-> 10\.20\.0\.90 - 10\.20\.0\.120 +live$' \
    '^~ +network +lan .*names of 10\.20\.0\.50 .*live'
contains "the record" "$(guest a nslookup api.lab.test 10.20.0.1)" 10.20.0.50

step "what libvirt cannot change while it runs: the network is restarted, its guests carried over"
restarts='live, restarts the network, no packet lost$'
changes ", dns: { forwarders: [10.99.0.1] }, stp: true, forward_delay: 2s" \
    "^~ +network +lan .*dns\.forwarders .*10\.99\.0\.1.* $restarts" \
    "^~ +network +lan .*stp +off -> on +$restarts" \
    "^~ +network +lan .*forward_delay +0s -> 2s +$restarts" \
    '^~ +network +lan .*dhcp .*-> none +live$'
matches "dnsmasq asks it" "$(on cat /var/lib/libvirt/dnsmasq/lab_lan.conf)" '^server=10\.99\.0\.1'
equal "the bridge has the spanning tree" "$(on cat "/sys/class/net/$(bridge)/bridge/stp_state")" 1
VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_LOG="$SCRATCH/calls")
changes "" "^~ +network +lan .*dns\.forwarders .*$restarts" "^~ +network +lan .*stp +on -> off +$restarts" \
    "^~ +network +lan .*forward_delay +2s -> 0s +$restarts"
VT_EXTRA=()
equal "the bridge has its MAC address" "$(on cat "/sys/class/net/$(bridge)/address")" "$mac"
equal "the host has its route" "$(on ip -4 route show 10.20.0.0/24)" "10.20.0.0/24 dev $(bridge) proto kernel scope link src 10.20.0.1 "
equal "and nothing is left of the other one" "$({ on ip -o link; on iptables-save; } | grep 'vtp-\|virtopo:' || true)" ""
contains "names" "$(guest a nslookup b.lab.test 10.20.0.1)" 10.20.0.12

step "a run that is killed while the guests are on the other bridge: the next one ends it"
file ", stp: true, forward_delay: 2s"
stops=$(grep ' write ' "$SCRATCH/calls" | grep -n virNetworkDestroy | cut -d: -f1)
VT_EXTRA=(LD_PRELOAD="$(shim)" SHIM_CLASS=write SHIM_AT="$stops" SHIM_WHEN=after)
vt up
VT_EXTRA=()
equal "it was killed" "$RC" 137
contains "the guests reach each other" "$(guest a ping -c1 -W5 10.20.0.12)" "1 packets received"
vt plan
matches plan "$OUT" '^~ +network +lan .*bridge +vtp-[0-9a-f]+ -> lan-[0-9a-f]+ +live, its restart was cut off'
ok up
plans
contains "b by its name" "$(guest a ping -c1 -W5 b)" "1 packets received"

step "down"
ok down --yes
equal "nothing is left" "$(vir net-list --all --name | xargs)$(on ip -o link | grep 'vtp-\|lan-' || true)" ""
