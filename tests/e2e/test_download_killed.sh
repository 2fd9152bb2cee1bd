#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Downloads that are cut off: kill -9 in each phase, Ctrl-C, a full disk. Nothing half-made is used, and the next run
# goes on or starts over.
# minutes: 5
. "$(dirname "$0")/lib.sh"
. "$E2E/../web/lib.sh"

host_up a
web_up
cache=$SCRATCH/cache/virtopo/images
digest() { sha256sum <"$WEB/www/$1" | cut -d' ' -f1; }
volumes() { vir vol-list virtopo 2>/dev/null | awk '/sha256-/ {print $1}' | sort; }
complete() { volumes | grep -c '\.sealed-' || true; }
parts() { find "$cache" -name '*.part*' 2>/dev/null | wc -l; }
fresh() {
    local volume
    rm -rf "$SCRATCH/cache"
    for volume in $(volumes); do vir vol-delete "$volume" virtopo >/dev/null; done
    : >"$WEB/log"
}
image() { # PATH OF DIGEST
    yaml <<<"{ cluster: lab, images: { a: { url: \"$HTTPS/$1\", sha256: $(digest "$2") } } }"
}
# SIGNAL CONDITION...: `image pull` gets it as soon as the condition holds.
struck() {
    local signal=$1
    shift
    vt_start image pull
    wait_for 20 "it is at it" "$@"
    kill -"$signal" "$VT_PID"
    vt_wait
    holds "it was cut off (code $RC)" [ "$RC" != 0 ]
    equal "nothing is complete" "$(complete)" 0
}
bigger() { [ "$(stat -c %s "$cache"/*.part 2>/dev/null || echo 0)" -gt "$1" ]; }
pulled() {
    ok image pull
    equal "the only image" "$(volumes | sed 's/\..*//' | sort -u | wc -l)" 1
    holds "it is the disk" stored_disk "$WEB/www/disk.raw"
    equal "complete" "$(complete)" 1
    equal "nothing is left over" "$(parts)" 0
}

blank_image "$WEB/www/disk.raw"
head -c 6000000 /dev/urandom >>"$WEB/www/disk.raw"
gzip -k -1 "$WEB/www/disk.raw"
qemu-img convert -f raw -O vmdk "$WEB/www/disk.raw" "$WEB/www/disk.vmdk"

for signal in KILL INT; do
    step "SIG$signal while a plain file comes: the next run asks for the rest"
    fresh
    image drip/200000/disk.raw disk.raw
    struck $signal bigger 2000000
    holds "what came is kept" bigger 2000000
    fails "it is no image yet" ls "$cache"/*.img
    pulled
    matches "it went on" "$(web_log)" "range=bytes=[2-9][0-9]{6}- if-range=\"[0-9a-f]+\" 206"

    step "SIG$signal while a compressed one comes: the next run starts over"
    fresh
    image drip/200000/disk.raw.gz disk.raw.gz
    struck $signal bigger 1000000
    pulled
    equal "it started over" "$(web_log | grep -c 'range=- .* 200 ')" "$(web_log | wc -l)"
done

step "a part that somebody changed meanwhile: told by the digest, and fetched anew"
fresh
image drip/200000/disk.raw disk.raw
struck KILL bigger 2000000
printf damage | dd of="$(ls "$cache"/*.part)" bs=1 seek=1000 conv=notrunc status=none
pulled

step "the server has another file meanwhile"
fresh
struck KILL bigger 2000000
cp "$WEB/www/disk.raw" "$SCRATCH/kept"
printf other | dd of="$WEB/www/disk.raw" bs=1 seek=3000000 conv=notrunc status=none
exits 1 image pull
contains "it says so" "$ERR" "what came is not what was asked for"
equal "nothing is left over" "$(parts)" 0
cp "$SCRATCH/kept" "$WEB/www/disk.raw"
pulled

step "kill -9 while it is converted"
fresh
image ok/disk.vmdk disk.vmdk
printf '#!/bin/sh\n[ "$1" != convert ] || { echo >"%s"; sleep 3; }\nexec /usr/bin/qemu-img "$@"\n' "$SCRATCH/converting" >"$SCRATCH/bin/qemu-img"
chmod +x "$SCRATCH/bin/qemu-img"
struck KILL test -e "$SCRATCH/converting"
rm "$SCRATCH/bin/qemu-img"
ok image pull
equal "complete" "$(complete)" 1
holds "it is the disk" on sh -c "qemu-img compare -f raw -F qcow2 $WEB/www/disk.raw /var/lib/virtopo/sha256-*.qcow2"

step "kill -9 while it is copied into the store"
for at in 1 2 3 4 5 6; do
    fresh
    image ok/disk.raw disk.raw
    VT_EXTRA+=(LD_PRELOAD="$(shim)" SHIM_LOG="$SCRATCH/calls" SHIM_CLASS=write SHIM_WHEN=after SHIM_SIGNAL=9 SHIM_AT=$at)
    vt image pull
    VT_EXTRA=(CURL_CA_BUNDLE="$WEB/tls/ca.pem")
    pulled
    equal "fetched once" "$(web_log | wc -l)" 1
done

step "a full disk"
tmpfs=$SCRATCH/small
mkdir "$tmpfs"
full() { # SIZE PATH OF MESSAGE
    on mount -t tmpfs -o size="$1" none "$tmpfs"
    VT_EXTRA+=(XDG_CACHE_HOME="$tmpfs")
    image "$2" "$3"
    exits 1 image pull
    matches "it says so" "$ERR" "$4"
    contains "and what to do" "$ERR" "XDG_CACHE_HOME name a folder on a larger disk"
    equal "the room is given back" "$(on find "$tmpfs" -name '*.part*' | wc -l)" 0
    on mount -o remount,size=40M "$tmpfs"
    ok image pull
    on umount "$tmpfs"
    VT_EXTRA=(CURL_CA_BUNDLE="$WEB/tls/ca.pem")
    fresh
}
fresh
full 3M ok/disk.raw disk.raw "no room in $tmpfs/virtopo/images: .* are free, 6.7 MiB are needed"
full 3M nolength/disk.raw disk.raw "cannot write $tmpfs/virtopo/images/[0-9a-f]+.img.part: No space left on device"
truncate -s 8M "$SCRATCH/tail" && cat "$WEB/www/disk.raw" "$WEB/www/disk.raw" "$SCRATCH/tail" | xz -0 >"$WEB/www/two.raw.xz"
full 9M nolength/two.raw.xz two.raw.xz "cannot write $tmpfs/virtopo/images/[0-9a-f]+.img.part: No space left on device"
