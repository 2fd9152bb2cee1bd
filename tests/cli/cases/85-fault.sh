# SPDX-License-Identifier: Apache-2.0
# fault: what is refused before anything is touched. A libvirt that has one node that runs, and
# one that does not exist.
cat >virtopo.yaml <<'EOC'
cluster: lab
networks: { lan: { subnet: 10.20.0.0/24 }, san: { mode: isolated, subnet: 10.30.0.0/24 } }
defaults: { disk: 1G, ready: none }
nodes: { db: { networks: [lan] }, web: { count: 2, networks: [lan, san] }, lone: {} }
EOC
virtopo -q render -o made 2>/dev/null
{
    echo '<node>'
    find "$PWD/made/networks" -name '*.xml' -printf '<network file="%p"/>\n'
    find "$PWD/made/nodes" -name domain.xml -printf '<domain file="%p"/>\n'
    echo '</node>'
} >live.xml
live="test://$PWD/live.xml"

err <<'EOC'
error: 'fault' needs another word: link-down, netem, partition, kill, heal, list
hint: virtopo help lists what they do
EOC
check 2 fault

err <<'EOC'
error: there is no command 'fault netdown'
hint: did you mean fault link-down?
EOC
check 2 fault netdown

err <<'EOC'
error: fault link-down needs NODE NETWORK
hint: virtopo help fault link-down says more
EOC
check 2 fault link-down web-1

err <<'EOC'
error: fault netem needs one of --delay, --loss and --rate
hint: `virtopo fault heal` ends it
EOC
check 2 fault netem web-1 lan

err <<'EOC'
error: --delay: '50' has no unit: expected a number and ms, s, m or h
hint: write 50s
EOC
check 2 fault netem web-1 lan --delay 50

err <<'EOC'
error: --delay is longer than 10 minutes
EOC
check 2 fault netem web-1 lan --delay 1h

err <<'EOC'
error: --jitter is longer than --delay
hint: packets cannot arrive before they were sent
EOC
check 2 fault netem web-1 lan --delay 5ms --jitter 10ms

for loss in 5 0% 101% x% 5.% .5% 1.00001% %; do
    err <<EOC
error: --loss '$loss' is not a part of all packets
hint: from 0.0001% to 100%, as in --loss 5%
EOC
    check 2 fault netem web-1 lan --loss "$loss"
done

err <<'EOC'
error: --rate: '100' has no unit: expected a number and B, K, M, G or T
hint: write 100M
EOC
check 2 fault netem web-1 lan --rate 100

err <<'EOC'
error: --rate 10B is less than 1000 bytes a second
hint: `virtopo fault link-down` lets nothing through
EOC
check 2 fault netem web-1 lan --rate 10B

err <<'EOC'
error: --direction 'up' is none of both, in, out
EOC
check 2 fault netem web-1 lan --loss 5% --direction up

err <<'EOC'
error: cluster 'lab' has no node 'web-3' on its hosts
hint: did you mean web-1?
EOC
check 2 -c "$live" fault kill web-3

err <<'EOC'
error: cluster 'lab' has no node 'xyz' on its hosts
hint: `virtopo status` shows the nodes
EOC
check 2 -c "$live" fault heal xyz

err <<'EOC'
error: node 'web-1' has no NIC on a network 'wan'
hint: it is on lan, san
EOC
check 2 -c "$live" fault link-down web-1 wan

err <<'EOC'
error: node 'lone' has no NIC on a network 'lan'
hint: it is on no network
EOC
check 2 -c "$live" fault netem lone lan --loss 5%

err <<'EOC'
error: a partition needs two sides, with a / between them
hint: for example: virtopo fault partition a,b / c
EOC
check 2 -c "$live" fault partition web-1,web-2

err <<'EOC'
error: a side of the partition has no nodes
hint: for example: virtopo fault partition a,b / c
EOC
check 2 -c "$live" fault partition web /

err <<'EOC'
error: node 'web-1' is on two sides of the partition
EOC
check 2 -c "$live" fault partition web / db,web-1

err <<'EOC'
error: cluster 'lab' has no node 'wed' on its hosts
hint: did you mean web?
EOC
check 2 -c "$live" fault partition wed / db

err <<'EOC'
error: --set changes the file, and --cluster goes without it
hint: leave one of them out
EOC
check 2 -c "$live" --set a=b fault list --cluster lab

out <<'EOC'
No faults in cluster lab.
EOC
check 0 -c "$live" fault list

out <<'EOC'
{"version":1,"type":"result","cluster":"lab","faults":[]}
EOC
check 0 -c "$live" --json fault list --cluster lab

out <<'EOC'
NODE  FAULT   SINCE
db    killed  SINCE
EOC
virtopo -c "$live" fault kill db >"$scratch/out" 2>"$scratch/err"
sed -i 's/2[0-9-]*T[0-9:]*Z/SINCE/' "$scratch/out"
holds "a node is killed" cmp "$want/out" "$scratch/out"
: >"$want/out"
rm -rf virtopo.yaml live.xml made
