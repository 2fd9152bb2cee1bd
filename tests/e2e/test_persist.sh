#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files for the host's network manager: written beside a bridge of ours, exactly those removed; one that somebody
# edited, or that is not ours, stays and is told of.
# minutes: 3
. "$(dirname "$0")/lib.sh"

host_up a
# The test host's own folders stand in for the machine's.
on mount -t tmpfs none /etc/systemd
on mkdir /etc/systemd/network
folder=/etc/systemd/network
files() { on sh -c "cd $folder && for f in *; do [ ! -f \"\$f\" ] || { stat -c '%n %a' \"\$f\"; cat \"\$f\"; }; done"; }
file() { # KEYS
    yaml <<Y
cluster: lab
networks: { prod: { mode: bridge, bridge: br-prod, address: 10.50.0.1/24, $1 } }
Y
}

step "up: the bridge, and the files for it"
on sh -c "printf '[Match]\nName=eth0\n' >$folder/10-eth0.network"
before=$(files)
links=$(on ip -br link | awk '{print $1}' | sort)
file 'persist: systemd-networkd'
vt plan
matches plan "$OUT" '^\+ +persist +prod +systemd-networkd'
ok up
matches "the address" "$(files)" '^Address=10\.50\.0\.1/24$'
contains "who made it" "$(files)" "# Made by virtopo for bridge br-prod: cluster lab, network prod"
equal "the files" "$(on ls $folder | xargs)" "05-virtopo-lab-prod.link 05-virtopo-lab-prod.netdev 05-virtopo-lab-prod.network 10-eth0.network"
plans

step "another address: other files"
sed -i 's/10\.50\.0\.1/10.50.0.2/' virtopo.yaml
ok up --yes
matches "the address" "$(files)" '^Address=10\.50\.0\.2/24$'
plans

step "one that is gone comes back; one that was edited stays"
on rm $folder/05-virtopo-lab-prod.network
plans '^~ +persist +prod +files'
ok up
plans
on sh -c "echo '# mine' >>$folder/05-virtopo-lab-prod.network"
plans '^~ +persist +prod +files +edited -> as the bridge is +live, changed outside of virtopo'
exits 1 up
contains "told" "$ERR" "$folder/05-virtopo-lab-prod.network was edited by somebody: it stays"
contains "it stays" "$(files)" "# mine"
on rm $folder/05-virtopo-lab-prod.network
ok up
plans

step "what is not ours is not written over"
on sh -c "rm $folder/05-virtopo-lab-prod.network; echo foreign >$folder/05-virtopo-lab-prod.network"
exits 1 up
contains "told" "$ERR" "$folder/05-virtopo-lab-prod.network is there and is not virtopo's"
equal "it is as it was" "$(on cat $folder/05-virtopo-lab-prod.network)" foreign
on rm $folder/05-virtopo-lab-prod.network
ok up

step "not any more: exactly these go, and with down everything"
sed -i 's/, persist: systemd-networkd//' virtopo.yaml
plans '^- +persist +prod'
ok up --yes
equal "the host's own" "$(files)" "$before"
plans
file 'persist: systemd-networkd'
ok up
ok down --yes
equal "the host's own" "$(files)" "$before"
equal "its devices" "$(on ip -br link | awk '{print $1}' | sort)" "$links"
