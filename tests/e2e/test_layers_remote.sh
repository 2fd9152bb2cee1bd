#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Layers on a host that is reached through SSH: its store cannot be read from here.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
host_up far --ssh
uri=$(host_show far | sed -n 's/^uri=//p')
cp "$(guest_image)" base.qcow2
mkdir conf
head -c 3000000 /dev/urandom >conf/data
yaml <<Y
cluster: lab
hosts: { far: { uri: "$uri" } }
images:
  base: { file: base.qcow2 }
  app: { from: base, size: 300M, memory: 192M, copy: [{ from: conf, to: /srv }], run: [sha256sum /srv/data >/root/sum, sha256sum -c /root/sum] }
  flat: { from: app, flatten: true, memory: 192M, run: [sha256sum -c /root/sum] }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { x: { image: app, memory: 128M, networks: [lan] } }
Y
far() { HOST=far on "$@"; }
backing() { # IMAGE
    local digest
    VT_QUIET=1 ok --json image list >/dev/null
    digest=$(jq -r --arg name "$1" '.images[] | select(.name == $name) | .digest' <<<"$OUT")
    far qemu-img info --output json "/var/lib/virtopo/sha256-$digest.qcow2" | jq -r '."backing-filename"'
}

step "a layer, and one file of all"
ok image build flat
matches "the layer names the other by its name alone" "$(backing app)" '^sha256-[0-9a-f]{64}\.qcow2$'
equal "one file" "$(backing flat)" null
equal "the far host checks both" "$(far sh -c 'for f in /var/lib/virtopo/*.qcow2; do qemu-img check -q $f || echo $f; done')" ""
equal "nothing of the builds is left there" "$(far find /var/lib/virtopo -name 'build-*'; HOST=far vir list --all --name)" ""
equal "nor here" "$(find "$SCRATCH/cache" -name '*.part*')" ""
ok image build
contains "again" "$OUT" "Nothing to build"

step "what was copied is what was sent"
digest=$(sha256sum <conf/data | cut -d' ' -f1)
VT_QUIET=1 ok --json image list
layer=$(jq -r '.images[] | select(.name == "app") | .digest' <<<"$OUT")
far qemu-img convert -f qcow2 -O raw "/var/lib/virtopo/sha256-$layer.qcow2" /var/lib/virtopo/whole.raw
contains "sum in the image" "$(far sh -c "grep -a -o '[0-9a-f]\{64\}  /srv/data' /var/lib/virtopo/whole.raw | head -1; rm /var/lib/virtopo/whole.raw")" "$digest"
