#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Domains that others made, taken over: libvirt's QEMU driver has each of them, `import` writes its file, that is
# rendered and defined under its new name, and what libvirt has of both is the same but for what a comment names.
# minutes: 6
. "$(dirname "$0")/lib.sh"
GOLDEN=$(cd "$E2E/../golden" && pwd)
. "$GOLDEN/images.sh"

# The least that there must be: raise it with the cases, so that none gets lost.
CASES=21
DOMAINS=28

# What cannot be defined here, and why.
declare -A UNDEFINED=(
    [too-much]="expected unicast mac address"
    [launch-security]="SEV launch security is not supported"
    [nameless]="No PCI buses available"
)
command -v qemu-system-aarch64 >/dev/null || UNDEFINED+=([aarch64]="Cannot check QEMU binary")
command -v qemu-system-riscv64 >/dev/null || UNDEFINED+=([riscv]="No emulator found")

vir() { host_exec a virsh -q -c qemu:///system "$@"; }
here() { host_exec a env "${VT_ENV[@]}" timeout 60 "$VIRTOPO" -c qemu:///system "$@" </dev/null; }

# For a host without KVM, and with the machines that this QEMU has.
adapt() { # FILE
    sed "s/type='kvm'/type='qemu'/; s/type=\"kvm\"/type=\"qemu\"/; s/host-passthrough/maximum/; /<uuid>/d
         s/pc-q35-[a-z0-9.]*/q35/; s/pc-i440fx-[0-9.]*/pc/; s/ migratable='on'//; s/ migratable=\"on\"//
         s/name='uuid'>[^<]*/name='sku'>1/; /model=.itco./d; /^ *<loader/d; /^ *<nvram/d; s/ tlsPort='5931'//" "$1"
}

# What is defined in libvirt as $1 comes back from its file as the same machine.
same() { # NAME
    local folder=$SCRATCH/work/import/$1 copy
    rm -rf "$folder" && mkdir -p "$folder"
    vir dumpxml --inactive "$1" >"$folder/one.xml"
    here import -o "$folder/cluster.yaml" "$1" >"$folder/log" 2>&1 || { cat "$folder/log"; fail "import $1"; return; }
    here -f "$folder/cluster.yaml" validate >"$folder/log" 2>&1 || { cat "$folder/log"; fail "the file of $1 is not valid"; return; }
    here -f "$folder/cluster.yaml" render -o "$folder/out" >"$folder/log" 2>&1 || { cat "$folder/log"; fail "render $1"; return; }
    copy=$(sed -n 's|^ *<name>\(.*\)</name>|\1|p' "$folder"/out/nodes/*/domain.xml | head -n 1)
    vir define "$folder"/out/nodes/*/domain.xml >"$folder/log" 2>&1 || { cat "$folder/log" "$folder/cluster.yaml"; fail "define what came of $1"; return; }
    vir dumpxml --inactive "$copy" >"$folder/two.xml"
    vir undefine "$copy" --nvram >"$folder/log" 2>&1 || { cat "$folder/log"; fail "undefine $copy"; return; }
    if python3 "$E2E/same_domain.py" "$folder/one.xml" "$folder/two.xml" "$folder/cluster.yaml" >"$folder/diff"; then
        pass "$1 comes back"
        echo "$1" >>"$SCRATCH/same"
    else
        cat "$folder/diff"
        grep '#' "$folder/cluster.yaml"
        fail "$1 is another machine"
    fi
}

step "a host with somebody's networks"
host_up a
host_exec a ip link add br0 type bridge
printf '<network><name>default</name><bridge name="virbr0"/><ip address="192.168.122.1" netmask="255.255.255.0"/></network>' >default.xml
vir net-define "$PWD/default.xml" && vir net-start default
images=/var/lib/libvirt/images
host_exec a sh -c "mkdir -p $images && cd $images && for d in web win pxe old data; do qemu-img create -q -f qcow2 \$d.qcow2 1G; done;
    truncate -s 64M raw.img; truncate -s 1M inst.iso"
: >"$SCRATCH/same"

step "domains of other tools"
cases=0
for file in "$GOLDEN"/import/*.xml; do
    name=$(basename "$file" .xml)
    adapt "$file" >"$name.xml"
    if out=$(vir define "$PWD/$name.xml" 2>&1); then
        domain=$(xmllint --xpath 'string(/domain/name)' "$name.xml")
        cases=$((cases + 1))
        same "$domain"
        vir undefine "$domain" --nvram >/dev/null
    else
        printf '%s\n' "$name: $out"
        [[ -n ${UNDEFINED[$name]:-} && $out == *${UNDEFINED[$name]}* ]] || fail "$name cannot be defined: $out"
    fi
done
[ "$cases" -ge $CASES ] || fail "only $cases cases"

step "virt-install"
installed() { # NAME OPTIONS…
    local name=$1
    shift
    host_exec a env HOME="$SCRATCH/home" virt-install --connect qemu:///system --virt-type qemu --noautoconsole --import --name "$name" \
        "$@" --print-xml >"$name.xml" 2>"$name.log" || { cat "$name.log"; fail "virt-install $name"; }
    vir define "$PWD/$name.xml"
    same "$name"
}
installed i-debian --osinfo debian11 --memory 1024 --vcpus 2 --disk $images/web.qcow2 --network network=default
installed i-windows --osinfo win10 --memory 2048 --vcpus 4,sockets=1,cores=2,threads=2 --disk $images/win.qcow2,bus=sata,cache=none \
    --disk $images/inst.iso,device=cdrom --network bridge=br0,model=e1000e --boot uefi --tpm emulator --graphics vnc,listen=0.0.0.0,password=geheim
contains "the password is told of" "$(cat "$SCRATCH/work/import/i-windows/cluster.yaml")" "graphics has a password, which is not written here"
! grep -r geheim "$SCRATCH/work/import/i-windows" || fail "the password was written"
installed i-server --osinfo generic --memory 512 --vcpus 2,maxvcpus=4 --disk path=$images/raw.img,format=raw,bus=scsi,discard=unmap \
    --controller type=scsi,model=virtio-scsi --network network=default,mac=52:54:00:11:22:33 --graphics none \
    --watchdog i6300esb,action=poweroff --rng /dev/urandom --cpu Nehalem,+aes
installed i-pxe --osinfo generic --memory 512 --disk $images/pxe.qcow2 --network network=default,boot.order=1 \
    --boot menu=on,useserial=on --graphics spice --sound ich9 --machine q35
installed i-old --osinfo generic --machine pc --memory 256 --disk $images/old.qcow2,bus=ide --disk $images/inst.iso,device=cdrom \
    --network network=default,model=rtl8139 --video cirrus --graphics vnc --serial tcp,host=127.0.0.1:4555,mode=bind,protocol=telnet

step "virt-clone"
host_exec a env HOME="$SCRATCH/home" virt-clone --connect qemu:///system --original i-debian --name i-clone --file $images/clone.qcow2 >clone.log 2>&1 ||
    { cat clone.log; fail "virt-clone"; }
same i-clone

step "one that runs"
vir start i-old
here import --live i-old >live.yaml
contains "what runs is imported" "$(cat live.yaml)" "machine: pc"
same i-old
contains "it still runs" "$(vir domstate i-old)" running
vir destroy i-old

step "a cluster of virtopo's own"
mkdir own && cd own
make_images
cat >cluster.yaml <<'Y'
cluster: lab
images: { tiny: { file: ./disk.qcow2 } }
networks:
  lan: { subnet: 10.20.0.0/24, dhcp: [10.20.0.100, 10.20.0.199] }
  san: { mode: isolated, subnet: 10.30.0.0/24, mtu: 9000 }
  there: { mode: external, external: default }
defaults: { image: tiny, memory: 256M, ready: none }
nodes:
  web:
    count: 2
    networks: [{ lan: 10.20.0.10 }, san]
    disks: [{ name: data, size: 64M, cache: none }]
    cpus: { count: 2, max: 4 }
    labels: { role: web }
  db:
    depends_on: [web-1]
    disk: { size: 3G, bus: scsi }
    networks: [{ network: there, mac: "52:54:00:aa:bb:cc", model: e1000e }, san]
    graphics: vnc
    run: [date]
  media: { disk: none, cdroms: [/var/lib/libvirt/images/inst.iso] }
Y
host_exec a env "${VT_ENV[@]}" timeout 100 "$VIRTOPO" -c qemu:///system up --no-start -y -f cluster.yaml </dev/null >up.log 2>&1 || { cat up.log; fail "up"; }
here import lab_web-1 lab_web-2 lab_db lab_media >import.yaml
contains "what is not known" "$(cat import.yaml)" "run is not known"
contains "its networks" "$(cat import.yaml)" 'lan: {subnet: "10.20.0.0/24", dhcp'
# what is a digest in the tag is written again by who knows it
sed -i 's/^  db:$/&\n    run: [date]/' import.yaml
here -f import.yaml plan --no-start --exit-code >plan.log 2>&1 || { cat plan.log import.yaml; fail "the file of a cluster changes it"; }
pass "the file of a cluster changes nothing of it"
here -f cluster.yaml down -y >down.log 2>&1 || { cat down.log; fail "down"; }
cd ..

step "all at once, and mistakes"
here import --all --cluster everything -o all.yaml
contains "all nodes" "$(cat all.yaml)" "cluster: everything"
for name in i-debian i-windows i-server i-pxe i-old i-clone; do contains "a node" "$(cat all.yaml)" "  $name:"; done
here -f all.yaml validate
if out=$(here import i-debain 2>&1); then fail "an unknown domain"; fi
contains "the nearest" "$out" "did you mean 'i-debian'?"
[ "$(vir list --all --name | sort | xargs)" = "i-clone i-debian i-old i-pxe i-server i-windows" ] || fail "domains came or went"
count=$(wc -l <"$SCRATCH/same")
[ "$count" -ge $DOMAINS ] || fail "only $count domains came back"
pass "$count domains came back as they were"
