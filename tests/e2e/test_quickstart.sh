#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One file, three guests at the addresses it says, all that a seed can say, and gone again.
# minutes: 5
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)

step "a cluster of three with all that a node can have"
cp "$(guest_image)" tiny.qcow2
yaml <<'Y'
cluster: lab
domain: lab.example
images: { tiny: { file: tiny.qcow2 } }
networks:
  lan: { mode: nat, subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.199] }
  san: { mode: isolated, subnet: 10.30.0.0/24, mtu: 9000 }
defaults:
  image: tiny
  memory: 128M
  networks: [lan]
nodes:
  db:
    networks: [{ lan: 10.20.0.10 }, { san: 10.30.0.10 }]
    disk: 300M
    disks: [{ name: data, size: 8M }]
    files:
      - { path: /etc/motd, content: "hello 'there' \"you\": $HOME\n" }
      - { path: /root/secret, content: "s3cret", mode: "0600" }
      - { path: /opt/deep/file, from: local.txt, mode: "0755" }
    run: [ "echo one >>/root/ran", "hostname >>/root/ran" ]
  web:
    count: 2
    networks: [{ lan: 10.20.0.21 }]
    depends_on: [db]
    labels: { role: web }
Y
printf 'from a file\n' >local.txt
ok validate
vt plan --exit-code
equal "plan --exit-code with everything to do" "$RC" 3
contains plan "$OUT" "Plan: 6 to add."
equal "plan changed nothing" "$(host_state)" "$before"

ok up
contains "up" "$OUT" "Cluster lab is up"

step "what libvirt has"
equal domains "$(vir list --name | sort)" $'lab_db\nlab_web-1\nlab_web-2'
equal networks "$(vir net-list --name | sort)" $'lab_lan\nlab_san'
equal "mode of seeds" "$(on find /var/lib/virtopo -name '*.iso' -printf '%m\n' | sort | uniq -c | xargs)" "3 600"
equal "mode of the base image" "$(on find /var/lib/virtopo -maxdepth 1 -name 'sha256-*.qcow2' -printf '%m\n')" 444
equal "mode of overlays" "$(on find /var/lib/virtopo -name '*.root.qcow2' -printf '%m\n' | sort -u)" 600
base=$(on sh -c 'ls /var/lib/virtopo/sha256-*.qcow2')
holds "the base image is the file's bytes" on cmp "$base" "$PWD/tiny.qcow2"
equal "the base image is named by its content" "$(basename "$base")" "sha256-$(sha256sum <tiny.qcow2 | cut -d' ' -f1).qcow2"
info=$(on qemu-img info -U /var/lib/virtopo/lab/db.root.qcow2)
contains "root overlay" "$info" "backing file: $base"
contains "root overlay" "$info" "backing file format: qcow2"
contains "root overlay" "$info" "virtual size: 300 MiB"
contains "root overlay" "$info" "compat: 1.1"
bridge=$(vir net-dumpxml lab_lan | sed -n "s/.*<bridge name='\([^']*\)'.*/\1/p")
equal "no spanning tree" "$(on cat "/sys/class/net/$bridge/bridge/stp_state")" 0
equal "mtu of san" "$(on ip -o link show "$(vir net-dumpxml lab_san | sed -n "s/.*<bridge name='\([^']*\)'.*/\1/p")" | grep -o 'mtu [0-9]*')" "mtu 9000"

step "inside the guests: addresses, name, files, run, key, names of the others"
equal "address of db" "$(guest db "ip -o -4 address show dev eth0 | awk '{print \$4}'")" 10.20.0.10/24
equal "address of db in san" "$(guest db "ip -o -4 address show dev eth1 | awk '{print \$4}'")" 10.30.0.10/24
equal "mtu in san" "$(guest db cat /sys/class/net/eth1/mtu)" 9000
equal "address of web-1" "$(guest web-1 "ip -o -4 address show dev eth0 | awk '{print \$4}'")" 10.20.0.21/24
equal "address of web-2" "$(guest web-2 "ip -o -4 address show dev eth0 | awk '{print \$4}'")" 10.20.0.22/24
equal "default route" "$(guest web-1 'ip route | grep ^default' | xargs)" "default via 10.20.0.1 dev eth0"
equal hostname "$(guest web-1 hostname)" web-1
equal fqdn "$(guest web-1 hostname -f)" web-1.lab.example
# shellcheck disable=SC2016
equal "a file, to the letter" "$(guest db cat /etc/motd)" 'hello '\''there'\'' "you": $HOME'
equal "mode of a file" "$(guest db stat -c %a /root/secret)" 600
equal "a file from here" "$(guest db 'cat /opt/deep/file; stat -c %a /opt/deep/file')" $'from a file\n755'
guest db cloud-init status --wait >/dev/null
equal "run, once and in order" "$(guest db cat /root/ran)" $'one\ndb'
equal "login by key only" "$(guest db "grep -c . /root/.ssh/authorized_keys")" 1
equal "data disk" "$(guest db cat /sys/block/vdb/size)" 16384
equal "its serial" "$(guest db cat /sys/block/vdb/serial)" data
equal "the root disk has grown" "$(guest db 'cat /sys/block/vda/size')" 614400
equal "name to address" "$(guest web-1 nslookup db.lab.example 10.20.0.1 | awk '/^Address/ {print $NF}' | tail -1)" 10.20.0.10
contains "short name" "$(guest web-1 ping -c1 -W5 web-2)" "10.20.0.22"
contains "address to name" "$(guest db nslookup 10.20.0.22 10.20.0.1)" "web-2.lab.example"
contains "guests reach each other" "$(guest web-2 ping -c1 -W5 db)" "1 packets received"
holds "the console has a log" on grep -q ready /var/lib/virtopo/lab/db.console.log
fails "the secret is not in the console logs" on grep -rq s3cret /var/lib/virtopo/lab --include='*.console.log'

step "ssh NODE -- CMD: exit code, quoting, streams"
exits 7 ssh web-1 -- 'exit 7'
exits 0 ssh web-1 -- true
vt ssh web-1 -- printf '<%s>' 'a  b' "it's" '$HOME' '*' ''
# shellcheck disable=SC2016
equal "words arrive as they are" "$OUT" "<a  b><it's><\$HOME><*><>"
# shellcheck disable=SC2016
vt ssh web-1 -- 'echo $((6 * 7)); echo oops >&2'
equal "one word is a command line" "$OUT" 42
equal "stderr is stderr" "$ERR" oops
equal "stdin" "$(printf 'through' | on env "${VT_ENV[@]}" "$VIRTOPO" ssh web-1 -- cat)" through
exits 2 ssh web-9
contains "no such node" "$ERR" "there is no node 'web-9'"

step "status and list"
ok status
matches status "$OUT" '^db +running +yes +1 +128 MiB +local +lan 10\.20\.0\.10, san 10\.30\.0\.10'
matches status "$OUT" '^web-2 +running +yes'
ok --json status
equal "status --json" "$(jq -r '.type, (.nodes[] | "\(.name) \(.state) \(.addresses[0].ip)")' <<<"$OUT")" \
    $'result\ndb running 10.20.0.10\nweb-1 running 10.20.0.21\nweb-2 running 10.20.0.22'
ok list
matches list "$OUT" '^lab +'
ok list --json
contains "list --json" "$(jq -c . <<<"$OUT")" '"lab"'

step "again: nothing to do, and no write call"
plans
equal "write calls of a second up" "$(write_calls up)" ""
ok up
contains "second up" "$OUT" "No changes"
equal "write calls of plan" "$(write_calls plan)" ""
equal "write calls of status" "$(write_calls status)" ""
equal "run was not executed again" "$(guest db cat /root/ran)" $'one\ndb'

step "down needs a yes"
dumps() { for d in lab_db lab_web-1 lab_web-2; do vir dumpxml "$d"; done; vir net-dumpxml lab_lan; }
dumped=$(dumps)
exits 1 down
contains "without --yes" "$ERR" "removing cluster 'lab' needs consent"
equal "nothing was changed" "$(dumps)" "$dumped"

step "down leaves nothing but the store"
ok down --yes
contains down "$OUT" "Cluster lab is gone"
store() { on find /var/lib/virtopo -printf '%P %y\n' | sort | sed 's/sealed-[0-9.-]*/sealed/; s/made-[0-9a-f]*/made/'; }
base=${base##*/}
equal "in the store, the image alone" "$(store)" " d
$base f
$base.made f
$base.sealed f"
uuid=$(vir pool-uuid virtopo | xargs)
without_store() { sed -e "/$uuid/d" -e '/^ *virtopo /d' -e '\|/var/lib/virtopo/|d' -e '\|/etc/libvirt/storage/.*virtopo.xml|d'; }
equal "all else is as before" "$(host_state | without_store)" "$before"
equal "the cluster's key is gone" "$(find "$SCRATCH/data" -type f)" ""
ok down --yes
contains "down of nothing" "$OUT" "Nothing of cluster lab is there"
ok status
matches "status of nothing" "$OUT" '^db +missing'

step "down --prune: the host is exactly as it was"
ok down --yes --prune
equal "host" "$(host_state)" "$before"
