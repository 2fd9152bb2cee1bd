#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What others made on the host is never touched, also where it clashes: then a clear error names it, and
# nothing at all is changed.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
host_warm
blank_image blank.raw
yaml <<'Y'
cluster: s
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.0.0/24 }, iso: { mode: isolated, subnet: 10.30.0.0/24, bridge: br-iso } }
defaults: { image: blank, memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes: { a: { networks: [lan, iso] }, b: {} }
Y
domain() { # NAME [UUID] [NETWORK]
    printf '<domain type="qemu"><name>%s</name>%s<memory unit="MiB">32</memory><os><type>hvm</type></os><metadata><x:y xmlns:x="urn:other">keep</x:y></metadata>%s</domain>' \
        "$1" "${2:+<uuid>$2</uuid>}" "${3:+<devices><interface type=\"network\"><source network=\"$3\"/></interface></devices>}" | vir define /dev/stdin >/dev/null
}
network() { # NAME BRIDGE ADDRESS [UUID]
    printf '<network><name>%s</name>%s<bridge name="%s"/><ip address="%s" netmask="255.255.255.0"/></network>' "$1" "${4:+<uuid>$4</uuid>}" "$2" "$3" |
        vir net-define /dev/stdin >/dev/null
}
pool() { # NAME FOLDER
    on mkdir -p "$2"
    vir pool-define-as "$1" dir --target "$2" >/dev/null
    vir pool-start "$1" >/dev/null
}
# All that others have, byte by byte.
decoys() {
    local name
    for name in $(vir list --all --name | grep -v '^s_'); do vir dumpxml --inactive "$name"; done
    for name in $(vir net-list --all --name | grep -v '^s_'); do vir net-dumpxml --inactive "$name"; done
    for name in $(vir pool-list --all --name | grep -v '^virtopo'); do vir pool-dumpxml "$name" | grep -v 'allocation\|available'; done
    vir secret-list
    on find /var/lib/virtopo/others /var/lib/libvirt/others -type f -exec md5sum {} + 2>/dev/null || true
}
# It clashes: up and plan say so, with this piece in the message, and the host is as it was.
clashes() { # WHAT PIECE
    local state
    state=$(host_state)
    for command in plan up; do
        exits 1 $command --yes
        contains "$1" "$ERR" "$2"
    done
    vt down --yes # finds nothing, or refuses
    equal "$1: nothing was changed" "$(host_state)" "$state"
}

step "names, UUIDs, subnets, bridges of others in the way"
domain s_a
clashes "a domain of our name" "'s_a'"
vir undefine s_a

ok render -o rendered
uuid=$(grep -lr '<name>s_a</name>' rendered | head -1 | xargs sed -n 's|.*<uuid>\(.*\)</uuid>.*|\1|p' | head -1)
domain other "$uuid"
clashes "a domain of our UUID" "'other'"
vir undefine other

network s_lan virbr77 10.77.0.1
clashes "a network of our name" "'s_lan'"
vir net-undefine s_lan
uuid=$(grep -lr '<name>s_lan</name>' rendered | head -1 | xargs sed -n 's|.*<uuid>\(.*\)</uuid>.*|\1|p' | head -1)
network other virbr77 10.77.0.1 "$uuid"
clashes "a network of our UUID" "'other'"
vir net-undefine other
network other virbr77 10.20.0.77
clashes "a network of our subnet" "'other'"
vir net-start other
clashes "the same, running" "'other'"
vir net-destroy other
vir net-undefine other
network other br-iso 10.77.0.1
clashes "a network with our bridge" "'other'"
vir net-undefine other
on ip link add br-iso type bridge
clashes "a bridge of our name" br-iso
on ip link del br-iso
on ip link add other0 type bridge
on ip address add 10.20.0.77/25 dev other0
on ip link set other0 up
clashes "a route into our subnet" other0
on ip link del other0
pool virtopo_s /var/lib/libvirt/others
clashes "a pool of our name" "'virtopo_s'"
vir pool-destroy virtopo_s
vir pool-undefine virtopo_s
pool virtopo /var/lib/libvirt/others
clashes "a pool of the store's name" "'virtopo'"
vir pool-destroy virtopo
vir pool-undefine virtopo

step "next to each other"
pool others /var/lib/libvirt/others
on truncate -s 1M /var/lib/libvirt/others/{a.root.qcow2,sha256-00.qcow2}
on mkdir -p /var/lib/virtopo/others
on sh -c 'echo mine >/var/lib/virtopo/others/file'
domain a
domain s-a
domain sx_a
domain lan_user
network lan virbr70 10.70.0.1
network sx_lan virbr71 10.71.0.1
vir net-start lan
vir net-autostart lan
vir start a
printf '<secret ephemeral="no"><usage type="volume"><volume>/somewhere</volume></usage></secret>' | vir secret-define /dev/stdin >/dev/null
before=$(decoys)
ok up
equal "after up" "$(decoys)" "$before"
plans
ok up
vir autostart s_b
ok up
ok list
equal "list knows ours alone" "$(grep -c . <<<"$OUT")" 2

step "a copy of our domain is foreign, and stays"
vir dumpxml --inactive s_b | sed "s/<name>s_b/<name>copy/; /<uuid>/d; s/<mac address='[^']*'/<mac address='52:54:00:00:00:99'/" | vir define /dev/stdin >/dev/null
before=$(decoys)
plans
ok up

step "a foreign domain on our network: the network cannot go from under it"
domain guest '' s_lan
before=$(decoys)
exits 1 down --yes
contains "who is on it" "$ERR" "'guest'"
equal "others" "$(decoys)" "$before"
vir undefine guest
vir undefine copy
before=$(decoys)

step "a foreign file in our folder is left where it is"
on sh -c 'echo mine >/var/lib/virtopo/s/notes.txt'
exits 1 down --yes
contains "which" "$ERR" "/var/lib/virtopo/s/notes.txt"
equal "it is there" "$(on cat /var/lib/virtopo/s/notes.txt)" mine
on rm /var/lib/virtopo/s/notes.txt
ok down --yes
equal "after down" "$(decoys)" "$before"
ok up
ok down --yes --prune
equal "after down --prune" "$(decoys)" "$before"
equal "a folder in the store that is not ours" "$(on cat /var/lib/virtopo/others/file)" mine
