#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Images made from others: what the steps do, what is kept between builds, what fails and what is left of it.
# minutes: 20
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
cp "$(guest_image)" base.qcow2
mkdir -p conf/sub
printf 'one\n' >conf/a
printf 'two\n' >conf/sub/b
ln -s a conf/link
chmod 750 conf/sub
chmod 711 conf/a
printf '#!/bin/sh\necho "apt-get $*" >>/root/apt.log\n' >apt-get
chmod 755 apt-get

images() { # EXTRA LINES FOR app, OTHER IMAGES
    yaml <<Y
cluster: lab
images:
  base: { file: base.qcow2 }
  app:
    from: base
    size: 320M
    memory: 192M
    copy: [{ from: conf, to: /etc/app }, { from: conf/a, to: /srv/ }, { from: apt-get, to: /bin/apt-get }]
    files:
      - { path: /etc/motd, content: "it's \$HOME\n", mode: "0640" }
      - { path: /srv/owned, content: x, owner: "7:8" }
    packages: [curl, "it's"]
    run:
      - echo built >/root/ran; hostname >/root/build-name
      - |
        echo build >/etc/machine-id
        cp /etc/dropbear/host_key /root/build-key
        mkdir -p /var/tmp/deep/er /var/lib/dhcp
        touch /tmp/left /var/log/left.log /root/.ash_history /var/tmp/deep/er/.left /var/lib/dhcp/lease
        sleep 300 &
${1:-}
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: app, memory: 128M, networks: [lan] }
nodes: { x: {}, y: {} }
Y
}
# How many guests the last command ran to their end: each says so once.
boots() { grep -c ': keeping what was written$' <<<"$OUT" || true; }
left() {
    trap - ERR
    {
        vir list --all --name
        on ls /var/lib/virtopo
        ls "$SCRATCH/cache/virtopo/images"
        vir secret-list
    } | grep -E 'build|\.(part|work|disk)|virtopo/' || true
}
clean() { equal "nothing is left of the build" "$(left)" ""; }

step "a layer"
images
ok image build
contains "progress" "$OUT" "step 2/8: copy to /srv/"
contains "progress" "$OUT" "step 5/8: packages: curl it's"
clean
ok up
equal "a folder" "$(guest x 'cd /etc/app; stat -c "%n %a %U" a sub sub/b; readlink link; cat sub/b')" $'a 711 root\nsub 750 root\nsub/b 644 root\na\ntwo'
equal "a file into a folder" "$(guest x cat /srv/a)" one
equal "a file of the file" "$(guest x 'cat /etc/motd; stat -c %a /etc/motd')" $'it\'s $HOME\n640'
equal "its owner" "$(guest x stat -c %u:%g /srv/owned)" 7:8
equal "packages" "$(guest x cat /root/apt.log)" $'apt-get -q update\napt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install curl it\'s\napt-get clean'
equal "run" "$(guest x cat /root/ran)" built
holds "the disk is as large as it said" test "$(guest x cat /sys/block/vda/size)" = $((320 * 2048))
root=$(vir domblklist lab_x | awk '/root/ {print $2}')
equal "two layers and the overlay, by their names" "$(on qemu-img info -U --backing-chain --output json "$root" | jq -r '.[]."backing-filename"' | sed 's/[0-9a-f]\{64\}/D/')" $'/var/lib/virtopo/sha256-D.qcow2\nsha256-D.qcow2\nnull'

step "each node is a machine of its own, and nothing tells of the build"
key() { guest "$1" dropbearkey -y -f /etc/dropbear/host_key | awk '/^ssh/ {print $2}'; }
holds "host keys differ" test "$(key x)" != "$(key y)"
lacks "that of the build" "$(guest x md5sum /etc/dropbear/host_key)" "$(guest x md5sum /root/build-key | cut -d' ' -f1)"
equal "machine id" "$(guest x cat /etc/machine-id)" ""
equal "hostname" "$(guest x hostname)" x
equal "logs, histories, temporary files" "$(guest x 'find /tmp /var/tmp /var/lib/dhcp -mindepth 1; [ ! -e /root/.ash_history ] || echo history; cat /var/log/left.log')" ""
fails "its seed" on grep -q "virtopo-build" "$(vir domblklist lab_x | awk '/seed/ {print $2}')"

step "what has not changed costs nothing"
plans
equal "write calls of up" "$(write_calls up)" ""
equal "write calls of image build" "$(write_calls image build)" ""
touch conf/a
plans
rm -rf "$SCRATCH/cache"
plans

step "each step a layer: a late one that changes is all that is done again"
steps() { # COMMAND
    images "  steps: { from: app, cache: step, memory: 192M, run: [echo 1 >/root/1, echo 2 >/root/2, $1 >/root/3] }"
}
steps 'echo 3'
ok image build steps
equal "boots" "$(boots)" 3
equal "steps" "$(grep -c '^image steps.*: step ' <<<"$OUT")" 3
ok image build
contains "again" "$OUT" "Nothing to build"
steps 'cat /root/1 /root/2'
ok image build steps
equal "boots after the last one changed" "$(boots)" 1
clean

step "all in one file"
images "  flat: { from: app, flatten: true, memory: 192M, run: [echo flat >/root/flat] }"
ok image build flat
VT_QUIET=1 ok --json image list
flat=$(jq -r '.images[] | select(.name == "flat") | .digest' <<<"$OUT")
equal "its backing file" "$(on qemu-img info --output json "/var/lib/virtopo/sha256-$flat.qcow2" | jq -r '."backing-filename"')" null
sed -i 's/y: {}/y: {}, z: { image: flat }/' virtopo.yaml
ok up
equal "what was below is in it" "$(guest z cat /root/ran /root/flat)" $'built\nflat'

step "a step that fails: its output, its exit code, nothing left"
failing() { images "  bad: { from: base, memory: 192M, timeout: $1, run: [echo fine, \"$2\", echo never] }"; }
failing 2m "echo to stdout; echo to stderr >&2; printf 'no newline'; exit 7"
exits 1 image build bad
contains "the step and its code" "$ERR" "image 'bad': step 2 of 3 (run: echo to stdout;"
contains "the code" "$ERR" "failed with exit code 7"
contains "its output" "$ERR" $'    to stdout\n    to stderr\n    no newline'
lacks "that of others" "$ERR" fine
contains "the remedy" "$ERR" "\`virtopo image build bad --keep\` leaves its guest up"
clean
failing 2m "false; true"
exits 1 image build bad
contains "a command in the middle" "$ERR" "failed with exit code 1"
clean

step "--keep: the guest is left, found, and removed by the next build"
exits 1 image build bad --keep
contains "how to look" "$ERR" "virsh -c qemu:///system console virtopo-build-"
name=$(vir list --name | grep virtopo-build)
equal "its state" "$(vir domstate "$name")" running
holds "its disks" test "$(on sh -c 'ls /var/lib/virtopo | grep -c ^build-')" = 3
ok list
lacks "clusters" "$OUT" build
failing 2m "echo better"
ok image build bad
equal "the one that was kept has another recipe, and is there" "$(vir list --name | grep virtopo-build)" "$name"
failing 2m "false; true"
exits 1 image build bad
clean

step "guests that go down by themselves, or never come up"
failing 2m "poweroff; sleep 100"
exits 1 image build bad
contains "powered off" "$ERR" "its guest powered off during step 2 of 3"
failing 2m "reboot; sleep 100"
exits 1 image build bad
contains "restarted" "$ERR" "its guest restarted during step 2 of 3"
failing 60s "echo before; sleep 600"
exits 1 image build bad
contains "too slow" "$ERR" "image 'bad': not made within 1 min: its guest was at step 2 of 3"
contains "what it said until then" "$ERR" "    before"
contains "remedy" "$ERR" "images.bad.timeout"
blank_image blank.raw
images "  bad: { from: blank, memory: 64M, timeout: 3s, run: [true] }
  blank: { file: blank.raw }"
exits 1 image build bad
contains "no sign of life" "$ERR" "image 'bad': no sign of life from its guest within 3 s"
contains "why" "$ERR" "cloud-init"
clean

step "without the channel's driver, it reports over the console"
images "  mute: { from: base, memory: 192M, run: [\"find /lib/modules -name 'virtio_console*' -exec rm '{}' +\"] }
  loud: { from: mute, memory: 192M, timeout: 2m, run: [echo one, \"ls /dev/vport* || echo two; exit 3\"] }"
exits 1 image build loud
contains "its step and code" "$ERR" "step 2 of 2 (run: ls /dev/vport* || echo two; exit 3) failed with exit code 3"
contains "its output" "$ERR" "    two"
sed -i 's/exit 3/true/' virtopo.yaml
ok image build loud
clean

step "killed in the middle: the guest goes too, and the next build starts over"
images "  slow: { from: base, memory: 192M, run: [sleep 3, echo done] }"
vt_start image build slow
wait_for 60 "the guest runs" sh -c "grep -q 'step 1/2' '$SCRATCH/vt.out'"
kill -9 "$VT_PID"
vt_wait
running() { vir list --name | grep -q build; }
gone() { ! running; }
wait_for 20 "its guest is gone" gone
ok image build slow
clean

step "Ctrl-C"
sed -i 's/echo done/echo twice/' virtopo.yaml
vt_start image build slow
wait_for 60 "the guest runs" sh -c "grep -q 'step 1/2' '$SCRATCH/vt.out'"
kill -INT "$VT_PID"
vt_wait
equal "exit code" "$RC" 1
clean

step "two at once: one builds, the other waits and uses it"
vt_start image build slow
wait_for 60 "one builds" sh -c "grep -q 'step 1/2' '$SCRATCH/vt.out'"
ok -v image build slow
equal "boots of the second" "$(boots)" 0
second=$OUT
vt_wait
equal "the first" "$RC" 0
equal "boots of the first" "$(boots)" 1
contains "the second says why it waits" "$second" "another virtopo makes this image"
clean

step "libvirtd started again while nothing was asked of it"
cat >hold.sh <<'S'
#!/bin/sh
touch ../held
until [ -e ../go ]; do sleep 0.1; done
cp base.qcow2 "$OUT"
S
chmod 755 hold.sh
images "  held: { script: hold.sh }"
vt_start image build held
wait_for 60 "the script runs" test -e ../held
on sh -c 'kill -9 "$(cat /run/libvirtd.pid)"'
host_libvirt_up a
touch ../go
vt_wait
equal "exit code" "$RC" 0

step "what cannot be read, and a size that is too small"
images "  bad: { from: base, copy: [{ from: nowhere, to: /srv }] }"
exits 1 image build bad
contains "a folder that is not there" "$ERR" "nowhere: No such file or directory"
mkfifo pipe
images "  bad: { from: base, copy: [{ from: pipe, to: /srv/pipe }] }"
vt image build bad
holds "exit code $RC" test "$RC" != 0
contains "a pipe" "$ERR" "is neither a file, a folder nor a symlink"
images "  bad: { from: base, size: 64M, run: [true] }"
exits 1 image build bad
contains "a smaller disk" "$ERR" "image 'bad': its size 64 MiB is less than the 256 MiB of 'base'"

step "the file below a layer changed behind its back: no node starts on it"
images
base=/var/lib/virtopo/sha256-$(sha256sum <base.qcow2 | cut -d' ' -f1).qcow2
on sh -c "chmod u+w $base; printf x | dd of=$base bs=1 seek=20000000 conv=notrunc status=none"
exits 1 up
contains "it says so" "$ERR" "changed under its overlays: $base"

step "down: the host is as it was"
ok down --yes --prune
equal host "$(host_state)" "$before"
