#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Debian's own installer, from Debian's package of its netboot kernel and initrd, over the network. Packages come
# from E2E_MIRROR (default deb.debian.org), which must also have the installer's components (*.udeb).
# minutes: 150
. "$(dirname "$0")/../lib.sh"

host_up a
mirror=${E2E_MIRROR:-deb.debian.org}
package=debian-installer-12-netboot-amd64

step "the installer, and a mirror that has its components"
(mkdir deb && cd deb && apt-get -q -o APT::Sandbox::User=root download $package >/dev/null && dpkg-deb -x $package*.deb .)
boot=deb/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64
udeb=$(curl -fsS "http://$mirror/debian/dists/bookworm/main/debian-installer/binary-amd64/Packages.xz" | xz -dc |
    sed -n 's/^Filename: \(.*partman-auto_.*\)/\1/p' | head -1)
echo "  $(dpkg-deb -f deb/$package*.deb Version), $udeb"
if [ -z "${E2E_ANYWAY:-}" ]; then
    holds "$mirror has the installer's components: else set E2E_MIRROR" curl -fsSI -o /dev/null "http://$mirror/debian/$udeb"
fi

step "installed"
# A test host has no way out: the guest asks a proxy on it (10.0.2.2 is the host for QEMU's user network).
read -r keeper _ <"$VIRTOPO_TEST_DIR/hosts/a/keeper"
python3 "$E2E/slow/relay.py" "/proc/$keeper/ns/net" 8099 2>relay.log &
sed "s,deb.debian.org,$mirror,; s,^d-i mirror/http/proxy string.*,& http://10.0.2.2:8099/," "$E2E/../../examples/installed/preseed.cfg" >preseed.cfg
cat >>preseed.cfg <<'P'
d-i base-installer/kernel/image string linux-image-cloud-amd64
P
yaml <<Y
cluster: lab
images:
  debian:
    iso: { kernel: $boot/linux, initrd: $boot/initrd.gz }
    answers: { kind: preseed, file: preseed.cfg }
    size: 4G
    memory: 1280M
    timeout: ${E2E_TIMEOUT:-2h}
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { a: { image: debian, memory: 512M, networks: [lan], ready: { kind: ssh, timeout: 20m } } }
Y
VT_SECONDS=8400 ok -v image build
echo "  installed within $SECONDS s"

step "and it boots as a node, with what its seed says"
VT_SECONDS=1800 ok up
equal "its name" "$(guest a hostname)" a
contains "its system" "$(guest a cat /etc/os-release)" bookworm
equal "the root file system has the disk" "$(guest a 'test $(df --output=size / | tail -1) -gt 3500000 && echo yes')" yes
ok down --yes --prune
