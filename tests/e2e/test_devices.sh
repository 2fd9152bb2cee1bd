#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Devices, seen from inside the guest or through what they are for: agent, screen and its password, shares, serial
# lines, sound, input, USB, random numbers, TPM, watchdog, panic.
# minutes: 6
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
share=$SCRATCH/share
mkdir -m 755 "$share" "$share/fs"
mkdir -m 777 "$share/9p" # 9p writes as the user that QEMU runs as
echo "from the host by 9p" >"$share/9p/file"
echo "from the host by virtiofs" >"$share/fs/file"
yaml <<Y
cluster: hw
images: { hw: { file: hw.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: hw, memory: 256M, networks: [lan] }
nodes:
  desk:
    graphics: { type: vnc, password: s3cret }
    video: qxl
    sound: ich9
    input: tablet
    usb: qemu-xhci
    serial: [pty, pty]
    channels: [{ name: org.example.0, type: unix, path: /run/channel.sock }]
    tpm: 2.0
  share:
    shares:
      - { source: $share/9p, target: /mnt/nine, driver: 9p, tag: nine }
      - { source: $share/9p, target: /mnt/fixed, driver: 9p, tag: fixed, readonly: true }
      - { source: $share/fs, target: /mnt/fs, tag: fs }
    balloon: { stats: 1s }
  dog: { watchdog: { model: i6300esb, action: poweroff }, rng: none, agent: false, tpm: 1.2 }
  panic: { panic: isa }
Y
ok up
settled desk share dog

step "the guest agent"
agent() { vir qemu-agent-command "hw_$1" '{"execute": "guest-get-osinfo"}' 2>&1 || :; }
wait_for 20 "it answers" eval '[[ $(agent desk) == *virtopo-guest* ]]'
contains "who has none" "$(agent dog)" "QEMU guest agent is not configured"

step "a screen with a password"
display=$(vir domdisplay hw_desk)
matches "it is on loopback alone" "$display" '^vnc://127\.0\.0\.1:[0-9]+$'
port=$((5900 + ${display##*:}))
rfb() { on python3 "$E2E/rfb.py" 127.0.0.1 "$port" "$@" | xargs; }
matches "with the password" "$(rfb s3cret)" '^security 2 [0-9]+x[0-9]+ QEMU \(hw_desk\)$'
equal "with another one" "$(rfb secret)" "security 2 refused"
equal "without" "$(rfb)" "security 2 refused"
lacks "its password is in no process's arguments" "$(on ps -eo args)" s3cret
lacks "nor in the tag" "$(vir dumpxml hw_desk)" s3cret

step "PCI and USB devices"
pci=$(guest_pci desk)
matches "qxl" "$pci" '^030000 1b36:0100$'
matches "sound: ICH9" "$pci" '^040300 8086:293e$'
matches "USB: xhci" "$pci" '^0c0330 1b36:000d$'
contains "a tablet" "$(guest_usb desk)" "QEMU USB Tablet"
lacks "no screen where none is asked for" "$(guest_pci share)" "030000 "

step "serial lines"
talk() { # TTY COMMAND: what a shell on the terminal's other end answers
    exec 3<>"$1"
    printf '\r' >&3
    sleep 2
    printf '%s\r' "$2" >&3
    timeout 5 cat <&3 | tr -d '\r' || :
    exec 3<&-
}
# shellcheck disable=SC2016
contains "the console has a shell" "$(talk "$(vir ttyconsole hw_desk)" 'echo sum=$((40 + 2)) on $(hostname)')" "sum=42 on desk"
tty=$(vir dumpxml hw_desk | xmllint --xpath 'string(//serial[target/@port="1"]/source/@path)' -)
(timeout 10 head -1 <"$tty" | tr -d '\r' >"$SCRATCH/line") &
reader=$!
sleep 1
guest desk 'echo by the second line >/dev/ttyS1'
wait $reader
equal "the second one" "$(<"$SCRATCH/line")" "by the second line"
contains "the log of the first" "$(cat "$(host_path /var/lib/virtopo/hw/desk.console.log)")" "virtopo-guest: hostname=desk"

step "a channel"
(on timeout 10 python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("/run/channel.sock"); print(s.makefile().readline())' | xargs >"$SCRATCH/line") &
reader=$!
sleep 1
# shellcheck disable=SC2016
guest desk 'cd /sys/class/virtio-ports; for p in *; do [ "$(cat $p/name)" != org.example.0 ] || echo through the channel >/dev/$p; done'
wait $reader
equal "it says what the guest said" "$(<"$SCRATCH/line")" "through the channel"

step "shares"
mounted=$(guest share cat /proc/mounts | grep /mnt/ || :)
indent <<<"$mounted"
matches "9p" "$mounted" '^nine /mnt/nine 9p rw'
matches "9p, only to read" "$mounted" '^fixed /mnt/fixed 9p ro'
matches "virtiofs" "$mounted" '^fs /mnt/fs virtiofs rw'
equal "content by 9p" "$(guest share cat /mnt/nine/file)" "from the host by 9p"
equal "content by virtiofs" "$(guest share cat /mnt/fs/file)" "from the host by virtiofs"
guest share 'echo from the guest >/mnt/fs/back; echo from the guest >/mnt/nine/back; ! touch /mnt/fixed/no 2>&1' >/dev/null
equal "and back" "$(<"$share/fs/back") $(<"$share/9p/back")" "from the guest from the guest"
fails "where it must not be written" test -e "$share/9p/no"

step "random numbers, TPM, balloon"
equal "a generator" "$(guest desk cat /sys/class/misc/hw_random/rng_current)" virtio_rng.0
lacks "none" "$(guest dog cat /sys/class/misc/hw_random/rng_current)" virtio
equal "TPM 2.0" "$(guest desk cat /sys/class/tpm/tpm0/tpm_version_major)" 2
equal "TPM 1.2" "$(guest dog cat /sys/class/tpm/tpm0/tpm_version_major)" 1
equal "no TPM" "$(guest share 'ls /sys/class/tpm 2>/dev/null | wc -l')" 0
matches "the balloon's figures" "$(vir dommemstat hw_share)" '^usable [1-9]'

step "watchdog: not fed, it powers off"
contains "what it is" "$(guest dog cat /sys/class/watchdog/watchdog0/identity)" i6300ESB
guest dog 'watchdog -T 2 -t 60 /dev/watchdog'
wait_for 30 "the node is off" eval '[ "$(vir domstate hw_dog)" = "shut off" ]'
contains "by it" "$(on cat /var/log/libvirt/qemu/hw_dog.log)" "shutting down"

step "panic: libvirt is told, and acts"
guest panic '(sleep 1; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &'
wait_for 30 "the node is off" eval '[ "$(vir domstate --reason hw_panic)" = "shut off (crashed)" ]'

step "down"
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs)" ""
holds "of the shares, nothing is taken" test -e "$share/fs/file" -a -e "$share/9p/back"
