# SPDX-License-Identifier: Apache-2.0
# --set and the environment.

cat >set.yaml <<'E'
cluster: lab
vars: { release: bookworm, token: ~ }
images: { debian: { file: "${release}.qcow2" } }
nodes:
  web: { image: debian, cpus: "${CPUS_OF_NOBODY:-1}" }
E

out <<'EOT'
set.yaml: 1 node, 0 networks, 1 image: fine
EOT
check 0 validate -f set.yaml

out <<'EOT'
set.yaml: 4 nodes, 0 networks, 1 image: fine
EOT
check 0 --set nodes.web.count=3 validate -f set.yaml --set release=trixie --set=nodes.web.count=4

out <<'EOT'
{"version":1,"type":"result","file":"set.yaml","valid":true,"cluster":"ci-7","nodes":1,"networks":0,"images":1,"findings":[]}
EOT
check 0 validate -f set.yaml --json --set cluster=ci-7

err <<'EOT'
error: --set relase: there is no such variable [set]
hint: did you mean 'release'?
EOT
check 2 validate -f set.yaml --set relase=trixie

err <<'EOT'
error: --set x: there is no such variable [set]
hint: the variables are release, token; a key has a path: nodes.web.memory=2G
EOT
check 2 plan -f set.yaml --set x=y

printf 'cluster: none\n' >none.yaml
err <<'EOT'
error: --set a: there is no such variable [set]
hint: the file has no 'vars'; a key has a path: nodes.web.memory=2G
EOT
check 2 validate -f none.yaml --set a=b

err <<'EOT'
error: --set nodes.wbe.count: there is no 'wbe' under 'nodes' [set]
hint: did you mean 'web'?
EOT
check 2 render -o out -f set.yaml --set nodes.wbe.count=2

err <<'EOT'
--set nodes.web.cpus:1:17: error: cpus must be a whole number, not 'many' [type]
    1 | nodes.web.cpus: many
      |                 ^~~~
EOT
check 2 up -f set.yaml --set nodes.web.cpus=many

err <<'EOT'
--set nodes.web.cpu:1:1: error: unknown key 'cpu' in node 'web' [unknown-key]
    1 | nodes.web.cpu: 2
      | ^~~~~~~~~~~~~
hint: did you mean 'cpus'?
EOT
check 2 up -f set.yaml --set nodes.web.cpu=2

err <<'EOT'
error: --set release has no '=' [set]
hint: write --set NAME=VALUE
EOT
check 2 validate -f set.yaml --set release

err <<'EOT'
error: --set nodes.web.networks.0: 'networks' is a list, and its items have no names [set]
hint: set it as a whole: a list is replaced
EOT
sed 's/cpus:.*/networks: [] }/' set.yaml >list.yaml
check 2 validate -f list.yaml --set nodes.web.networks.0=lan

err <<'EOT'
error: --set needs a value: --set K=V
EOT
check 2 validate --set

err <<'EOT'
error: init reads no file that --set could change
EOT
check 2 init --set a=b

for command in "down --cluster x -y" "status --cluster x"; do
    err <<'EOT'
error: --set changes the file, and --cluster goes without it
hint: leave one of them out
EOT
    # shellcheck disable=SC2086
    check 2 $command --set a=b
done

# The environment comes last, and what it holds is typed like anything else.
CPUS_OF_NOBODY=two virtopo validate -f set.yaml 2>"$scratch/err"
holds "the environment is named" \
    grep -qF "set.yaml:5:31: error: cpus must be a whole number, not 'two' (\${CPUS_OF_NOBODY} is set in the environment) [type]" \
    "$scratch/err"
CPUS_OF_NOBODY=2 virtopo validate -f set.yaml >"$scratch/out" 2>&1
holds "the environment is used" grep -q ': fine$' "$scratch/out"
release=secret virtopo validate -f set.yaml --set images.debian.format=x 2>"$scratch/err"
holds "vars go before the environment" sh -c '! grep -q secret "$1"' sh "$scratch/err"

# A secret of the environment is in the seed alone, and there for its owner only.
cat >secret.yaml <<'E'
cluster: lab
vars: { token: "${TOKEN_OF_NOBODY}" }
images: { a: { file: a.raw, format: raw } }
nodes:
  web: { image: a, ready: none, run: ["use ${token}"], files: [{ path: /t, content: "${token}" }] }
E
truncate -s 1M a.raw
TOKEN_OF_NOBODY=hush-hush virtopo -c test:///default plan -v -f secret.yaml >"$scratch/out" 2>&1
holds "a plan with a secret" grep -q '^Plan: ' "$scratch/out"
holds "a plan does not tell it" sh -c '! grep -q hush "$1"' sh "$scratch/out"
TOKEN_OF_NOBODY=hush-hush virtopo -q render -o secret -f secret.yaml 2>/dev/null
holds "the seed has it" grep -q hush-hush secret/nodes/web/user-data
holds "the domain's XML has it not" sh -c '! grep -q hush secret/nodes/web/domain.xml'
rm -rf secret secret.yaml set.yaml none.yaml list.yaml a.raw
