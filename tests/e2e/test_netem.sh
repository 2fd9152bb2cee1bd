#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Delays and losses by a kernel that has netem: a guest that plays the host, reached over SSH.
# minutes: 12
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/guesthost.sh"

guesthost_up g --kvm --memory 1G
HOST=net
uri=$(host_uri g)
VT_EXTRA=(LIBVIRT_DEFAULT_URI="$uri")
host() { guesthost_exec g "$@"; }
links() { host ip -o link show | sed 's/^[0-9]*: //; s/[:@].*//' | sort; }
queues() { host tc qdisc show | sed 's/ refcnt.*//; s/noqueue [0-9a-f]*:/noqueue/; s/vnet[0-9]*/TAP/' | sort | uniq -c; }
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { n: { image: tiny, memory: 128M, ready: none, networks: [{ lan: 10.20.0.11 }] } }
Y
before=$(links)
VT_SECONDS=400 ok up
wait_for 300 "the node is there" host ping -c 1 -W 2 10.20.0.11
quiet=$(queues)

# times: how long pings take at least, in whole ms
fastest() { host ping -c 5 -i 0.3 -W 5 10.20.0.11 | sed -n 's|.*= \([0-9]*\).*/.*|\1|p'; }
plain=$(fastest)

step "a delay each way is twice in a ping, one way once"
ok fault netem n lan --delay 300ms
contains "what is on" "$OUT" "lan: delay 300 ms"
got=$(fastest)
holds "both ways: $got ms, without $plain" test "$got" -ge 600 -a "$got" -lt $((plain + 1100))
equal "a queue each way" "$(host tc qdisc show | grep -c 'qdisc netem')" 2
ok fault netem n lan --delay 300ms --direction in
got=$(fastest)
holds "in: $got ms" test "$got" -ge 300 -a "$got" -lt $((plain + 590))
ok fault netem n lan --delay 300ms --jitter 10ms --direction out
got=$(fastest)
holds "out: $got ms" test "$got" -ge 280 -a "$got" -lt $((plain + 590))

step "with loss"
ok fault netem n lan --delay 20ms --loss 100%
fails "nothing comes back" host ping -c 3 -W 1 10.20.0.11

step "healed, it is as it was"
ok fault heal
equal "queues" "$(queues)" "$quiet"
equal "no device is left" "$(host ip -o link show type ifb)" ""
got=$(fastest)
holds "as fast as before: $got ms" test "$got" -lt 250

step "down while it is on leaves nothing"
ok fault netem n lan --delay 50ms --rate 1M
ok -y down
equal "links" "$(links)" "$before"
