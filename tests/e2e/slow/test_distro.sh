#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the tiny guest only imitates: a full distribution with systemd and the real cloud-init takes its seed,
# at the first boot, at a later one with another address, and with each kind of login.
# minutes: 25
. "$(dirname "$0")/../lib.sh"
export VT_SECONDS=1200

host_up a
host_warm
before=$(host_state)
ln -s "${E2E_DISTRO:-$("$E2E/../guest/distro.sh")}" full.qcow2
printf 'from a file\n' >local.txt
head -c 3000 /dev/urandom >random.bin

# Nothing that cloud-init or systemd complained of. NODE [SUDO]
healthy() {
    guest "$1" "${@:2}" cloud-init status --wait >/dev/null
    equal "cloud-init in $1 has no errors" "$(guest "$1" cat /run/cloud-init/result.json | jq -c .v1.errors)" "[]"
    contains "its data source in $1" "$(guest "$1" cat /run/cloud-init/result.json)" "DataSourceNoCloud"
    equal "its warnings in $1" "$(guest "$1" "${@:2}" sed -nE '/WARN|ERROR|CRITICAL/p' /var/log/cloud-init.log)" ""
    contains "the seed of $1 to cloud-init's schema" "$(guest "$1" "${@:2}" cloud-init schema --system)" "Valid"
    equal "systemd in $1" "$(guest "$1" 'systemctl is-system-running --wait || systemctl --failed --plain')" running
}
address() { guest "$1" "ip -o -4 address show dev $2" | awk '{print $4}'; }
# The root file system in MiB, less what ext4 keeps for itself.
root_mib() { guest "$1" df --output=size -BM / | tail -1 | tr -dc 0-9; }

step "a cluster of two: one with root's login, one with the login of its image"
write_lab() { # WEB_ADDRESS WEB_DISK
    yaml virtopo.yaml <<Y
cluster: lab
domain: lab.example
images:
  plain: { file: full.qcow2 }
  debian: { file: full.qcow2, user: debian }
networks:
  lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.199] }
  san: { mode: isolated, subnet: 10.30.0.0/24, mtu: 9000 }
defaults:
  memory: 512M
nodes:
  db:
    image: plain
    networks: [{ lan: 10.20.0.10 }, { san: 10.30.0.10 }]
    disk: 4G
    disks: [{ name: data, size: 8M }]
    files:
      - { path: /etc/motd, content: "hello 'there' \"you\": \$HOME\n" }
      - { path: /root/secret, content: "s3cret", mode: "0600" }
      - { path: /opt/deep/file, from: local.txt, mode: "0755" }
      - { path: /opt/random, from: random.bin }
    run: [ "echo one >>/root/ran", "hostname >>/root/ran" ]
    cloud_init:
      timezone: Europe/Vienna
      runcmd: [[sh, -c, "echo merged >>/root/ran"]]
      write_files: [{ path: /etc/merged, content: "merged\n" }]
      users: [default, { name: ann, shell: /bin/sh }]
  web:
    image: debian
    networks: [{ lan: $1 }]
    disk: $2
    files: [{ path: /srv/own, content: "mine", owner: "debian:debian" }]
    run: [ "id -un >>/srv/ran" ]
Y
}
write_lab 10.20.0.21 3G
start=$SECONDS
ok up
contains up "$OUT" "Cluster lab is up"
step "up took $((SECONDS - start)) s"

# Boots while the others are looked at.
cat >ops.yaml <<'Y'
cluster: ops
ssh: { user: ops }
images: { plain: { file: full.qcow2 } }
networks: { lan: { subnet: 10.21.0.0/24, dhcp: [10.21.0.100, 10.21.0.199] } }
nodes: { one: { image: plain, memory: 512M, networks: [{ lan: dhcp }] } }
Y
vt_start -f ops.yaml up

step "address, name, routes, names of the others"
equal "address of db" "$(address db eth0)" 10.20.0.10/24
equal "address of db in san" "$(address db eth1)" 10.30.0.10/24
equal "mtu in san" "$(guest db cat /sys/class/net/eth1/mtu)" 9000
equal "address of web" "$(address web eth0)" 10.20.0.21/24
equal "default route" "$(guest db ip route show default | awk '{print $1, $2, $3, $4, $5}')" "default via 10.20.0.1 dev eth0"
equal hostname "$(guest db 'hostname; cat /etc/hostname')" $'db\ndb'
equal fqdn "$(guest db hostname -f)" db.lab.example
equal "name to address" "$(guest db getent ahostsv4 web.lab.example | awk 'NR == 1 {print $1}')" 10.20.0.21
equal "short name to address" "$(guest web getent ahostsv4 db | awk 'NR == 1 {print $1}')" 10.20.0.10
equal "address to name" "$(guest web getent hosts 10.20.0.10 | awk '{print $2}')" db.lab.example
contains "guests reach each other" "$(guest web ping -c1 -W10 db)" " 0% packet loss"

step "cloud-init and systemd are content"
healthy db
healthy web sudo

step "files, run, and what cloud_init adds"
# shellcheck disable=SC2016
equal "a file, to the letter" "$(guest db cat /etc/motd)" 'hello '\''there'\'' "you": $HOME'
equal "mode of a file" "$(guest db stat -c %a /root/secret)" 600
equal "a file from here" "$(guest db 'cat /opt/deep/file; stat -c %a /opt/deep/file')" $'from a file\n755'
equal "a file that is no text" "$(guest db sha256sum /opt/random | cut -d' ' -f1)" "$(sha256sum <random.bin | cut -d' ' -f1)"
equal "a file of another owner" "$(guest web stat -c %U:%G /srv/own)" debian:debian
equal "run, in order, cloud_init's last" "$(guest db cat /root/ran)" $'one\ndb\nmerged'
equal "run is root's" "$(guest web cat /srv/ran)" root
equal "a file of cloud_init" "$(guest db cat /etc/merged)" merged
equal "a user of cloud_init" "$(guest db 'getent passwd ann | cut -d: -f1,7')" ann:/bin/sh
equal "a setting of cloud_init" "$(guest db readlink /etc/localtime)" /usr/share/zoneinfo/Europe/Vienna
fails "the secret is not in the console logs" on grep -rq s3cret /var/lib/virtopo/lab --include='*.console.log'

step "disks"
holds "the root file system of db has grown to 4G: $(root_mib db) MiB" test "$(root_mib db)" -gt 3600
holds "that of web to 3G: $(root_mib web) MiB" test "$(root_mib web)" -gt 2600
equal "data disk, by its serial" "$(guest db lsblk -bndo SIZE /dev/disk/by-id/virtio-data)" 8388608

step "logins: key only, host keys known"
known() { # NODE
    vt ssh "$1" -- true
    equal "ssh to $1 has nothing to say" "$RC $OUT$ERR" "0 "
}
known db
known web
equal "login at db" "$(guest db id -un)" root
equal "login at web" "$(guest web id -un)" debian
equal "who may do all" "$(guest web sudo -n id -un)" root
contains "no passwords" "$(guest db sshd -T)" "passwordauthentication no"
equal "host keys" "$(guest db 'ls /etc/ssh/ssh_host_*_key')" /etc/ssh/ssh_host_ed25519_key
host_key=$(guest db cat /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f1,2)
contains "the tag has db's" "$(vir dumpxml lab_db)" "${host_key#* }"

step "a lease for an address, and a login of neither root nor the image: made by the seed"
vt_wait
equal "up" "$RC" 0
vt -f ops.yaml ssh one -- 'id -un; sudo -n id -un'
equal "login at one" "$RC $OUT$ERR" $'0 ops\nroot'
vt -f ops.yaml ssh one -- ip -o -4 address show dev eth0
matches "its address" "$OUT" 'inet 10\.21\.0\.1[0-9][0-9]/24'
vt -f ops.yaml ssh one -- 'cloud-init status --wait >&2; cat /run/cloud-init/result.json'
equal "cloud-init has no errors" "$(jq -c .v1.errors <<<"$OUT")" "[]"
ok -f ops.yaml down --yes

step "a later boot: another address and a larger disk, nothing done twice"
write_lab 10.20.0.22 4G
plans 'network lan +address of web' 'node +web +address.*10\.20\.0\.21 -> .*10\.20\.0\.22.* restart' 'node +web +disk 3 GiB -> 4 GiB .*live'
start=$SECONDS
ok up --yes
step "the restart took $((SECONDS - start)) s"
holds "it was shut down, not cut off" on grep -q 'reboot: Power down' /var/lib/virtopo/lab/web.console.log
known web
equal "address of web" "$(address web eth0)" 10.20.0.22/24
equal "its name for the others" "$(guest db getent ahostsv4 web | awk 'NR == 1 {print $1}')" 10.20.0.22
healthy web sudo
equal "run was not executed again" "$(guest web cat /srv/ran)" root
holds "the root file system has grown to 4G: $(root_mib web) MiB" test "$(root_mib web)" -gt 3600

step "again: nothing to do"
plans
equal "write calls of a second up" "$(write_calls up)" ""

step "down --prune: the host is exactly as it was"
ok down --yes --prune
equal "host" "$(host_state)" "$before"
