#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Images from a web server that does what servers do: a guest boots from one; nothing that is not what was asked for
# is ever used; two at once fetch once; proxies, lists, locks.
# minutes: 6
. "$(dirname "$0")/lib.sh"
. "$E2E/../web/lib.sh"

host_up a
web_up
digest() { sha256sum <"$WEB/www/$1" | cut -d' ' -f1; }
cache=$SCRATCH/cache/virtopo/images
stored() { vir vol-list virtopo 2>/dev/null | grep -c 'sha256-.*\(qcow2\|raw\) ' || true; }
# What is left of downloads that did not come to an end.
leftovers() { find "$cache" -name '*.part*' 2>/dev/null | wc -l; }

step "a guest boots from a compressed image of an https server"
cp "$(guest_image)" "$WEB/www/tiny.qcow2"
xz -T0 -1 -k "$WEB/www/tiny.qcow2"
yaml <<Y
cluster: lab
images:
  tiny: { urls: ["$HTTPS/ok/nothing.qcow2.xz", "$HTTPS/redirect/https/reset/9000000/tiny.qcow2.xz"], sha256: $(digest tiny.qcow2.xz) }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { box: { image: tiny, memory: 128M, networks: [{ lan: 10.20.0.10 }] } }
Y
vt plan
matches "plan" "$OUT" '^\+   image   tiny +download https://127.0.0.1:[0-9]+/ok/nothing.qcow2.xz, or from 1 other mirror'
equal "plan fetches nothing" "$(web_log)" ""
ok up
holds "what is in the store is the image" on sh -c "cmp /var/lib/virtopo/sha256-$(digest tiny.qcow2).qcow2 $WEB/www/tiny.qcow2"
equal "its mode" "$(on sh -c 'stat -c %a /var/lib/virtopo/sha256-*.qcow2')" 444
equal "nothing is left over" "$(leftovers)" 0
holds "it went on where connections broke" grep -q 'range=bytes=[1-9]' "$WEB/log"
plans
rm -r "$SCRATCH/cache"
before=$(web_log | wc -l)
plans
equal "what is in the store is not fetched again, from wherever" "$(web_log | wc -l)" "$before"
ok down --yes --prune

step "what servers do wrong: said, and nothing of it kept"
blank_image "$WEB/www/disk.raw"
head -c 3000000 /dev/urandom >>"$WEB/www/disk.raw"
right=$(digest disk.raw)
wrong() { # URL REST MESSAGE
    rm -rf "$SCRATCH/cache"
    yaml <<<"{ cluster: lab, images: { a: { url: \"$1\", $2 } } }"
    exits 1 image pull
    contains "it says so" "$ERR" "$3"
    equal "nothing is left of it" "$(leftovers) $(stored)" "0 0"
}
wrong "$HTTPS/ok/nothing" "sha256: $right" "error: image a: $HTTPS/ok/nothing: the server answers 404 Not Found"
wrong "$HTTPS/html/disk.raw" "insecure: true" "$HTTPS/html/disk.raw: a web page came instead of an image"
wrong "$HTTPS/ok/disk.raw" "sha256: ${right//[0-7]/8}" "what came is not what was asked for: its sha256 is $right"
wrong "$HTTPS/cut/5000/disk.raw" "sha256: $right" "what came is not what was asked for"
wrong "$HTTPS/endless/x" "insecure: true, size_limit: 4M" "it is larger than 4 MiB"
wrong "$HTTPS/redirect/http/ok/disk.raw" "sha256: $right" "redirects to $HTTP/ok/disk.raw, which is not https"
wrong "$HTTPS/redirect/file/etc/passwd" "insecure: true, allow_http: true" "redirects to file:///etc/passwd"
wrong "$HTTPS/loop/disk.raw" "sha256: $right" "redirects in a circle"
wrong "$OTHER/ok/disk.raw" "sha256: $right" "the server's certificate is not trusted"
wrong "$HTTPS/stall/0/disk.raw" "sha256: $right, timeout: 2s" "error: image a: "
matches "it says so" "$ERR" "$HTTPS/stall/0/disk.raw( was not there in time|: nothing came for 1 s)"
head -c 3000000 /dev/urandom >"$WEB/www/noise"
wrong "$HTTPS/ok/noise" "sha256: $(digest noise)" "is no disk image that can be recognised"
cp "$(guest_image)" base.qcow2
qemu-img create -q -f qcow2 -b "$PWD/base.qcow2" -F qcow2 "$WEB/www/backed.qcow2"
wrong "$HTTPS/ok/backed.qcow2" "sha256: $(digest backed.qcow2)" "backing file"
truncate -s 3G "$SCRATCH/zeros" && zstd -q "$SCRATCH/zeros" -o "$WEB/www/bomb.zst" && rm "$SCRATCH/zeros"
wrong "$HTTPS/ok/bomb.zst" "sha256: $(digest bomb.zst)" "it is made to fill disks"

step "files of this machine that are compressed, also of other programs"
xz -k -c "$WEB/www/disk.raw" >disk.raw.xz
qemu-img convert -f raw -O vmdk "$WEB/www/disk.raw" disk.vmdk && bzip2 disk.vmdk
yaml <<<"{ cluster: lab, images: { a: { file: disk.raw.xz }, b: { file: disk.vmdk.bz2 } }, networks: { lan: { subnet: 10.20.0.0/24 } },
  defaults: { memory: 32M, virt: qemu, ready: none, networks: [lan] }, nodes: { one: { image: a }, two: { image: b } } }"
vt plan
matches "plan" "$OUT" '^\+   image   a .*unpack .*/disk.raw.xz'
ok up
holds "what was packed" stored_disk "$WEB/www/disk.raw"
plans
ok down --yes --prune
xorriso -as mkisofs -quiet -o "$WEB/www/medium.iso" "$E2E/lib.sh" 2>/dev/null
yaml <<<"{ cluster: lab, images: { a: { url: \"$HTTPS/ok/medium.iso\", sha256: $(digest medium.iso) } } }"
ok image pull
contains "a medium is no disk: it stays as it is" "$(vir vol-list virtopo)" "sha256-$(digest medium.iso).raw "
vir vol-delete "sha256-$(digest medium.iso).raw" virtopo >/dev/null

step "http where it is allowed, a file, sha512, lists, a proxy"
right512=$(sha512sum <"$WEB/www/disk.raw" | cut -d' ' -f1)
(cd "$WEB/www" && sha256sum disk.raw noise >SHA256SUMS)
host_exec a python3 "$E2E/../web/proxy.py" 3128 "$WEB/proxy.log" >/dev/null 2>&1 </dev/null &
good() { # IMAGE...
    rm -rf "$SCRATCH/cache"
    ok image pull "$@"
    holds "the disk" stored_disk "$WEB/www/disk.raw"
    vir vol-list virtopo | awk '/sha256-/ {print $1}' | while read -r volume; do vir vol-delete "$volume" virtopo >/dev/null; done
}
yaml <<Y
cluster: lab
images:
  plain: { url: "$HTTP/ok/disk.raw", allow_http: true, sha256: $right }
  local: { url: "file://$WEB/www/disk.raw", sha512: $right512 }
  listed: { url: "$HTTPS/ok/disk.raw", checksums: "$HTTPS/ok/SHA256SUMS" }
  wild: { url: "$HTTPS/ok/disk.raw", insecure: true }
Y
good plain
good local
good listed
good wild
contains "said out loud" "$OUT" "warning: insecure: nothing says what $HTTPS/ok/disk.raw must be"
VT_EXTRA+=(https_proxy=http://127.0.0.1:3128)
good listed
equal "through the proxy" "$(sort -u "$WEB/proxy.log")" "${HTTPS#https://}"
VT_EXTRA+=(https_proxy=http://127.0.0.1:9)
rm -rf "$SCRATCH/cache"
exits 1 image pull listed
contains "a proxy that is not there" "$ERR" "port 9"
VT_EXTRA+=(no_proxy=127.0.0.1)
good listed
VT_EXTRA=(CURL_CA_BUNDLE="$WEB/tls/ca.pem")

step "what stays until somebody looks again, and what is locked"
ok image pull listed wild
gets=$(web_log | wc -l)
yaml <<Y
cluster: lab
images:
  listed: { url: "$HTTPS/ok/disk.raw", checksums: "$HTTPS/ok/SHA256SUMS" }
  wild: { url: "$HTTPS/ok/disk.raw", insecure: true }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes: { one: { image: listed }, two: { image: wild } }
Y
ok up
equal "up does not look again" "$(web_log | wc -l)" "$gets"
ok image lock
ok image lock --check
plans
blank_image "$WEB/www/disk.raw"
head -c 3000000 /dev/urandom >>"$WEB/www/disk.raw"
(cd "$WEB/www" && sha256sum disk.raw >SHA256SUMS)
exits 3 image lock --check
contains "what would change" "$OUT" "~ listed: sha256 $(digest disk.raw | cut -c-12)"
rm -rf "$SCRATCH/cache"
ok down --yes --prune
exits 1 image pull listed
contains "locked, so nothing else is taken" "$ERR" "its sha256 is $(digest disk.raw), not $right"
ok image lock
ok up
holds "the new one" stored_disk "$WEB/www/disk.raw"
rm virtopo.lock
ok down --yes --prune

step "two at once: one fetches, the other waits and uses it"
rm -rf "$SCRATCH/cache"
yaml <<<"{ cluster: lab, images: { a: { url: \"$HTTPS/drip/200000/disk.raw\", sha256: $(digest disk.raw) } } }"
vt_start image pull
wait_for 10 "the first has begun" sh -c "ls $cache/*.part"
ok image pull
vt_wait
equal "the first one" "$RC" 0
equal "one download" "$(web_gets "/drip/200000/disk.raw")" 1
ok down --yes --prune

step "what lies in the cache is only taken as what it was"
rm -rf "$SCRATCH/cache"
yaml <<<"{ cluster: lab, images: { a: { url: \"$HTTPS/ok/disk.raw\", sha256: $(digest disk.raw) } } }"
ok image pull
image=$(find "$cache" -name '*.img')
made_again() { # WHAT
    local gets
    gets=$(web_gets /ok/disk.raw)
    ok down --yes --prune
    exits 0 image pull
    equal "$1: fetched again" "$(web_gets /ok/disk.raw)" $((gets + 1))
    holds "$1: the right one is in the store" stored_disk "$WEB/www/disk.raw"
    ok image verify
}
printf xy | dd of="$image" bs=1 seek=1500000 conv=notrunc status=none
made_again "two bytes changed"
truncate -s 1M "$image"
made_again "cut off"
: >"$image"
made_again "empty"
rm "$image" && mkdir -p "$image/x"
made_again "a folder"
rm -r "$image" && ln -s "$WEB/www/noise" "$image"
made_again "a link"
gets=$(web_gets /ok/disk.raw)
ok down --yes --prune
ok image pull
equal "what is whole is not fetched again" "$(web_gets /ok/disk.raw)" "$gets"
touch "$image"
ok down --yes --prune
ok image pull
equal "nor what was only touched" "$(web_gets /ok/disk.raw)" "$gets"
ok down --yes --prune

step "a raw disk that may have been cut off"
{ head -c 446 /dev/zero; printf '\0\0\0\0\203\0\0\0\0\10\0\0\0\20\0\0'; head -c 48 /dev/zero; printf '\125\252'; } >"$WEB/www/parted.raw"
truncate -s 3M "$WEB/www/parted.raw"
yaml <<<"{ cluster: lab, images: { a: { url: \"$HTTPS/ok/parted.raw\", insecure: true }, b: { url: \"$HTTPS/cut/2000000/parted.raw\", insecure: true }, c: { url: \"$HTTPS/cut/700000/parted.raw\", insecure: true } } }"
ok image pull a
lacks "a whole one" "$OUT" "cut off"
ok image pull b
contains "a part of its partition" "$OUT" "warning: what came may have been cut off: partitions end behind the end of the disk"
ok image pull c
contains "nothing of it" "$OUT" "warning: what came may have been cut off: a damaged partition table: partition 1 starts at byte 1048576 of 700000"
ok down --yes --prune

step "several images come at the same time"
rm -rf "$SCRATCH/cache"
for name in b c d e; do
    { cat "$WEB/www/disk.raw"; echo $name; } >"$WEB/www/$name.raw"
done
yaml <<Y
cluster: lab
images:
  b: { url: "$HTTPS/drip/100000/b.raw", sha256: $(digest b.raw) }
  c: { url: "$HTTPS/drip/100000/c.raw", sha256: $(digest c.raw) }
  d: { url: "$HTTPS/drip/100000/d.raw", sha256: $(digest d.raw) }
Y
start=$(date +%s%N)
ok image pull
ms=$((($(date +%s%N) - start) / 1000000))
holds "each takes 4 s, all together $ms ms" [ $ms -lt 9000 ]

step "the rate and the time left"
yaml <<<"{ cluster: lab, images: { e: { url: \"$HTTPS/drip/100000/e.raw\", sha256: $(digest e.raw) } } }"
VT_QUIET=1 ok image pull --json >/dev/null
equal "are told" "$(jq -s 'map(select(.type == "progress" and .rate > 100000 and .left_ms > 0)) | length > 0' <<<"$OUT")" true
