#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Guests that do not come up: up says at which stage each stopped, with the end of its console, and exits with
# 4 where others are up, 1 where none is.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
# A boot sector that writes a line to the serial port and halts.
truncate -s 1M mute.raw
printf '\xfa\xbe\x17\x7c\xfc\x31\xc0\x8e\xd8\xba\xf8\x03\xac\x84\xc0\x74\x03\xee\xeb\xf8\xf4\xeb\xfdstuck in the boot sector\r\n\0' |
    dd of=mute.raw conv=notrunc status=none
printf '\x55\xaa' | dd of=mute.raw bs=1 seek=510 conv=notrunc status=none
file() {
    yaml <<Y
cluster: s
images: { tiny: { file: tiny.qcow2 }, mute: { file: mute.raw } }
networks: { lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.110] } }
defaults: { image: tiny, memory: 128M, networks: [lan] }
nodes:
$1
Y
}

step "a guest that never boots, one that waits for it, and one that has nothing to do with it"
file '
  mute: { image: mute, memory: 32M, networks: [{ lan: 10.20.0.10 }] }
  later: { image: mute, memory: 32M, ready: none, depends_on: [mute] }
  other: { image: mute, memory: 32M, ready: none }'
start=$SECONDS
exits 4 up --timeout 5s
holds "within its time" [ $((SECONDS - start)) -le 30 ]
contains "node and time" "$ERR" "node 'mute' is not ready after 5 s: 10.20.0.10"
matches "the stage" "$ERR" "10\.20\.0\.10 .*(no answer|does not answer|ARP)"
contains "the remedy" "$ERR" "virsh console s_mute"
contains "the end of its console" "$ERR" "stuck in the boot sector"
contains "what waits for it" "$OUT" "node later: not created, as node mute"
equal "the rest is up" "$(vir list --name | sort | xargs)" "s_mute s_other"
ok status
matches status "$OUT" '^mute +running +no '
matches status "$OUT" '^later +missing'
exits 4 up --timeout 3s --json
equal "as JSON" "$(jq -r 'select(.type == "result") | .exit_code, .failures[0].error.kind' <<<"$OUT" | xargs)" "4 timeout"
contains "the console as JSON" "$(jq -r 'select(.type == "result") | .failures[0].error.detail' <<<"$OUT")" "stuck in the boot sector"
exits 3 plan --exit-code
ok up --no-wait
equal "not waiting, all are made" "$(vir list --name | sort | xargs)" "s_later s_mute s_other"
ok down --yes

step "none is up"
file '  mute: { image: mute, memory: 32M, networks: [{ lan: 10.20.0.10 }] }'
exits 1 up --timeout 3s
ok down --yes
file '  mute: { image: mute, memory: 32M, ready: { timeout: 3s }, networks: [{ lan: dhcp }] }'
exits 1 up
contains "a time of its own, and no lease" "$ERR" "node 'mute' is not ready after 3 s: it has no address"
ok down --yes

step "a guest that stops"
file '  gone: { networks: [{ lan: 10.20.0.13 }], cloud_init: { bootcmd: ["poweroff -f"] } }'
exits 1 up --timeout 4m
contains "it is not waited for" "$ERR" "node 'gone' does not run any more: it shut down"
ok status
matches status "$OUT" '^gone +stopped .*virtopo up starts it'
ok down --yes

step "no SSH server; a key that is refused"
file '
  closed: { networks: [{ lan: 10.20.0.11 }], cloud_init: { bootcmd: ["rm -f /bin/dropbear"] } }
  refused: { networks: [{ lan: 10.20.0.12 }], cloud_init: { bootcmd: ["rm -rf /root/.ssh; touch /root/.ssh"] } }
  good: { image: mute, memory: 32M, ready: none }'
ok up --no-wait
for node in closed refused; do
    wait_for 180 "$node has booted" on grep -q "hostname=$node addr=10.20.0.1. ready" /var/lib/virtopo/s/$node.console.log
done
exits 4 up --timeout 8s
matches "no SSH server" "$ERR" "node 'closed' is not ready after 8 s: 10\.20\.0\.11 refuses connections to its SSH port"
contains "the remedy" "$ERR" "no SSH server answers"
matches "a key that is refused" "$ERR" "node 'refused' is not ready after 8 s: 10\.20\.0\.12 .*(key|login|refuse)"
contains "the remedy" "$ERR" "does the image's cloud-init know the user 'root'?"
ok status
matches status "$OUT" '^closed +running +no'
exits 255 ssh closed -- true
contains "ssh says why" "$ERR" "10.20.0.11"
ok down --yes

step "a key with a passphrase: by the agent that has it, or told"
ssh-keygen -q -t ed25519 -N secret -C e2e -f locked
file '  a: { networks: [{ lan: 10.20.0.11 }] }'
echo 'ssh: { key: locked }' >>virtopo.yaml
exits 1 up
contains "told before anything is made" "$ERR" "has a passphrase, and no SSH agent runs"
equal "nothing was made" "$(vir list --all --name | xargs)" ""
ok up --no-wait
wait_for 180 "it has booted" on grep -q "hostname=a addr=10.20.0.1. ready" /var/lib/virtopo/s/a.console.log
exits 1 up --timeout 3s
contains "without an agent" "$ERR" "error: the SSH key '$PWD/locked' has a passphrase, and no SSH agent runs"
contains "the remedy" "$ERR" "ssh-add $PWD/locked"
printf '#!/bin/sh\necho secret\n' >askpass
chmod +x askpass
eval "$(ssh-agent -a "$SCRATCH/agent")" >/dev/null
agent=$SSH_AGENT_PID
SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force DISPLAY=none ssh-add -q locked </dev/null
VT_EXTRA=(SSH_AUTH_SOCK="$SCRATCH/agent")
ok up --timeout 60s
equal "ssh too" "$(guest a hostname)" a
VT_EXTRA=()
kill "$agent"
ok down --yes
