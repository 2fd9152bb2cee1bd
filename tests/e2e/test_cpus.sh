#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Processors and memory as the guest's kernel has them: model, features, topology, NUMA cells, room to grow; pins
# and huge pages as the host has them.
# minutes: 6
. "$(dirname "$0")/hardware.sh"

host_up a
cp "$(hardware_image)" hw.qcow2
file() { # CPUS OF grow, MEMORY OF grow
    yaml <<Y
cluster: hw
images: { hw: { file: hw.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: hw, memory: 256M, networks: [lan] }
nodes:
  model:
    cpus:
      model: Nehalem
      vendor_id: AuthenticAMD
      features: { rdrand: require, sse4.2: disable, popcnt: disable }
      nested: false
      pin: { 0: 1, emulator: 0 }
  cells:
    memory: 448M
    cpus:
      count: 4
      model: Nehalem
      topology: { sockets: 2, cores: 1, threads: 2 }
      numa:
        - { cpus: "0-1", memory: 192M, distances: { 1: 31 } }
        - { cpus: "2-3", memory: 256M }
  grow:
    cpus: { count: $1, max: 3 }
    memory: { size: $2, max: 1G }
Y
}
file 1 256M
ok up

step "model and features"
cpuinfo=$(guest model cat /proc/cpuinfo)
matches "the model" "$cpuinfo" '^model name.*: Intel Core i7 9xx \(Nehalem Class Core i7\)$'
matches "the maker" "$cpuinfo" '^vendor_id.*: AuthenticAMD$'
flags=" $(sed -n 's/^flags.*: //p' <<<"$cpuinfo") "
contains "one more than the model has" "$flags" ' rdrand '
lacks "two less" "$flags" ' sse4_2 '
lacks "two less" "$flags" ' popcnt '
contains "what it has of its own" "$flags" ' sse4_1 '
lacks "no virtual machines in it" "$flags" ' svm '

step "topology and cells"
# shellcheck disable=SC2016
equal "packages and threads" "$(guest cells 'cd /sys/devices/system/cpu; for c in cpu[0-9]*; do echo $c $(cat $c/topology/physical_package_id) $(cat $c/topology/thread_siblings_list); done')" \
    "cpu0 0 0-1
cpu1 0 0-1
cpu2 1 2-3
cpu3 1 2-3"
nodes=/sys/devices/system/node
equal "cells" "$(guest cells "cat $nodes/online $nodes/node0/cpulist $nodes/node1/cpulist" | xargs)" "0-1 0-1 2-3"
equal "distances" "$(guest cells "cat $nodes/node0/distance $nodes/node1/distance" | xargs)" "10 31 31 10"
size() { guest cells "sed -n 's/.*MemTotal: *//p' $nodes/node$1/meminfo" | cut -d' ' -f1; }
holds "the first cell's memory" test "$(size 0)" -gt $((140 << 10)) -a "$(size 0)" -lt $((192 << 10))
holds "the second's" test "$(size 1)" -gt $((200 << 10)) -a "$(size 1)" -le $((256 << 10))

step "pins, on the host"
equal "the CPU" "$(vir vcpupin hw_model --live | awk '$1 == 0 {print $2}')" 1
qemu=$(on cat /run/libvirt/qemu/hw_model.pid)
equal "QEMU itself" "$(awk '/^Cpus_allowed_list/ {print $2}' "/proc/$qemu/status")" 0
equal "the CPU's thread" "$(grep -l '^CPU 0/' /proc/"$qemu"/task/*/comm | xargs dirname | xargs -I{} awk '/^Cpus_allowed_list/ {print $2}' {}/status)" 1

step "room to grow, and growing into it"
equal "CPUs that can be" "$(guest grow cat /sys/devices/system/cpu/possible)" 0-2
total() { guest grow "sed -n 's/MemTotal: *//p' /proc/meminfo" | cut -d' ' -f1; }
boot=$(guest grow cat /proc/sys/kernel/random/boot_id)
before=$(total)
file 2 512M
vt plan --exit-code
equal "the plan's code" "$RC" 3
matches "live" "$OUT" '^~ +node +grow .*cpus 1 -> 2 +live'
matches "live" "$OUT" 'memory 256 MiB -> 512 MiB +live'
ok up
# shellcheck disable=SC2016
guest grow 'for c in /sys/devices/system/cpu/cpu[1-9]/online; do echo 1 >$c; done; nproc' >"$SCRATCH/nproc"
equal "a CPU more" "$(<"$SCRATCH/nproc")" 2
equal "256 MiB more" $((($(total) - before) >> 10)) 256
equal "in the same run" "$(guest grow cat /proc/sys/kernel/random/boot_id)" "$boot"
plans
vir destroy hw_grow
ok up
equal "both stay over a start" "$(guest grow nproc)" 2
holds "memory too" test "$(total)" -gt $((350 << 10))
plans

step "huge pages: of 2 MiB, for a guest with all its memory in them"
exec 8>/tmp/virtopo-hugepages.lock
flock 8
pages=/proc/sys/vm/nr_hugepages
had=$(<$pages)
trap 'echo "$had" >$pages; e2e_end' EXIT
echo $((had + 100)) >$pages
[ "$(<$pages)" = $((had + 100)) ] || fail "this machine gives no 100 huge pages"
yaml <<Y
cluster: hw
images: { hw: { file: hw.qcow2 } }
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes:
  huge: { image: hw, memory: { size: 192M, hugepages: 2M }, networks: [lan] }
Y
ok up --yes --destroy-data
qemu=$(on cat /run/libvirt/qemu/hw_huge.pid)
equal "in pages of" "$(awk '/^KernelPageSize/ {size = $2} /^Private_Hugetlb|^Shared_Hugetlb/ {n[size] += $2} END {for (s in n) if (n[s]) print s, n[s]}' "/proc/$qemu/smaps")" "2048 196608"
holds "the guest runs in them" guest huge true
plans

step "down"
ok down --yes
equal "nothing is left" "$(vir list --all --name | xargs)" ""
