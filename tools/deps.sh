#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Finds what virtopo needs and installs what is missing, with the system's package manager.
#
#   deps.sh [--check] [build|run|guest|test|all...]
#
# build  to compile                       run   a host with libvirt, and SSH
# guest  to make the tiny guest's image   test  `make test`; all  everything
# Default: build run guest, which is what `make demo` needs. --check installs nothing: prints
# what is missing and exits 1. Where nothing is missing, nothing is asked and no network is used.
set -u
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# set | how it is found | Debian, Ubuntu | Fedora and kin
#   cmd:NAME   a program     pc:NAME  a library known to pkg-config     file:PATH
#   py:NAME    a Python module
table='
build | cmd:gcc                         | gcc                    | gcc
build | file:/usr/include/stdio.h       | libc6-dev              | glibc-devel
build | cmd:make                        | make                   | make
build | cmd:pkg-config                  | pkg-config             | pkgconf-pkg-config
build | pc:libvirt                      | libvirt-dev            | libvirt-devel
build | pc:yaml-0.1                     | libyaml-dev            | libyaml-devel
build | pc:libxml-2.0                   | libxml2-dev            | libxml2-devel
build | pc:jansson                      | libjansson-dev         | jansson-devel
build | pc:libarchive                   | libarchive-dev         | libarchive-devel
build | pc:libcurl                      | libcurl4-openssl-dev   | libcurl-devel
build | pc:libcrypto                    | libssl-dev             | openssl-devel
build | pc:libssh                       | libssh-dev             | libssh-devel
run   | file:/etc/libvirt/qemu.conf     | libvirt-daemon-system  | libvirt-daemon-kvm
run   | cmd:libvirtd                    | libvirt-daemon-system  | libvirt-daemon
run   | cmd:virsh                       | libvirt-clients        | libvirt-client
run   | cmd:qemu-system-x86_64          | qemu-system-x86        | qemu-system-x86-core
run   | cmd:qemu-img                    | qemu-utils             | qemu-img
run   | cmd:dnsmasq                     | dnsmasq-base           | dnsmasq
run   | cmd:iptables                    | iptables               | iptables-nft
run   | cmd:ip                          | iproute2               | iproute
run   | cmd:ssh                         | openssh-client         | openssh-clients
run   | cmd:gpgv                        | gpgv                   | gnupg2
guest | cmd:busybox                     | busybox-static         | busybox
guest | cmd:dropbear                    | dropbear-bin           | dropbear
guest | cmd:mke2fs                      | e2fsprogs              | e2fsprogs
guest | cmd:depmod                      | kmod                   | kmod
guest | cmd:strip                       | binutils               | binutils
guest | cmd:xz                          | xz-utils               | xz
guest | cmd:zstd                        | zstd                   | zstd
guest | file:/usr/include/yaml.h        | libyaml-dev            | libyaml-devel
test  | cmd:curl                        | curl                   | curl
test  | cmd:python3                     | python3                | python3
test  | py:jsonschema                   | python3-jsonschema     | python3-jsonschema
test  | py:yaml                         | python3-yaml           | python3-pyyaml
test  | cmd:dot                         | graphviz               | graphviz
test  | cmd:git                         | git                    | git
test  | cmd:clang                       | clang                  | clang
test  | cmd:clang-format                | clang-format           | clang-tools-extra
test  | pc:cmocka                       | libcmocka-dev          | libcmocka-devel
test  | cmd:openssl                     | openssl                | openssl
test  | file:/usr/share/OVMF/OVMF_CODE.fd | ovmf                 | edk2-ovmf
test  | cmd:swtpm                       | swtpm                  | swtpm
test  | cmd:swtpm_setup                 | swtpm-tools            | swtpm-tools
test  | file:/usr/share/osinfo          | osinfo-db              | osinfo-db
test  | cmd:sshd                        | openssh-server         | openssh-server
test  | cmd:valgrind                    | valgrind               | valgrind
test  | cmd:virt-install                | virtinst               | virt-install
test  | cmd:xorriso                     | xorriso                | xorriso
test  | cmd:jq                          | jq                     | jq
test  | cmd:mmdebstrap                  | mmdebstrap             | -
test  | cmd:extlinux                    | extlinux               | syslinux-extlinux
test  | cmd:ping                        | iputils-ping           | iputils
test  | cmd:tcpdump                     | tcpdump                | tcpdump
test  | cmd:ovs-vsctl                 | openvswitch-switch     | openvswitch
test  | cmd:pkill                       | procps                 | procps-ng
test  | cmd:groff                       | groff-base             | groff-base
test  | cmd:xmllint                     | libxml2-utils          | libxml2
test  | cmd:shellcheck                  | shellcheck             | ShellCheck
'

say() { printf 'deps.sh: %s\n' "$*" >&2; }

present() {
    case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    file:*) [ -e "${1#file:}" ] ;;
    py:*) python3 -c "import ${1#py:}" >/dev/null 2>&1 ;;
    esac
}

# Which of the table's columns names this system's packages; empty for one that is not known.
manager() {
    if command -v apt-get >/dev/null; then
        echo apt
    elif command -v dnf >/dev/null; then
        echo dnf
    fi
}

# Prints what is missing, one package (or, on an unknown system, one probe) a line.
missing() {
    local set probe deb rpm
    while IFS='|' read -r set probe deb rpm; do
        set=${set// /} probe=${probe// /} deb=${deb// /} rpm=${rpm// /}
        case " $sets " in *" $set "*) ;; *) continue ;; esac
        present "$probe" && continue
        case $(manager) in
        apt) echo "$deb" ;;
        dnf) [ "$rpm" = - ] || echo "$rpm" ;;
        *) echo "${probe#*:}" ;;
        esac
    done <<<"$table" | awk '!seen[$0]++'
}

# As root; quietly, unless it fails. A mirror that stumbles is asked again.
as_root() {
    local log tries=0 status=0
    log=$(mktemp) || return 1
    while :; do
        status=0
        "${become[@]}" "$@" >"$log" 2>&1 </dev/null || status=$?
        [ $status != 0 ] || break
        [ $((tries += 1)) -lt 3 ] || break
        sleep $((tries * 3))
    done
    [ $status = 0 ] || { cat "$log" >&2; say "failed: $*"; }
    rm -f "$log"
    return $status
}

install_apt() {
    local options=(-q -y --no-install-recommends -o DPkg::Lock::Timeout=300
        -o Dpkg::Options::=--force-confold)
    # Lists that are out of date name files that the mirror does not have any more.
    as_root apt-get -q -o DPkg::Lock::Timeout=300 update ||
        say "apt-get update failed; trying with the lists that are there"
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get "${options[@]}" install "$@"
}

install_dnf() { as_root dnf -q -y --setopt=install_weak_deps=False install "$@"; }

check_only=
sets=
for word; do
    case $word in
    --check) check_only=1 ;;
    build | run | guest | test) sets+=" $word" ;;
    all) sets+=" build run guest test" ;;
    *) sed -n '3,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
done
[ -n "$sets" ] || sets="build run guest"

mapfile -t wanted < <(missing)
[ ${#wanted[@]} != 0 ] || exit 0
if [ -n "$check_only" ]; then
    printf '%s\n' "${wanted[@]}"
    exit 1
fi
if [ -z "$(manager)" ]; then
    say "no apt-get and no dnf here; install these by hand, then run this again: ${wanted[*]}"
    exit 1
fi
become=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "not root and no sudo; as root, install: ${wanted[*]}"; exit 1; }
    become=(sudo)
    sudo -v || exit 1
fi
echo "    installing: ${wanted[*]}"
"install_$(manager)" "${wanted[@]}" || exit 1

mapfile -t wanted < <(missing)
[ ${#wanted[@]} = 0 ] || { say "installed, but still not found: ${wanted[*]}"; exit 1; }
