#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Delays, losses and rates by a kernel that has netem. A node runs on a test host; its tap, and what is done to it, is on
# a guest with a full kernel: there a cable to a namespace stands for it, and `tc` and `ip` of the host are the guest's.
# minutes: 8
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/guesthost.sh"

guesthost_up g
host_up a
full() { guesthost_exec g "$@"; }
for program in tc ip; do
    cat >"$SCRATCH/bin/$program" <<X
#!/bin/bash
exec ssh -q -n -i "$VIRTOPO_TEST_DIR/id_ed25519" -o UserKnownHostsFile="$VIRTOPO_TEST_DIR/hosts/g/known_hosts" -o BatchMode=yes \\
    -o ControlMaster=auto -o ControlPersist=20 -o ControlPath="$SCRATCH/mux" root@$(host_ip g) "\$(printf '%q ' $program "\$@")"
X
    chmod +x "$SCRATCH/bin/$program"
done
blank_image blank.raw
yaml <<'Y'
cluster: lab
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { n: { image: blank, memory: 32M, ready: none, networks: [{ lan: 10.20.0.11 }] } }
Y
ok up
tap=$(vir dumpxml lab_n | sed -n "s/.*<target dev='\(vnet[0-9]*\)'.*/\1/p")
full modprobe ifb numifbs=0
full sh -ec "ip netns add node
    ip link add br-lab type bridge
    ip link add $tap type veth peer name eth0 netns node
    ip link set $tap master br-lab
    ip address add 10.20.0.1/24 dev br-lab
    for link in br-lab $tap; do ip link set \$link up; done
    ip -n node address add 10.20.0.11/24 dev eth0
    ip -n node link set eth0 up
    tc qdisc replace dev $tap root noqueue"
queues() { full tc qdisc show | sed 's/ refcnt.*//; s/noqueue [0-9a-f]*:/noqueue/' | sort; full ip -o link | sed 's/^[0-9]*: //; s/[:@].*//'; }
wait_for 20 "the node is there" full ping -c 1 -W 1 10.20.0.11
quiet=$(queues)

# fastest [PING-OPTIONS]: how long a ping takes at least, in whole ms
fastest() { full ping -c 5 -i 0.2 -W 5 "$@" 10.20.0.11 | sed -n 's|.*= \([0-9]*\).*/.*|\1|p'; }
plain=$(fastest)

step "a delay each way is twice in a ping, one way once"
ok fault netem n lan --delay 300ms
contains "what is on" "$OUT" "lan: delay 300 ms"
got=$(fastest)
holds "both ways: $got ms, without $plain" test "$got" -ge 600 -a "$got" -lt $((plain + 900))
equal "a queue each way" "$(full tc qdisc show | grep -c 'qdisc netem')" 2
ok fault netem n lan --delay 300ms --direction in
got=$(fastest)
holds "in: $got ms" test "$got" -ge 300 -a "$got" -lt $((plain + 590))
ok fault netem n lan --delay 300ms --jitter 10ms --direction out
got=$(fastest)
holds "out: $got ms" test "$got" -ge 280 -a "$got" -lt $((plain + 590))

step "with a rate, and with losses"
ok fault netem n lan --delay 10ms --rate 10K --direction in
got=$(fastest -s 1400)
holds "1442 bytes take 140 ms at 10 KiB/s: $got ms" test "$got" -ge 140 -a "$got" -lt $((plain + 700))
ok fault netem n lan --delay 5ms --loss 30%
got=$(full ping -c 100 -i 0.05 -W 2 10.20.0.11 | sed -n 's/.* \([0-9]*\) received.*/\1/p')
holds "about 49 of 100 pings come back: $got" test "$got" -ge 25 -a "$got" -le 72
ok fault netem n lan --delay 5ms --loss 100% --direction out
fails "nothing comes back" full ping -c 3 -W 1 10.20.0.11

step "healed, it is as it was"
ok fault heal
equal "queues and devices" "$(queues)" "$quiet"
got=$(fastest)
holds "as fast as before: $got ms" test "$got" -lt 150
rm "$SCRATCH/bin/tc" "$SCRATCH/bin/ip"
ok -y down --prune
