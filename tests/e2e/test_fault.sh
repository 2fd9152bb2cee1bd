#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Faults on purpose: links, losses, rates, partitions and killed nodes, seen from inside; healed, and gone with the cluster.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
links=$(on ip -o link show | sed 's/^[0-9]*: //; s/@.*//; s/:.*//' | sort)
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks:
  lan: { subnet: 10.20.0.0/24 }
  san: { mode: isolated, subnet: 10.30.0.0/24 }
defaults: { image: tiny, memory: 128M }
nodes:
  n: { count: 3, networks: [{ lan: 10.20.0.11 }, { san: 10.30.0.11 }] }
Y
ok up

# reaches FROM ADDRESS: by one ping in two
reaches() { VT_QUIET=1 vt ssh "n-$1" -- ping -c 2 -W 1 "$2" >/dev/null; [ "$RC" = 0 ]; }
# pairs NETWORK...: which of the three reach which, both ways
pairs() {
    local from
    for from in 1 2 3; do
        guest n-$from "for net in $*; do for to in 1 2 3; do
            [ \$to = $from ] || { ping -c 2 -W 1 10.\$net.0.1\$to >/dev/null && echo \$net:$from\$to; } &
        done; done; wait" || true
    done | sort | xargs
}
queues() { on tc qdisc show | sed 's/ refcnt.*//; s/noqueue [0-9a-f]*:/noqueue/; s/vnet[0-9]*/TAP/' | sort | uniq -c; }
quiet=$(queues)
boot=$(guest n-1 cat /proc/sys/kernel/random/boot_id)

step "link-down: the guest sees it, and nobody hears it; up leaves it"
ok fault link-down n-2 san
contains "what is on" "$OUT" "n-2   san: link down"
equal "the guest's carrier" "$(guest n-2 cat /sys/class/net/eth1/carrier)" 0
equal "who reaches whom" "$(pairs 30)" "30:13 30:31"
ok status
contains "status" "$OUT" "fault: san: link down"
ok --json status
equal "status in JSON" "$(jq -r '.nodes[1].faults[0] | .kind + " " + .network' <<<"$OUT")" "link-down san"
ok up
contains "up leaves it" "$OUT" "Node n-2 is disturbed on purpose (san: link down) and stays so"
contains "up changes nothing" "$OUT" "No changes"
ok graph --live
contains "the picture" "$OUT" "10.30.0.12  [link down]"
ok fault heal n-2
contains "healed" "$OUT" "No faults in cluster lab."
plans
equal "the guest's carrier" "$(guest n-2 cat /sys/class/net/eth1/carrier)" 1

step "partition: no frame of another side, on all networks; all else as ever"
ok fault partition n-1,n-2 / n-3
equal "on both networks" "$(pairs 20 30)" "20:12 20:21 30:12 30:21"
holds "the gateway is there" reaches 3 10.20.0.1
ok fault list
equal "list" "$(awk 'NR > 1 { print $1, $3 }' <<<"$OUT")" $'n-1 1\nn-2 1\nn-3 2'
ok fault partition n-1 / n-2 / n-3
equal "three sides" "$(pairs 20)" ""
ok fault heal n-1
equal "one of them healed" "$(pairs 20)" "20:12 20:13 20:21 20:31"
ok fault heal
equal "healed" "$(pairs 20)" "20:12 20:13 20:21 20:23 20:31 20:32"
equal "no queue or filter is left" "$(queues)" "$quiet"

step "netem: what is lost, and how fast the rest is"
ok fault netem n-1 lan --loss 100% --direction in
fails "nothing comes in" reaches 2 10.20.0.11
holds "san is as it was" reaches 2 10.30.0.11
ok fault heal n-1 --cluster lab
ok fault netem n-1 san --loss 30%
vt ssh n-2 -- ping -c 40 -i 0.2 -W 1 10.30.0.11
got=$(sed -n 's/.* \([0-9]*\) packets received.*/\1/p' <<<"$OUT")
holds "half of the pings come back ($got of 40)" test "$got" -ge 5 -a "$got" -le 35
ok fault netem n-1 san --rate 10K
contains "the new one in its place" "$OUT" "san: rate 10 KiB/s"
lacks "the new one in its place" "$OUT" "loss"
equal "a queue each way" "$(on tc qdisc show | grep -c 'qdisc tbf 7e5[78]: .*rate 81920bit')" 2
VT_QUIET=1 vt ssh n-2 -- ping -c 60 -i 0.05 -s 1400 -W 30 10.30.0.11 >/dev/null
late=$(sed -n 's|.*= [0-9.]*/[0-9.]*/\([0-9]*\).*|\1|p' <<<"$OUT")
holds "packets wait for their turn (the last ones $late ms)" test "$late" -ge 300
exits 1 fault netem n-1 san --delay 50ms
contains "no netem here" "$ERR" "netem"
ok fault list
contains "what was there is there again" "$OUT" "san: rate 10 KiB/s"
ok plan
contains "nothing else is otherwise" "$OUT" "No changes."

step "kill: as a power cut; heal starts it"
ok fault kill n-3
ok status
matches "status" "$OUT" '^n-3 +killed .*virtopo fault heal starts it'
ok plan
matches "up would start it" "$OUT" '^~ +node +n-3'
ok fault heal n-3
ok up
equal "it is a new run" "$(pairs 20)" "20:12 20:13 20:21 20:23 20:31 20:32"
ok fault list
lacks "n-3 is well" "$OUT" n-3
ok fault kill n-3
ok up --no-wait
ok status
matches "up starts it too" "$OUT" '^n-3 +running'

step "bad wishes"
exits 2 fault link-down n-1 wan
contains "error" "$ERR" "node 'n-1' has no NIC on a network 'wan'"
exits 2 fault partition n-1,n-2
exits 2 fault kill m-1

step "a tap with a queue of its own; a run that is killed half-way: heal finds what it did"
ok fault heal
tap=$(vir dumpxml lab_n-1 | sed -n "s/.*<target dev='\(vnet[0-9]*\)'.*/\1/p" | head -1)
on tc qdisc replace dev "$tap" root handle 1: htb
exits 1 fault netem n-1 lan --rate 10K
contains "somebody else's queue" "$ERR" "$tap has a queue of its own"
ok fault list
contains "what failed is undone" "$OUT" "No faults in cluster lab."
equal "it is as it was" "$(on tc qdisc show dev "$tap" | grep -c 'qdisc htb 1: ')" 1
on tc qdisc replace dev "$tap" root handle 7e58: tbf rate 1mbit burst 32kb latency 400ms
on ip link add vf-0123456789 type ifb
on ip link set vf-0123456789 alias virtopo-fault:lab/n-1
ok fault heal
equal "as it was" "$(queues)" "$quiet"
equal "the same run of the guest" "$(guest n-1 cat /proc/sys/kernel/random/boot_id)" "$boot"

step "down while all sorts are on leaves nothing"
ok fault netem n-1 san --rate 100K
ok fault partition n-1 / n-2
ok fault link-down n-2 lan
ok fault kill n-3
ok -y down --prune
equal "host" "$(host_state)" "$before"
equal "links" "$(on ip -o link show | sed 's/^[0-9]*: //; s/@.*//; s/:.*//' | sort)" "$links"
