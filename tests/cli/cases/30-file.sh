# SPDX-License-Identifier: Apache-2.0
# The file: found, missing, and not what it should be.

err <<EOF
error: there is no virtopo.yaml in $PWD
hint: name another file with -f, or write a first one: virtopo init
EOF
check 2 validate

err <<'EOF'
error: cannot open 'nowhere.yaml': No such file or directory
hint: name the file with -f FILE, or let `virtopo init` write one
EOF
check 2 validate -f nowhere.yaml

out <<'EOF'
{"version":1,"type":"error","error":{"kind":"config","message":"cannot open 'nowhere.yaml': No such file or directory","hint":"name the file with -f FILE, or let `virtopo init` write one","detail":null},"findings":[]}
EOF
err <<'EOF'
error: cannot open 'nowhere.yaml': No such file or directory
hint: name the file with -f FILE, or let `virtopo init` write one
EOF
check 2 validate --json -f nowhere.yaml

mkdir folder
err <<'EOF'
error: cannot read 'folder': Is a directory
EOF
check 2 validate -f folder

: >empty.yaml
err <<'EOF'
empty.yaml: error: the file is empty [empty]
hint: `virtopo init` writes a file to start from
EOF
check 2 validate -f empty.yaml

printf '\177ELF\002\001\001\000\000' >binary.yaml
err <<'EOF'
binary.yaml:1:1: error: a control character in the file [yaml-encoding]
    1 |  ELF     
      | ^
hint: is this the right file? It must be plain text
EOF
check 2 validate -f binary.yaml

if [ "$(id -u)" != 0 ]; then
    : >secret.yaml
    chmod 000 secret.yaml
    err <<'EOF'
error: cannot open 'secret.yaml': Permission denied
EOF
    check 2 validate -f secret.yaml
fi

# Commands that need the file say the same before they touch any host.
for command in "plan" "up" "ssh web-1" "render -o out"; do
    err <<EOF
error: there is no virtopo.yaml in $PWD
hint: name another file with -f, or write a first one: virtopo init
EOF
    # shellcheck disable=SC2086
    check 2 $command
done

out <<'EOF'
wrote virtopo.yaml: cluster 'here'
EOF
check 0 init
cp virtopo.yaml first.yaml
err <<'EOF'
error: 'virtopo.yaml' is already there
hint: leave it, name another file with -f, or overwrite it with --force
EOF
check 1 init other
holds "init leaves a file alone" cmp first.yaml virtopo.yaml

out <<'EOF'
virtopo.yaml: 3 nodes, 1 network, 1 image: fine
EOF
check 0 validate
check 0 validate -q
out <<'EOF'
{"version":1,"type":"result","file":"virtopo.yaml","valid":true,"cluster":"here","nodes":3,"networks":1,"images":1,"findings":[]}
EOF
check 0 validate --json

out <<'EOF'
wrote virtopo.yaml: cluster 'other'
EOF
check 0 init --force other
holds "init --force overwrites" grep -qx 'cluster: other' virtopo.yaml

# Everything in it that is commented out is valid too.
sed -e 's/^\( *\)# \([a-z]*:\)/\1\2/' -e 's/ready: none .*/ready: none/' virtopo.yaml >all.yaml
out <<'EOF'
all.yaml: 3 nodes, 2 networks, 1 image: fine
EOF
check 0 validate -f all.yaml

virtopo init -f - piped >"$want/piped"
holds "init -f - writes to stdout" grep -qx 'cluster: piped' "$want/piped"
virtopo validate -f - <"$want/piped" >"$scratch/out"
holds "validate reads stdin" grep -qx -e '-: 3 nodes, 1 network, 1 image: fine' "$scratch/out"

err <<'EOF'
error: 'Über' cannot be the name of a cluster
hint: use up to 32 of a-z, 0-9 and -, with a letter or digit at both ends
EOF
check 2 init -f new.yaml Über
holds "a refused init writes nothing" test ! -e new.yaml

mv virtopo.yaml virtopo.yml
out <<'EOF'
virtopo.yml: 3 nodes, 1 network, 1 image: fine
EOF
check 0 validate
rm virtopo.yml

cat >wrong.yaml <<'EOF'
cluster: wrong
nodes:
  a: { imgae: x }
EOF
virtopo validate -f wrong.yaml --json >"$scratch/out" 2>"$scratch/err"
holds "findings as JSON" grep -q '"valid":false,"findings":\[{"file":"wrong.yaml","line":3' \
    "$scratch/out"
holds "findings on stderr too" grep -q '^wrong.yaml:3:8: error: ' "$scratch/err"
virtopo --color=always validate -f wrong.yaml 2>"$scratch/err"
holds "colour when asked for" grep -q "$(printf '\033')" "$scratch/err"
