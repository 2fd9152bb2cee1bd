#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Images that an installer makes: the small one of tests/guest, told by answers of every kind, and all that can go wrong.
# minutes: 12
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
before=$(host_state)
"$E2E/../guest/build.sh" --installer -o cd.iso || fail "no installer"

# NAME ISO KIND ANSWERS [MORE KEYS]: a cluster of one node on that image.
cluster() {
    yaml <<Y
cluster: lab
images:
  $1: { iso: $2, size: 300M, memory: 256M, cpus: 1, network: false, cmdline: quiet, answers: { kind: $3, file: $4 }${5:+, $5} }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { a: { image: $1, memory: 128M, networks: [lan] } }
Y
}
# Answers, a line for each pair KEY VALUE.
answers() { while [ $# != 0 ]; do printf 'd-i installer/%s string %s\n' "$1" "$2"; shift 2; done; }
builds() { on find /var/lib/virtopo -name 'build-*' -printf '%f\n' | sort; }
guests() { vir list --all --name | grep virtopo-build || true; }
runs() { vir list --name | grep -q virtopo-build; }
does_not_run() { ! runs; }
nothing_left() {
    equal "no guest of a build" "$(guests)" ""
    equal "no volume of a build" "$(builds)" ""
    equal "nothing half-made in the cache" "$(find "$SCRATCH/cache/virtopo/images" -type f ! -name '*.img' ! -name '*.lock' 2>/dev/null || true)" ""
}

step "preseed: installed, booted, reached"
answers motd "hello there" >preseed.cfg
cluster plain cd.iso preseed preseed.cfg
vt plan
contains plan "$OUT" "install from $PWD/cd.iso on a disk of 300 MiB"
ok -v up
contains "what the installer says" "$OUT" "image plain: installer: step 5 of 7: copy_system"
contains up "$OUT" "Cluster lab is up"
equal "the answers were taken" "$(guest a cat /etc/installed)" "preseed: hello there"
base=$(on sh -c 'ls /var/lib/virtopo/sha256-*.qcow2')
info=$(on qemu-img info "$base")
contains "the image" "$info" "virtual size: 300 MiB"
lacks "the image" "$info" "backing file"
holds "it is compact" test "$(on stat -c %s "$base")" -lt 67108864
nothing_left

step "again: nothing to do, no guest started"
plans
equal "write calls of a second up" "$(write_calls up)" ""
rm -r "$SCRATCH/cache/virtopo/images"
equal "without the cache too" "$(write_calls up)" ""
ok down --yes
equal "the image stays in the store" "$(write_calls image build)" ""

step "other answers are another image"
answers motd "other" finish reboot >preseed.cfg
vt plan
contains plan "$OUT" "install from"
ok down --yes --prune
equal "nothing is left on the host" "$(host_state)" "$before"

step "kickstart, kernel and initrd by their paths, ends with a reboot"
answers motd ks finish reboot >ks.cfg
cluster inst "{ file: cd.iso, kernel: /BOOT/linux, initrd: boot/initrd }" kickstart ks.cfg
ok up
equal "the answers were taken" "$(guest a cat /etc/installed)" "kickstart: ks"
ok down --yes --prune

step "autoinstall on a second medium, ends with a halt"
{ echo "#cloud-config"; answers motd auto finish halt | sed 's/^/# /'; } >user-data
cluster inst cd.iso autoinstall user-data
ok up
equal "the answers were taken" "$(guest a cat /etc/installed)" "autoinstall: auto"
nothing_left
ok down --yes --prune

step "a medium with answers; without an installation medium: kernel and initrd by themselves"
mkdir -p medium netboot/system
answers motd "from the medium" >medium/answers.txt
xorriso -as mkisofs -quiet -R -V ANSWERS -o answers.iso medium 2>/dev/null
xorriso -osirrox on -indev cd.iso -extract /install.amd netboot/boot -extract /system netboot/tree/system 2>/dev/null
chmod -R u+w netboot
# Linux looks for the next archive at a multiple of four bytes.
truncate -s %4 netboot/boot/initrd.gz
(cd netboot/tree && find . | busybox cpio -o -H newc 2>/dev/null) >>netboot/boot/initrd.gz
cluster inst "{ kernel: netboot/boot/vmlinuz, initrd: netboot/boot/initrd.gz }" iso answers.iso
ok up
equal "the answers were taken" "$(guest a cat /etc/installed)" "medium: from the medium"
ok down --yes --prune

step "two at once: one installs, the other uses it"
cluster inst cd.iso preseed preseed.cfg
vt_start image build
sleep 1
ok image build
vt_wait
equal "the first one" "$RC" 0
equal "one image" "$(on sh -c 'ls /var/lib/virtopo/sha256-*.qcow2' | wc -l)" 1
ok down --yes --prune

step "an installer that fails shows why: it waits for a key, until the limit"
echo "d-i installer/motd" >bad.cfg
echo "nonsense" >>bad.cfg
cluster inst cd.iso preseed bad.cfg "timeout: 60s"
exits 1 image build
contains "the limit" "$ERR" "installing image 'inst': not finished within 1 min; nothing had happened for the last"
contains "the console's end" "$ERR" "installer: ERROR: line not understood: nonsense"
contains "the console's end" "$ERR" "installer: Press enter to continue"
contains "what to do" "$ERR" "virtopo image build inst --keep"
nothing_left

step "--keep: the guest stays, the next build removes it"
exits 1 image build --keep
contains "what to do" "$ERR" "its guest is left to look at: virsh -c qemu:///system console virtopo-build-"
holds "it is there" test -n "$(guests)"
equal "it runs" "$(vir domstate "$(guests)")" running
answers on-error poweroff no-such-key x >bad.cfg
echo "nonsense" >>bad.cfg
cluster inst cd.iso preseed bad.cfg
exits 1 image build
contains "it powers off without a system" "$ERR" "installing image 'inst': the installer ended, but left no disk that boots"
contains "the console's end" "$ERR" "installer: ERROR: line not understood: nonsense"
ok image prune --yes
nothing_left

step "a kernel that panics is noticed at once"
answers finish panic >bad.cfg
cluster inst cd.iso preseed bad.cfg
exits 1 image build
contains panic "$ERR" "installing image 'inst': the installer's kernel panicked: Kernel panic - not syncing: sysrq triggered crash"
nothing_left

step "no installer on the medium, no medium, no answers"
mkdir -p empty && touch empty/readme
xorriso -as mkisofs -quiet -R -o empty.iso empty 2>/dev/null
cluster inst empty.iso preseed preseed.cfg
exits 1 image build
contains "no installer" "$ERR" "empty.iso has no kernel where the known installers have one"
cluster inst "{ file: cd.iso, kernel: boot/linus }" preseed preseed.cfg
exits 1 image build
contains "a wrong path" "$ERR" "there is no file 'boot/linus' in $PWD/cd.iso, which iso.kernel names"
contains "a wrong path" "$ERR" "did you mean 'boot/linux'?"
cluster inst missing.iso preseed preseed.cfg
exits 1 plan
contains "no medium" "$ERR" "virtopo.yaml:3"
contains "no medium" "$ERR" "missing.iso"
contains "no medium" "$ERR" "check the path"
cluster inst cd.iso preseed missing.cfg
exits 1 plan
contains "no answers" "$ERR" "missing.cfg"
nothing_left

step "killed in the middle: its guest is gone at once, the next run starts over"
answers slow copy_system motd x >slow.cfg
cluster inst cd.iso preseed slow.cfg
vt_start -v image build
wait_for 60 "the installer works" grep -q copy_system "$SCRATCH/vt.out"
kill -9 "$VT_PID"
wait "$VT_JOB" || true
wait_for 20 "no guest runs" does_not_run
holds "its volumes are" test -n "$(builds)"
ok image prune --yes
nothing_left
answers motd x >slow.cfg
ok image build
vt_start image build --rebuild
wait_for 60 "the guest runs" runs
kill -INT "$VT_PID"
vt_wait
equal "Ctrl-C" "$RC" 1
equal "no guest after Ctrl-C" "$(guests)" ""
ok up
equal "and it boots" "$(guest a cat /etc/installed)" "preseed: x"
ok image prune --yes
ok down --yes --prune

step "nothing is left on the host"
equal "host" "$(host_state)" "$before"
