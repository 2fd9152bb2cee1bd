#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# up --no-start: everything is made, nothing is started; what runs goes on running. A later up starts the rest.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" tiny.qcow2
file() { # MEMORY OF a, RUN OF b
    yaml <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: tiny, memory: 128M, networks: [lan] }
nodes:
  a: { networks: [{ lan: 10.20.0.11 }], memory: $1 }
  b: { networks: [{ lan: $2 }], depends_on: [a] }
Y
}
file 128M 10.20.0.12
states() { vir list --all | awk '{print $2, $3, $4}' | sort | xargs; }
empty() { # OPTIONS...
    exits 0 plan --exit-code "$@"
    equal "plan $*: nothing is pending" "$OUT" "No changes."
}

step "nothing is started"
exits 3 plan --no-start --exit-code
matches plan "$OUT" '^\+ +node +a '
ok up --no-start
contains "it says so" "$OUT" "Cluster lab is made, what was stopped is not started ("
lacks "it waits for nothing" "$OUT" waiting
equal "both are defined" "$(states)" "lab_a shut off lab_b shut off"
equal "the network runs" "$(vir net-list --name | grep lab_ | xargs)" lab_lan
holds "the disks are made" on test -f /var/lib/virtopo/lab/a.root.qcow2 -a -f /var/lib/virtopo/lab/b.root.qcow2
empty --no-start
exits 3 plan --exit-code
equal "without it, both are to be started" "$(grep -cE '^~ +node +[ab] .*state +stopped -> running +live' <<<"$OUT")" 2
equal "again: no write calls" "$(write_calls up --no-start)" ""

step "a change of what is stopped asks nobody, and starts nothing"
file 160M 10.20.0.13
exits 3 plan --no-start --exit-code
matches plan "$OUT" 'memory +128 MiB -> 160 MiB +live'
matches plan "$OUT" 'address on lan +10\.20\.0\.12 -> 10\.20\.0\.13 +live'
ok up --no-start
equal "both are stopped" "$(states)" "lab_a shut off lab_b shut off"
equal "the definition has it" "$(vir dumpxml lab_a | sed -n "s|.*<memory unit='KiB'>\(.*\)</memory>|\1|p")" 163840
empty --no-start

step "one node, and up starts the rest: with the address and the host key of the new seed"
ok up a
equal "a runs" "$(states)" "lab_a running lab_b shut off"
empty --no-start
ok up
equal "both run" "$(states)" "lab_a running lab_b running"
contains "b has the address that the file changed before its first boot" "$(guest b ip -4 addr)" 10.20.0.13/
plans

step "what runs goes on: live changes are made, a restart asks as ever"
boot=$(guest a cat /proc/sys/kernel/random/boot_id)
vir destroy lab_b
sed -i 's/depends_on: \[a\]/depends_on: [a], disks: [{ name: data, size: 8M }]/; s/memory: 160M/memory: 160M, disks: [{ name: more, size: 8M }]/' virtopo.yaml
ok up --no-start
equal "a runs, b does not" "$(states)" "lab_a running lab_b shut off"
contains "a has its disk" "$(guest a 'cat /sys/block/*/serial')" more
equal "in the same run" "$(guest a cat /proc/sys/kernel/random/boot_id)" "$boot"
matches "b's definition has its disk" "$(vir domblklist lab_b)" 'b\.data\.qcow2'
empty --no-start
sed -i 's/memory: 160M/memory: 176M/' virtopo.yaml
exits 1 up --no-start
contains "a restart asks" "$ERR" "restarting nodes needs consent"
ok up --no-start --yes
equal "a runs again, b does not" "$(states)" "lab_a running lab_b shut off"
rebooted() { [ "$(VT_QUIET=1 guest a cat /proc/sys/kernel/random/boot_id)" != "$boot" ]; }
wait_for 60 "it booted" rebooted
empty --no-start

step "paused stays paused"
vir suspend lab_a
empty --no-start
equal "no write calls" "$(write_calls up --no-start)" ""
equal "it is paused" "$(states)" "lab_a paused lab_b shut off"

step "down leaves nothing"
ok down --yes --prune
equal "the host is as it was" "$(host_state)" "$before"
