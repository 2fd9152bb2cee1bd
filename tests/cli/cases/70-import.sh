# SPDX-License-Identifier: Apache-2.0
# Import, as far as no host is needed: what comes of domains is for tests/golden/import.sh and tests/e2e.

import=$cases/../../golden/import
virtopo import --xml - <"$import/raw-minimal.xml" >"$scratch/out"
holds "standard input" cmp "$scratch/out" "$import/raw-minimal.yaml"
virtopo import --xml -o "$scratch/two.yaml" "$import/raw-minimal.xml" "$import/virt-clone.xml" >"$scratch/out"
holds "two nodes in a file" grep -q 'two.yaml: 2 nodes$' "$scratch/out"
holds "that is valid" virtopo -q -f "$scratch/two.yaml" validate
virtopo import --xml --json "$import/raw-minimal.xml" >"$scratch/out"
holds "an object" \
    grep -q '^{"version":1,"type":"result","cluster":"imported","images":{},"networks":{"default":' "$scratch/out"
virtopo import --xml --cluster lab "$import/raw-minimal.xml" >"$scratch/out"
holds "the cluster's name" grep -qx 'cluster: lab' "$scratch/out"

err <<'EOF'
error: import what?
hint: name domains (`virsh list --all` shows them), or take --all
EOF
check 2 import
err <<'EOF'
error: import what?
hint: name files with libvirt's XML, - for standard input
EOF
check 2 import --xml
err <<'EOF'
error: --all stands for all domains: name none, no --xml
EOF
check 2 import --all web
err <<'EOF'
error: --live and --xml do not go together
EOF
check 2 import --live --xml a.xml
err <<'EOF'
error: 'My Lab' cannot be a cluster's name
hint: at most 32 lower-case letters, digits and '-'
EOF
check 2 import --xml --cluster "My Lab" "$import/raw-minimal.xml"
