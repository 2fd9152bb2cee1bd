#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Ports of a host that lead to a node: from outside, from the host and its loopback, from a neighbour; changed
# while it runs, mended when somebody flushed the rules, gone on down; with iptables of both makes and with nft.
# minutes: 6
. "$(dirname "$0")/lib.sh"
. "$E2E/../host/outside.sh"

host_up a
outside_up world
outside_plug world a
host_warm
outside_client world cli
at=$(outside_ip a) at6=[$(outside_ip6 a)]
cp "$(guest_image)" tiny.qcow2
cat >answer.c <<'C'
#include <arpa/inet.h>
#include <unistd.h>
int main(void) /* answers each datagram to port 53; there is nothing for that in busybox */
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(53)}, other;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    char ask[100];
    if (bind(fd, (struct sockaddr *)&own, sizeof own) || daemon(0, 0)) return 1;
    for (socklen_t n = sizeof other; recvfrom(fd, ask, sizeof ask, 0, (struct sockaddr *)&other, &n) > 0; n = sizeof other)
        sendto(fd, "hello from db\n", 14, 0, (struct sockaddr *)&other, n);
}
C
"${CC:-gcc}" -static -Os -s -o answer answer.c
file() { # PUBLISH-OF-WEB [MORE KEYS OF DB]
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24, subnet6: "fd00:20::/64" } }
defaults: { image: tiny, memory: 128M }
nodes:
  web:
    networks: [{ lan: 10.20.0.11 }]
    ${1:+publish: $1}
    run: ["echo hello from web >/root/index.html", "httpd -p 80 -h /root"]
  db: { networks: [{ lan: 10.20.0.12 }]${2:-}, files: [{ path: /root/answer, from: answer, mode: "0755" }], run: [/root/answer] }
Y
}
from_outside() { host_exec cli curl -sf -m 3 "http://$1/index.html"; }
from_host() { on curl -sf -m 3 "http://$1/index.html"; }
banner() { host_exec cli bash -c "exec 3<>/dev/tcp/${1/:/\/}; head -c 7 <&3"; }
ask() { host_exec cli bash -c "exec 3<>/dev/udp/${1/:/\/}; echo ask >&3; timeout 3 head -1 <&3"; }

step "up: from outside, from the host, from its loopback, from the neighbour"
before=$(host_objects)
file '["8080:80", "127.0.0.1:8081:80", "2222:22"]' ', publish: ["5353:53/udp"]'
vt plan
matches plan "$OUT" '^\+ +publish +web +8080:80, 127\.0\.0\.1:8081:80, 2222:22'
matches plan "$OUT" '^\+ +publish +db +5353:53/udp'
ok up
bridge=$(vir net-info lab_lan | awk '/^Bridge/ {print $2}')
localnet=/proc/sys/net/ipv4/conf/$bridge/route_localnet
wait_for 10 "from outside" from_outside "$at:8080"
equal "from outside" "$(from_outside "$at:8080")" "hello from web"
equal "from outside, IPv6" "$(from_outside "$at6:8080")" "hello from web"
equal "from the host, IPv6" "$(from_host "$at6:8080")" "hello from web"
equal "from the host by its address" "$(from_host "$at:8080")" "hello from web"
equal "from the host's loopback" "$(from_host 127.0.0.1:8080)" "hello from web"
equal "what is for the loopback, from there" "$(from_host 127.0.0.1:8081)" "hello from web"
fails "and not from outside" from_outside "$at:8081"
equal "from the neighbour, by the gateway's address" "$(guest db wget -q -O - http://10.20.0.1:8080/index.html)" "hello from web"
equal "SSH" "$(banner "$at:2222")" "SSH-2.0"
wait_for 10 "udp" ask "$at:5353"
equal "udp" "$(ask "$at:5353")" "hello from db"
outside_route world on 10.20.0.0/24 a
fails "what is not published is not reached" from_outside 10.20.0.11:80
plans

step "the host's 127.0.0.0/8 stays its own"
guest db 'echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; ip route del table local local 127.0.0.0/8 dev lo
    ip route del table local local 127.0.0.1 dev lo; ip route add 127.0.0.1 via 10.20.0.1' >/dev/null
stopped() { on iptables -nvxL "$(on iptables-save | sed -n 's/^:\(VIRTOPO-.*-LO\) .*/\1/p')" | awk '/DROP/ {n += $1} END {print n}'; }
equal "nobody tried yet" "$(stopped)" 0
equal "a guest does not come to it" "$(guest db 'wget -q -O - http://127.0.0.1:9999/ 2>/dev/null & sleep 1; kill $!; echo refused')" refused
holds "its packets came, and were dropped" test "$(stopped)" -gt 0
on sh -c "iptables -S | sed -n '/127.0.0.0.*DROP/s/^-A/iptables -D/p' | sh"
plans '^~ +publish +db +rules +incomplete -> whole +live, changed outside of virtopo' \
    '^~ +publish +web +rules +incomplete -> whole +live, changed outside of virtopo'
ok up
contains "they are back" "$(on iptables-save)" "-d 127.0.0.0/8 -i $bridge"

step "changed while it runs: what else is open stays so"
boot=$(guest web cat /proc/sys/kernel/random/boot_id)
host_exec cli bash -c "exec 3<>/dev/tcp/$at/2222; head -c 7 <&3; sleep 8; echo SSH-2.0-test >&3; timeout 5 head -c 100 <&3 | wc -c" >"$SCRATCH/held" &
held=$!
sleep 1
file '["8090:80", "2222:22"]'
vt plan --exit-code
matches plan "$OUT" '^~ +publish +web +port 8090 added .10\.20\.0\.11:80. +live'
matches plan "$OUT" '^~ +publish +web +port 8080 removed .10\.20\.0\.11:80. +live'
matches plan "$OUT" '^- +publish +db +'
ok up --yes
equal "the new one" "$(from_outside "$at:8090")" "hello from web"
fails "the old one is closed" from_outside "$at:8080"
lacks "nothing of db is left" "$(on iptables-save)" virtopo:lab/db
wait $held
equal "a connection that was open went on" "$(<"$SCRATCH/held")" "SSH-2.0100"
equal "the same run goes on" "$(guest web cat /proc/sys/kernel/random/boot_id)" "$boot"
plans

step "a port that is in use, or published by another cluster"
on busybox httpd -p 8088 -h /proc/self
file '["8090:80", "8088:80"]'
exits 1 plan
matches "in use" "$ERR" "port 8088/tcp of host 'local' is in use: busybox \(pid [0-9]+\) listens on \*:8088"
file '["8090:80"]'
sed 's/cluster: lab/cluster: two/; s/10\.20\.0/10.21.0/; s/fd00:20/fd00:21/' virtopo.yaml >two.yaml
exits 1 -f two.yaml plan
contains "taken" "$ERR" "port 8090/tcp of host 'local' is published by lab/web"
ok up

step "libvirtd started anew; its rules before ours; rules flushed: seen, and mended"
on sh -c 'kill "$(cat /run/libvirtd.pid)"; while [ -e /run/libvirtd.pid ]; do sleep 0.05; done'
host_exec a libvirtd -d
wait_for 10 "libvirtd is back" vir list
equal "from outside" "$(from_outside "$at:8090")" "hello from web"
plans
on sh -c "iptables -S FORWARD | sed -n 's/^-A \(.*VIRTOPO-.*\)/iptables -D \1; iptables -A \1/p' | sh; echo 0 >$localnet"
fails "from outside" from_outside "$at:8090"
plans '^~ +publish +web .*rules +incomplete -> whole +live, changed outside of virtopo'
ok up
equal "from outside" "$(from_outside "$at:8090")" "hello from web"
equal "from the loopback" "$(from_host 127.0.0.1:8090)" "hello from web"
on iptables -t nat -F "$(on iptables-save | sed -n 's/^:\(VIRTOPO-.*-IN\) .*/\1/p')"
plans '^~ +publish +web +port 8090 added'
ok up
equal "from outside" "$(from_outside "$at:8090")" "hello from web"

step "closed, and on down nothing is left"
file ''
ok up --yes
lacks "rules" "$(on iptables-save)" virtopo
equal "the loopback is not routed" "$(on cat "$localnet")" 0
plans
file '["8090:80"]'
ok up
ok down --yes --prune
on sh -c "kill \$(ps -eo pid,args | awk '/busybox httpd -p 8088/ && !/awk/ {print \$1}')" || true
equal "the host is as before" "$(host_objects)" "$before"
