# SPDX-License-Identifier: Apache-2.0
# What the program says of the keys of a file.

out <<'EOF'
nodes.NAME.virt

kvm needs the host's hardware, qemu emulates it, auto takes the best there is.

  value     auto, kvm or qemu
  default   auto
  a change  restart: the node stops and starts
  also at   defaults.virt, profiles.NAME.virt

Words:

  auto  kvm where the host can, else qemu
  kvm   the host's hardware; an error where it has none
  qemu  emulation: slow, and runs everywhere

Example:

  nodes:
    web:
      virt: qemu
EOF
check 0 explain virt
virtopo explain virt >"$want/virt"
for words in nodes.virt node.virt nodes.web.virt nodes.NAME.virt; do
    out <"$want/virt"
    check 0 explain $words
done

virtopo explain images.inputs >"$scratch/out"
holds "a key says what it needs" grep -qx '  only      with script' "$scratch/out"

out <<'EOF'
networks.NAME.mtu

The largest packet.

  value     a whole number, 576 to 65535
  default   1500
  a change  live: done while it runs
  see also  nodes.networks.mtu

Example:

  networks:
    lan:
      subnet: 10.20.0.0/24
      mtu: 9000
EOF
check 0 explain network.mtu
virtopo explain 'disks[0].serial' >"$scratch/out"
holds "an example has what must stand beside the key" grep -qx '        - name: data' "$scratch/out"

err <<'EOF'
error: there is no key 'ram' in the file
hint: did you mean nodes.memory?
EOF
check 2 explain ram
err <<'EOF'
error: there is no key 'bsu' in nodes.NAME.disks[]
hint: did you mean nodes.disks.bus?
EOF
check 2 explain nodes.disks.bsu
virtopo explain a b >"$scratch/out" 2>"$scratch/err"
holds "explain takes one key" test $? = 2
virtopo explain "$(printf '\033')" >"$scratch/out" 2>"$scratch/err"
holds "control characters are not printed" sh -c "! grep -q '$(printf '\033')' '$scratch/err'"

out <<'EOF'
{"version":1,"type":"result","key":"nodes.networks.driver","path":"nodes.NAME.networks[].driver","summary":"Who moves its packets on the host","value":"default, vhost or qemu","required":false,"default":"vhost where the host has it, else qemu","only":"with model virtio","change":"restart","words":[{"word":"default","note":"vhost where the host has it, else qemu"},{"word":"vhost","note":"packets are moved by the host's kernel: the fastest"},{"word":"qemu","note":"packets are moved by QEMU"}],"example":"nodes:\n  web:\n    networks:\n      - network: lan\n        driver: vhost\n","short_form":null,"also_at":["defaults.networks[].driver","profiles.NAME.networks[].driver"],"one_of":[],"keys":[]}
EOF
check 0 explain nodes.networks.driver --json

virtopo explain >"$scratch/out"
for key in cluster domain ssh hosts images networks defaults nodes; do
    holds "explain lists $key" grep -q "^  $key " "$scratch/out"
done
virtopo explain nodes --recursive >"$scratch/out"
holds "explain --recursive lists what is below" grep -q '^    bus  ' "$scratch/out"
virtopo explain --recursive >"$scratch/out"
holds "explain --recursive lists the whole file" grep -q '^      bus  ' "$scratch/out"
virtopo explain --recursive --json >"$scratch/out"
holds "so it does as JSON" grep -q '"key":"nodes.disks.bus"' "$scratch/out"
