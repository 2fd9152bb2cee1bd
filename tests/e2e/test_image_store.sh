#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The store of a host: who brought what, who uses it, whether it is what it was, and what goes when nothing
# uses it. Images that a program makes are made once for all clusters and machines.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
cp "$(guest_image)" tiny.qcow2
digest=$(sha256sum <tiny.qcow2 | cut -d' ' -f1)
store=/var/lib/virtopo
cat >build.sh <<'S'
#!/bin/sh
echo run >>runs
qemu-img convert -O qcow2 -o compat=1.1 tiny.qcow2 "$OUT"
qemu-img resize -q "$OUT" 1G
S
chmod +x build.sh
cluster() { # NAME SUBNET IMAGE
    yaml "$1.yaml" <<Y
cluster: $1
images:
  tiny: { file: tiny.qcow2 }
  made: { script: ./build.sh }
networks: { lan: { subnet: $2 } }
nodes: { web: { image: $3, memory: 128M, networks: [lan], ready: none } }
Y
}
cluster lab 10.20.0.0/24 tiny
cluster other 10.21.0.0/24 made

step "an empty store"
ok image list
contains "said so" "$OUT" "No images on"
ok image verify
ok image prune -y
contains "said so" "$OUT" "Nothing to prune."
exits 2 image show tiny
contains "not there" "$ERR" "there is no image 'tiny' in the store"

step "who brought it, who uses it"
ok -f lab.yaml up
ok image list
indent <<<"$OUT"
matches "a line" "$OUT" "^local +tiny +${digest:0:12} +[0-9.]+ [MG]iB +[0-9.]+ MiB +1 +complete +node web of lab$"
ok --json image list
equal "as JSON" "$(jq -r 'select(.type == "result").images[] | "\(.name) \(.digest) \(.state) \(.layers) \(.used_by[0]) \(.records[0].cluster)"' <<<"$OUT")" \
    "tiny $digest complete 1 node web of lab lab"
ok image show tiny
indent <<<"$OUT"
contains "its digest" "$OUT" "$digest"
contains "where it came from" "$OUT" "copy of $SCRATCH/work/tiny.qcow2"
matches "who uses it" "$OUT" "^used by +node web of lab$"
ok image show "${digest:0:8}"
contains "by its digest" "$OUT" "$digest"
exits 2 image show tinyy
contains "another name" "$ERR" "did you mean 'tiny'?"

step "made once, for all"
ok -f other.yaml image build
matches "what it does" "$OUT" "^\+ +image +made +build with "
equal "the program ran" "$(cat runs)" "run"
ok -f other.yaml image build
contains "nothing to do" "$OUT" "Nothing to build"
rm -rf "$SCRATCH/cache"
ok -f other.yaml plan
lacks "not made again, without the cache" "$OUT" "build with"
ok -f other.yaml up
equal "the program did not run again" "$(cat runs)" "run"
made=$(on sh -c "ls $store/sha256-*.qcow2" | grep -v "$digest")
equal "the overlay stands on it" "$(on qemu-img info -U --output=json $store/other/web.root.qcow2 | jq -r '."full-backing-filename"')" "$made"
ok -f other.yaml image show made
matches "its record" "$OUT" "made: build with "
ok -f other.yaml image build --rebuild made
equal "unless that is asked for" "$(cat runs)" "run
run"
exits 2 -f other.yaml image build maed
contains "another name" "$ERR" "did you mean 'made'?"

step "what is used stays"
ok image prune -y
contains "nothing to prune" "$OUT" "Nothing to prune."
ok -f lab.yaml down -y
on virsh -q pool-destroy virtopo_other >/dev/null
ok image prune --dry-run
contains "what would go" "$OUT" "sha256-$digest.qcow2"
lacks "a stopped pool's disks are known" "$OUT" "$(basename "$made")"
contains "what it frees" "$OUT" "Would free"
on virsh -q pool-undefine virtopo_other >/dev/null
ok image prune --dry-run
lacks "a removed pool's, too" "$OUT" "$(basename "$made")"
holds "a dry run removes nothing" on test -e "$store/sha256-$digest.qcow2"
exits 1 image prune
contains "asks" "$ERR" "--yes"
ok image prune -y
contains "what it freed" "$OUT" "Freed"
fails "gone" on test -e "$store/sha256-$digest.qcow2"
lacks "with all that belonged to it" "$(on ls $store)" "$digest"
holds "the other is there" on test -e "$made"
ok -f other.yaml up
ok -f other.yaml plan --exit-code
ok -f other.yaml down -y

step "disks of others"
on qemu-img create -q -f qcow2 -b "$made" -F qcow2 /var/lib/libvirt/mine.qcow2
on virsh -q define /dev/stdin <<X
<domain type='qemu'><name>mine</name><memory>65536</memory><os><type>hvm</type></os>
<devices><disk type='file'><driver name='qemu' type='qcow2'/><source file='/var/lib/libvirt/mine.qcow2'/><target dev='vda'/></disk></devices></domain>
X
ok image prune -y
contains "a disk that no pool has keeps its base" "$OUT" "Nothing to prune."
ok image show "$(basename "$made" | cut -c8-20)"
matches "whose it is" "$OUT" "^used by +domain mine$"
on virsh -q undefine mine
on rm /var/lib/libvirt/mine.qcow2

# What stands on the base in ways that no list of libvirt's has: each keeps it.
keeps() { # WHAT
    ok image prune --dry-run
    lacks "$1" "$OUT" "$(basename "$made")"
}
overlay() { # FILE NAME-OF-THE-BASE
    on qemu-img create -q -f qcow2 "$1" 1G
    on qemu-img rebase -u -f qcow2 -F qcow2 -b "$2" "$1"
}
ext() { # DISK
    on virsh -q define /dev/stdin <<X
<domain type='qemu'><name>ext</name><memory>65536</memory><os><type>hvm</type></os>
<devices><disk type='file'><driver name='qemu' type='qcow2'/><source file='$1'/><target dev='vda'/></disk></devices></domain>
X
}
on mkdir /var/lib/libvirt/x /var/lib/libvirt/images2
on ln -s $store /var/lib/libvirt/link
ext /var/lib/libvirt/x/top.qcow2
for name in "/var/lib/libvirt/link/$(basename "$made")" "../../virtopo/$(basename "$made")" "/var//lib/./virtopo/$(basename "$made")" \
    "file:$made" "json:{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"$made\"}}"; do
    overlay /var/lib/libvirt/x/top.qcow2 "$name"
    keeps "a base named $name"
done
overlay /var/lib/libvirt/x/middle.qcow2 "$made"
overlay /var/lib/libvirt/x/top.qcow2 middle.qcow2
keeps "a base two files below"
on sh -c 'echo garbage >/var/lib/libvirt/x/top.qcow2'
exits 1 image prune --yes
contains "a disk that cannot be read" "$ERR" "/var/lib/libvirt/x/top.qcow2, which domain ext is on could not be looked at"
on rm -r /var/lib/libvirt/x
exits 1 image prune --yes
on virsh -q undefine ext
on virsh -q pool-define-as extra dir --target /var/lib/libvirt/images2
on virsh -q pool-start extra
overlay /var/lib/libvirt/images2/late.qcow2 "$made"
keeps "an overlay that libvirt's list does not have yet"
on virsh -q pool-destroy extra
keeps "one in a stopped pool"
equal "which stays stopped" "$(on virsh -q pool-info extra | awk '/^State/ {print $2}')" inactive
on virsh -q pool-undefine extra
on rm -r /var/lib/libvirt/images2 /var/lib/libvirt/link
ok image prune --dry-run
contains "nothing else uses it" "$OUT" "$(basename "$made")"

step "what changed is found"
ok -f other.yaml up
ok image verify
matches "well" "$OUT" "image made [0-9a-f]{12}: is what it was|made.*is what it was"
on sh -c "chmod 644 '$made'; printf x | dd of='$made' bs=1 seek=70000 conv=notrunc status=none; chmod 444 '$made'"
exits 1 image verify
contains "changed" "$ERR" "its content has changed"
contains "who has it" "$ERR" "node web of other"
ok image list
matches "in the list" "$OUT" " changed "
exits 1 -f other.yaml up
contains "up sees it before a node starts" "$ERR" "changed under its overlays"
exits 1 --json image verify
equal "as JSON" "$(jq -r 'select(.type == "result") | "\(.images) \(.failures | length) \(.exit_code)"' <<<"$OUT")" "1 1 1"
damage() { # with the size and the time that it had
    on sh -c "t=\$(stat -c %y '$made'); chmod 644 '$made'; printf $1 | dd of='$made' bs=1 seek=70000 conv=notrunc status=none; touch -d \"\$t\" '$made'; chmod 444 '$made'"
}
ok -f other.yaml image build --rebuild made
ok image verify
ok -f other.yaml plan --exit-code
equal "a rebuild put it right" "$(on sha256sum "$made" | cut -d' ' -f1)" "$(basename "$made" .qcow2 | cut -d- -f2)"
damage y
ok image list
matches "what nothing shows" "$OUT" " complete "
exits 1 image verify
ok image list
matches "is kept when it was found" "$OUT" " changed "
exits 1 -f other.yaml up
contains "with a remedy" "$ERR" "image build --rebuild"
ok -f other.yaml down -y
ok -f other.yaml up
equal "nothing stood on it: made anew" "$(on sha256sum "$made" | cut -d' ' -f1)" "$(basename "$made" .qcow2 | cut -d- -f2)"
ok image verify
cp lab.yaml two.yaml
sed -i 's/tiny:/second:/; s/image: tiny/image: second/; s/cluster: lab/cluster: two/; s/10.20/10.22/' two.yaml
ok -f lab.yaml up
ok -f two.yaml up
ok image list
matches "both names of one image" "$OUT" "^local +(second, tiny|tiny, second) "
ok image show second
ok -f lab.yaml down -y
ok -f two.yaml down -y
ok -f other.yaml down -y

step "a cache that changed"
ok image prune --yes
printf x | dd of="$(ls "$SCRATCH"/cache/virtopo/images/*.img)" bs=1 seek=70000 conv=notrunc status=none
ok -f other.yaml image build
equal "is not believed" "$(on sha256sum "$made" | cut -d' ' -f1)" "$(basename "$made" .qcow2 | cut -d- -f2)"

step "what was cut off"
mkdir -p "$SCRATCH/cache/virtopo/images"
truncate -s 1M "$SCRATCH/cache/virtopo/images/abc.img.part" "$SCRATCH/cache/virtopo/images/abc.img"
on sh -c "echo half >$store/sha256-$(printf '0%.0s' {1..64}).qcow2; echo >$store/sha256-$(printf '1%.0s' {1..64}).qcow2.sealed-1-1.0"
on virsh -q pool-refresh virtopo >/dev/null
ok image prune --dry-run
indent <<<"$OUT"
contains "a copy" "$OUT" "sha256-0000"
contains "a seal without its image" "$OUT" "of an image that is gone"
contains "a download" "$OUT" "abc.img.part"
ok image prune -y
ok down --cluster other --prune -y
equal "the store is empty" "$(on ls -A $store)" ""
holds "finished ones stay in the cache" test -e "$SCRATCH/cache/virtopo/images/abc.img"
fails "parts do not" test -e "$SCRATCH/cache/virtopo/images/abc.img.part"
ok image prune --cache -y
fails "unless that is asked for" test -e "$SCRATCH/cache/virtopo/images/abc.img"
