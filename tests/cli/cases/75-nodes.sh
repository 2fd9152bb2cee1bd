# SPDX-License-Identifier: Apache-2.0
# Copies of nodes: what is refused before any host is asked.
cat >virtopo.yaml <<'EOF'
cluster: lab
nodes: { a: { disk: 1G, ready: none } }
EOF

err <<'EOF'
error: clone needs NODE NEW
hint: virtopo help clone says more
EOF
check 2 clone a

err <<'EOF'
error: --format 'qcow' is none of auto, qcow2, raw, vmdk, vdi, vhdx, vhd
EOF
check 2 export a --format qcow

: >there.qcow2
err <<'EOF'
error: there.qcow2 is there already
hint: name another file, or add --force
EOF
check 2 export a there.qcow2
rm -f virtopo.yaml there.qcow2
