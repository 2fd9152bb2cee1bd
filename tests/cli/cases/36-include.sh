# SPDX-License-Identifier: Apache-2.0
# Included files: names as the user would write them, paths at their own folders.

mkdir -p inc/parts
cat >inc/lab.yaml <<'E'
include: parts/base.yaml
cluster: lab
nodes:
  web: { image: a, cpus: 2 }
E
cat >inc/parts/base.yaml <<'E'
vars: { cpus: 4 }
images: { a: { file: a.raw, format: raw } }
nodes:
  web: { memory: 64 }
E

err <<'EOT'
inc/parts/base.yaml:4:18: error: memory '64' has no unit: expected a number and B, K, M, G or T [value]
    4 |   web: { memory: 64 }
      |                  ^~
hint: write 64M
EOT
check 2 validate -f inc/lab.yaml

sed -i 's/64/64M/' inc/parts/base.yaml
out <<'EOT'
inc/lab.yaml: 1 node, 0 networks, 1 image: fine
EOT
check 0 validate -f inc/lab.yaml

virtopo validate -f - <inc/lab.yaml 2>"$scratch/err"
holds "standard input includes from this folder" \
    grep -qxF "<stdin>:1:10: error: cannot read 'parts/base.yaml': No such file or directory [include]" "$scratch/err"
(cd inc && virtopo validate -f -) <inc/lab.yaml >"$scratch/out" 2>&1
holds "standard input includes" grep -qx -e '-: 1 node, 0 networks, 1 image: fine' "$scratch/out"

truncate -s 1M inc/parts/a.raw
virtopo -c test:///default plan -f inc/lab.yaml >"$scratch/out" 2>&1
holds "an image beside the file that names it" \
    grep -qF "copy 1 MiB from $PWD/inc/parts/a.raw" "$scratch/out"

if [ "$(id -u)" != 0 ]; then
    chmod 000 inc/parts/base.yaml
    err <<'EOT'
inc/lab.yaml:1:10: error: cannot read 'parts/base.yaml': Permission denied [include]
    1 | include: parts/base.yaml
      |          ^~~~~~~~~~~~~~~
EOT
    check 2 validate -f inc/lab.yaml
fi

sed -i '1s/.*/include: ${WHERE_OF_NOBODY:-parts}\/base.yaml/' inc/lab.yaml
WHERE_OF_NOBODY=elsewhere virtopo validate -f inc/lab.yaml 2>"$scratch/err"
holds "variables in the names of files" grep -qF "cannot read 'elsewhere/base.yaml'" "$scratch/err"
out <<'EOT'
inc/lab.yaml: 3 nodes, 0 networks, 1 image: fine
EOT
check 0 validate -f inc/lab.yaml --set nodes.web.count=3 --set cpus=1
rm -rf inc
