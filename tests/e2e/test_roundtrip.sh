#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every good file of tests/golden, made for real without being started: libvirt's QEMU driver takes its domains,
# gives them back without a difference, and has a QEMU command line for each; then down leaves nothing.
# minutes: 12
. "$(dirname "$0")/lib.sh"
GOLDEN=$(cd "$E2E/../golden" && pwd)
. "$GOLDEN/images.sh"

# The least that there must be: raise it with the cases, so that none gets lost.
CASES=160
RUNS=105
WORKERS=4

# What cannot be made on a host without the hardware: the whole case, and what up says.
declare -A UNMADE=(
    [image-script]="build.sh' failed with exit code 1"
    [node-kvm]="wants virt: kvm, which host 'local' cannot do: libvirt offers no KVM there"
    [cpus-passthrough]="wants virt: kvm, which host 'local' cannot do: libvirt offers no KVM there"
    [features-tcg-kvm]="wants virt: kvm, which host 'local' cannot do: libvirt offers no KVM there"
    [own-bridge]="there is no device eth1 on host 'local'"
    [machine]="wants virt: kvm, which host 'local' cannot do: libvirt offers no KVM there"
)
command -v qemu-system-aarch64 >/dev/null || UNMADE+=(
    [platform-arch-aarch64]="is for aarch64, which host 'local' has no QEMU for"
    [platform-arch-aarch64-kernel]="is for aarch64, which host 'local' has no QEMU for"
)
command -v qemu-system-arm >/dev/null || UNMADE+=([platform-arch-others]="is for armv7l, which host 'local' has no QEMU for")
# libvirt has NVMe disks of QEMU's own since 11.5.
[ "$(printf '%s\n' 11.5.0 "$(virsh --version)" | sort -V | head -1)" = 11.5.0 ] ||
    UNMADE+=([disk-nvme]="wants disk bus 'nvme', which QEMU on host 'local' does not have")
# What can be made, but has no command line without the hardware, and what libvirt says.
declare -A NO_ARGV=(
    [device-pci]="invalid PCI passthrough type 'default'"
    [device-usb]="USB host device is missing bus/device information"
    [disk-iscsi]="no secret with matching usage 'nas-lab'"
    [disk-nfs]="Failed to parse user 'libvirt'"
    [disk-rbd]="no secret with matching uuid"
    [cpus-model-new]="Host CPU does not provide required features"
    [device-pci]="invalid PCI passthrough type"
    [device-usb]="USB host device is missing bus/device information"
    [tpm]="Could not open TPM device"
)
[ -e /sys/firmware/dmi/tables ] || NO_ARGV+=([platform-smbios-modes]="Host SMBIOS information is not available")

# The files' addresses are alike: each worker has 10.20 to 10.90 with its own last digit. A host of another name is this one too.
prepare() { # FILE FOLDER SLOT
    if [ -d "$1" ]; then cp -r "$1" "$2"; else mkdir "$2" && cp "$1" "$2/cluster.yaml"; fi
    cd "$2" || return
    sed -i "s/^cluster: .*/cluster: ${2##*/}/" cluster.yaml
    find . -name '*.yaml' -exec sed -i "s/\b10\.\([2-9]\)0\./10.\1$3./g; s|test:///default|qemu:///system|; s|/srv/virtopo|/var/lib/virtopo|" {} +
    make_images
    chmod -f go= id_* || :
}
run() { host_exec a env "${VT_ENV[@]}" NET_OF_NOBODY="2$slot" timeout 60 "$VIRTOPO" -f cluster.yaml "$@" </dev/null 2>&1; }

# Each domain of the cluster has a command line; where a case is an exception, at least one has none.
argv() { # NAME CLUSTER
    local domain out failed=
    for domain in $(vir list --all --name | grep "^$2_"); do
        if out=$(vir domxml-to-native qemu-argv --domain "$domain" 2>&1); then
            [[ $out == *qemu-system-* ]] || { echo "$domain: no command line: $out"; return 1; }
        else
            [ -n "${NO_ARGV[$1]:-}" ] && [[ $out == *"${NO_ARGV[$1]}"* ]] || { echo "$domain: domxml-to-native: $out"; return 1; }
            failed=1
        fi
    done
    [ -n "$domain" ] || { echo "no domain is defined"; return 1; }
    [ -z "${NO_ARGV[$1]:-}" ] || [ -n "$failed" ] || { echo "all have a command line after all"; return 1; }
}
# What runs has no difference either. What cannot run here may not: hardware, memory, files of the host are absent.
started() { # NAME
    local out
    if out=$(run up --no-wait -y -p 2); then touch "$SCRATCH/rt/$1.runs"; else echo "$out" >"$SCRATCH/rt/$1.stopped"; fi
    out=$(run plan --no-start --exit-code) && [[ $out == *"No changes."* ]] || { echo "started: $out"; return 1; }
}
# All that is asked of a case before its down, in its own folder; says what is wrong.
there() { # NAME CLUSTER
    local out
    if out=$(run up --no-start -y); then
        [ -z "${UNMADE[$1]:-}" ] || { echo "it can be made after all"; return 1; }
        out=$(run plan --no-start --exit-code) || { echo "after up: $out"; return 1; }
        [[ $out == *"No changes."* ]] || { echo "plan says: $out"; return 1; }
        argv "$1" "$2" || return 1
        started "$1" || return 1
    elif [ -z "${UNMADE[$1]:-}" ] || [[ $out != *"${UNMADE[$1]}"* ]]; then
        echo "up: $out"
        return 1
    fi
}
round() { # NAME CLUSTER
    there "$@"
    run down --yes >out || { echo "down: $(<out)"; return 1; }
}
worker() { # SLOT
    local i file name slot=$1
    trap - ERR
    set +eE
    for ((i = $1; i < ${#files[@]}; i += WORKERS)); do
        file=${files[i]}
        name=$(basename "$file" .yaml)
        (prepare "$file" "$SCRATCH/work/rt$i" "$1" && round "$name" "rt$i") >"$SCRATCH/rt/$name" 2>&1 &&
            [ ! -s "$SCRATCH/rt/$name" ] && touch "$SCRATCH/rt/$name.ok"
    done
    return 0
}

host_up a --no-libvirt
# SPICE with TLS, as some file wants it.
conf=$VIRTOPO_TEST_DIR/hosts/a/etc/libvirt/qemu.conf
host_set "$conf" spice_tls 1
host_set "$conf" spice_tls_x509_cert_dir "\"$SCRATCH/pki\""
mkdir "$SCRATCH/pki"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a -keyout "$SCRATCH/pki/server-key.pem" -out "$SCRATCH/pki/server-cert.pem" 2>/dev/null
cp "$SCRATCH/pki/server-cert.pem" "$SCRATCH/pki/ca-cert.pem"
chmod -R a+rX "$SCRATCH/pki"
host_libvirt_up a
host_warm
on mkdir -m 711 -p /var/lib/libvirt/swtpm
# What a file takes for there: networks and a bridge of somebody else's.
for net in default corp-lan; do
    printf '<network><name>%s</name><bridge name="x-%s"/></network>' $net $net | vir net-define /dev/stdin >/dev/null
    vir net-start $net >/dev/null
done
on ip link add br0 type bridge
for n in 5 6 7 8 9; do on ip link add eth$n type veth peer name peer$n; done
vswitch_up
for bridge in ovs0 ovs1; do on ovs-vsctl add-br $bridge -- set bridge $bridge datapath_type=netdev; done
# The filters of libvirt leave two empty chains, where ebtables is the one of nft.
on sh -c 'for c in PREROUTING POSTROUTING; do ebtables -t nat -A $c -j ACCEPT && ebtables -t nat -D $c -j ACCEPT; done' 2>/dev/null || :
before=$(host_state)
files=("$GOLDEN"/good/*/ "$GOLDEN"/domain/*.yaml)
# Its files would be written into the machine's own /etc, which a test host shares: test_persist.sh has them.
for i in "${!files[@]}"; do [[ ${files[i]} != */good/persist/ ]] || unset "files[$i]"; done
files=("${files[@]%/}")
mkdir "$SCRATCH/rt"

step "${#files[@]} cases"
workers=()
for ((slot = 0; slot < WORKERS; slot++)); do
    worker $slot &
    workers+=($!)
done
wait "${workers[@]}"
export E2E_GO=1
for file in "${files[@]}"; do
    name=$(basename "$file" .yaml)
    if [ -e "$SCRATCH/rt/$name.ok" ]; then pass "$name"; else indent <"$SCRATCH/rt/$name"; fail "$name"; fi
done
for name in "${!UNMADE[@]}" "${!NO_ARGV[@]}"; do
    holds "the exception $name is a case" test -e "$SCRATCH/rt/$name"
done
holds "at least $CASES cases" test "${#files[@]}" -ge $CASES
runs=("$SCRATCH"/rt/*.runs)
echo "Of the others, libvirt or QEMU says:"
grep -h '^error: node' "$SCRATCH"/rt/*.stopped | sed 's/^error: node [^:]*: //' | cut -c1-160 | sort | indent || :
holds "at least $RUNS cases run as a whole" test "${#runs[@]}" -ge $RUNS

step "down left nothing, but the base images for the last one's --prune"
cd "$SCRATCH/work/rt0" || exit
vt -f cluster.yaml up --no-start
vt -f cluster.yaml down --yes --prune
equal "the host is as it was" "$(host_state)" "$before"
vswitch_down
