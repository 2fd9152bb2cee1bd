# SPDX-License-Identifier: Apache-2.0
# graph: what goes together, and where the picture goes.
cat >virtopo.yaml <<'EOC'
cluster: lab
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: { a: { disk: 1G, ready: none, networks: [lan] } }
EOC

out <<'EOC'
lab
  network lan: nat, 10.20.0.0/24
    a  10.20.0.2
  host local
    a  1 vCPU · 1 GiB
EOC
check 0 graph

err <<'EOC'
error: --format 'png' is none of auto, svg, dot, mermaid, text
EOC
check 2 graph --format png

out <<'EOC'
{"version":1,"type":"error","error":{"kind":"usage","message":"--json and --format do not go together","hint":null,"detail":null},"findings":[]}
EOC
err <<'EOC'
error: --json and --format do not go together
EOC
check 2 graph --json --format svg

out <<'EOC'
{"version":1,"type":"error","error":{"kind":"usage","message":"--json writes to standard output: leave out -o","hint":null,"detail":null},"findings":[]}
EOC
err <<'EOC'
error: --json writes to standard output: leave out -o
EOC
check 2 graph --json -o lab.json

err <<'EOC'
error: --cluster shows what runs: it needs --live
hint: without --live, the file is drawn, and no host is asked
EOC
check 2 graph --cluster lab

err <<'EOC'
error: 'Lab' cannot be the name of a cluster
hint: `virtopo list` shows the clusters that are there
EOC
check 2 graph --live --cluster Lab

err <<'EOC'
error: there is nothing of a cluster 'other' here
hint: `virtopo list` shows the clusters that are there
EOC
check 1 -c test:///default graph --live --cluster other

err <<'EOC'
error: graph takes no argument 'a'
hint: usage: virtopo graph
EOC
check 2 graph a

for end in svg:'<svg ' dot:'graph "lab" {' gv:'graph "lab" {' mmd:'flowchart LR' mermaid:'flowchart LR' txt:lab; do
    out <<EOC
lab.${end%%:*}: 1 node, 1 network
EOC
    check 0 graph -o "lab.${end%%:*}"
    holds "lab.${end%%:*} is what its name says" grep -qF "${end#*:}" "lab.${end%%:*}"
done

out <<'EOC'
graph "lab" {
EOC
virtopo graph --format dot -o lab.svg >/dev/null
holds "--format counts more than the name" grep -qxF 'graph "lab" {' lab.svg
: >"$want/out"

err <<'EOC'
error: cannot create a file beside 'nowhere/lab.svg': No such file or directory
EOC
check 1 graph -o nowhere/lab.svg
rm -f virtopo.yaml lab.*

err <<'EOC'
error: 'x.png': graph writes SVG, Graphviz, Mermaid or text
hint: write an SVG, and convert it: rsvg-convert x.svg -o x.png
EOC
check 2 graph -o x.png
