#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A layer on a full distribution with systemd, the real cloud-init and its package manager: what its build leaves,
# and what it does not.
# minutes: 30
. "$(dirname "$0")/../lib.sh"
export VT_SECONDS=1500

host_up a
host_warm
before=$(host_state)
ln -s "${E2E_DISTRO:-$("$E2E/../guest/distro.sh")}" full.qcow2

step "a repository of packages on the host, which the guest of the build reaches by QEMU's user network"
mkdir repository
(cd repository && apt-get -q -o APT::Sandbox::User=root download hello >apt.log 2>&1) || fail "cannot download hello"
deb=$(basename repository/hello_*.deb)
{
    dpkg-deb -f "repository/$deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "repository/$deb")" "$(sha256sum <"repository/$deb" | cut -d' ' -f1)"
} >repository/Packages
on python3 -m http.server --bind 127.0.0.1 --directory "$PWD/repository" 8099 >server.log 2>&1 &

yaml <<'Y'
cluster: lab
images:
  full: { file: full.qcow2 }
  app:
    from: full
    size: 3G
    memory: 512M
    files:
      - { path: /etc/apt/sources.list, content: "deb [trusted=yes] http://10.0.2.2:8099 ./\n" }
      - { path: /etc/app.conf, content: "for whom it may concern", mode: "0640", owner: "root:mail" }
    packages: [hello]
    run:
      - hello >/root/greeting
      - systemctl is-active ssh; df --output=size -BM / | tail -1 >/root/size
      - |
        true
        cp /etc/machine-id /root/build-machine-id
        cp /etc/ssh/ssh_host_ed25519_key.pub /root/build-host-key
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: app, memory: 512M }
nodes: { one: { networks: [{ lan: 10.20.0.11 }] }, two: { networks: [{ lan: 10.20.0.12 }] } }
Y
start=$SECONDS
ok image build
step "the build took $((SECONDS - start)) s"
contains "what it says" "$OUT" "packages: hello"
equal "no guest, no disk of the build is left" "$(vir list --all --name; on find /var/lib/virtopo -name 'build-*')" ""

step "nodes on it"
ok up
equal "the package" "$(guest one hello)" "Hello, world!"
equal "what the build ran" "$(guest one cat /root/greeting)" "Hello, world!"
equal "a file with an owner" "$(guest one stat -c '%a %U:%G' /etc/app.conf)" "640 root:mail"
holds "the disk had grown during the build" test "$(guest one cat /root/size | tr -dc 0-9)" -gt 2600
# cloud-init starts SSH anew on its way: not every try gets through.
is_done() { VT_QUIET=1 vt ssh "$1" -- test -s /run/cloud-init/result.json; [ "$RC" = 0 ]; }
wait_for 600 "cloud-init is done in one" is_done one
wait_for 600 "cloud-init is done in two" is_done two
result() { guest "$1" cat /run/cloud-init/result.json; }
equal "cloud-init has no errors" "$(result one | jq -c .v1.errors)" "[]"
equal systemd "$(guest one 'systemctl is-system-running --wait || systemctl --failed --plain')" running
equal "nor in the other" "$(result two | jq -c .v1.errors)" "[]"

step "each is a machine of its own"
id() { guest "$1" cat /etc/machine-id; }
holds "machine ids differ" test "$(id one)" != "$(id two)"
holds "that of the build is nobody's" test "$(id one)" != "$(guest one cat /root/build-machine-id)"
equal "host keys" "$(guest one ls /etc/ssh | grep -c '_key$')" 1
lacks "the key of the build" "$(guest one cat /etc/ssh/ssh_host_ed25519_key.pub)" "$(guest one cut -d' ' -f2 /root/build-host-key)"
equal hostname "$(guest one hostname)" one

step "of the build is nothing to be seen"
lacks "network configuration" "$(guest one 'cat /etc/netplan/*')" "52:76:74:62:00:01"
lacks "cloud-init's logs" "$(guest one cat /var/log/cloud-init.log)" "virtopo-build"
equal "instances of cloud-init" "$(guest one ls /var/lib/cloud/instances | wc -l)" 1
equal "package lists and archives" "$(guest one 'find /var/lib/apt/lists /var/cache/apt/archives -type f -size +0 ! -name lock')" ""
equal "boots in the journal" "$(guest one journalctl --list-boots -q | wc -l)" 1

step "again: nothing to do; then the host is as it was"
plans
ok down --yes --prune
equal host "$(host_state)" "$before"
