#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --json: one object a line, each with version and type, the last one a result (or an error), with the keys
# that docs/json.md promises. Diagnostics stay on stderr.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
blank_image blank.raw
yaml <<'Y'
cluster: s
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: blank, memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes: { a: { disks: [{ name: data, size: 4M }] }, b: {} }
Y
# CODE ARGUMENTS...: each line is an object with version 1 and a type; TYPES in order, LAST the last one.
stream() {
    local code=$1
    shift
    VT_QUIET=1 exits "$code" "$@"
    look
}
look() {
    local lines
    lines=$(wc -l <"$SCRATCH/out")
    equal "every line is an object with version and type" \
        "$(jq -c 'select(.version == 1 and (.type | type) == "string") | 1' "$SCRATCH/out" | wc -l)" "$lines"
    TYPES=$(jq -r .type "$SCRATCH/out")
    LAST=$(tail -1 "$SCRATCH/out")
}
has() { # WHAT JSON FILTER (true)
    jq -e "$3" <<<"$2" >/dev/null || { indent <<<"$2"; fail "$1: not $3"; return 0; }
    pass "$1: $3"
}

step "plan"
stream 3 plan --json --exit-code
equal "objects" "$(xargs <<<"$TYPES")" plan
has summary "$LAST" '.summary == {add: 4, change: 0, replace: 0, remove: 0} or (.summary.add == 4 and .summary.remove == 0)'
has changes "$LAST" '[.changes[] | .action, .kind, .name, .host | type] | all(. == "string")'
has "a node's change" "$LAST" '.changes[] | select(.kind == "node" and .name == "a") | .action == "create" and (.summary | contains("data 4 MiB"))'

step "up: plan, events, result"
stream 0 up --json
equal "first and last" "$(head -1 <<<"$TYPES") $(tail -1 <<<"$TYPES")" "plan result"
equal "events" "$(sort -u <<<"$TYPES" | grep -vx 'progress\|say' | xargs)" "done plan result started"
events=$(jq -c 'select(.type == "started" or .type == "done")' "$SCRATCH/out")
equal "each step ends" "$(jq -r 'select(.type == "started") | .step' <<<"$events" | sort -n | xargs)" \
    "$(jq -r 'select(.type == "done") | .step' <<<"$events" | sort -n | xargs)"
equal "keys of an event" "$(jq -r 'select(.type == "done" and .kind == "disk" and .name == "a/data") | keys | join(" ")' <<<"$events")" \
    "host kind ms name part_of step step_ms steps type verb version"
equal "time does not go back" "$(jq -r .ms <<<"$events")" "$(jq -r .ms <<<"$events" | sort -n)"
has result "$LAST" '.steps == .done and .failed == 0 and .blocked == 0 and .cancelled == 0 and .failures == [] and .exit_code == 0 and .ms >= 0'
equal "nothing on stderr" "$ERR" ""

step "nothing to do"
stream 0 up --json
has result "$LAST" '.type == "result" and .steps == 0 and .exit_code == 0'
stream 0 plan --json --exit-code
has plan "$LAST" '.changes == []'

step "status, list"
stream 0 status --json
equal "objects" "$TYPES" result
has status "$LAST" '.cluster == "s" and (.nodes | map(.name)) == ["a", "b"] and (.networks | map(.name)) == ["lan"]'
has "a node" "$LAST" '.nodes[0] | .state == "running" and .host == "local" and .cpus == 1 and .memory_bytes == 33554432 and .image == "blank" and .in_file and (.waits_for_restart | not) and .ready_since == null'
has "its address" "$LAST" '.nodes[0].addresses[0] | .network == "lan" and (.ip | startswith("10.20.0.")) and (.mac | test("^[0-9a-f:]{17}$"))'
has "a network" "$LAST" '.networks[0] | .state == "running" and .subnet == "10.20.0.0/24" and (.bridge | length > 3)'
stream 0 list --json
has list "$LAST" '.clusters == [.clusters[0]] and (.clusters[0] | .cluster == "s" and .host == "local" and .nodes == 2 and .running == 2 and .networks == 1 and .owner == "root@a")'

step "changes: from, to, class"
sed -i 's/memory: 32M/memory: 40M/; s/size: 4M/size: 8M/' virtopo.yaml
stream 3 plan --json --exit-code
has "a restart" "$LAST" '[.changes[] | select(.name == "b") | .changes[] | select(.what == "memory")] | length == 1 and (.[0] | .from == "32 MiB" and .to == "40 MiB" and .class == "restart")'
has "live" "$LAST" '[.changes[].changes[] | select(.class == "live")] | length == 1'
stream 1 up --json
equal "without consent" "$(xargs <<<"$TYPES")" "plan error"
has "an error" "$LAST" '.error.kind == "consent" and (.error.message | length > 10) and (.error.hint | contains("--yes"))'
contains "and on stderr" "$ERR" "--yes"
# These guests do not hear that they shall shut down: somebody pulls the plug.
vt_start up --json --yes
wait_for 60 "a step says what it does" grep -q '"text":"shutting down"' "$SCRATCH/vt.out"
vir destroy s_a
vir destroy s_b
vt_wait
equal "exit code" "$RC" 0
cp "$SCRATCH/vt.out" "$SCRATCH/out"
look
has "an event's text" "$(jq -c 'select(.type == "say" and .kind == "node")' "$SCRATCH/out" | head -1)" '.kind == "node" and .verb == "update" and .text == "shutting down"'
has "a note, as nobody is in that guest" "$(jq -c 'select(.type == "note")' "$SCRATCH/out")" '.kind == "disk" and .name == "a/data" and (.text | contains("did not grow"))'
has "and in the result" "$LAST" '.notes | length == 1 and (.[0] | .kind == "disk" and .name == "a/data" and .host == "local")'
sed -i 's/, b: {} / /' virtopo.yaml
stream 0 status --json
has "a node that is not in the file" "$LAST" '.nodes[] | select(.name == "b") | .in_file == false'

step "errors: a bad file, a clash, a node that is none"
printf 'cluster: s\nnodes: { a: { memroy: 1G } }\n' >bad.yaml
stream 2 -f bad.yaml --json plan
has findings "$(head -1 "$SCRATCH/out")" '.findings[0] | .line == 2 and .severity == "error" and (.check | length > 2) and (.file | endswith("bad.yaml")) and .column > 0 and .end_column >= .column'
equal "last" "$(tail -1 <<<"$TYPES")" error
stream 2 --json up nosuch
has error "$LAST" '.error.kind == "usage"'
printf '<network><name>other</name><bridge name="virbr9"/><ip address="10.99.1.1" netmask="255.255.255.0"/></network>' | vir net-define /dev/stdin >/dev/null
sed 's/10.20.0/10.99.1/; s/cluster: s/cluster: t/' virtopo.yaml >clash.yaml
stream 1 -f clash.yaml --json up
matches "types" "$TYPES" '^error$'
has "a finding" "$(jq -c 'select(.findings) | .findings[0]' "$SCRATCH/out" | head -1)" '.check == "network-overlap"'
stream 1 --json -c qemu:///nonsense plan
has error "$LAST" '.type == "error" and (.error.message | length > 10)'

step "down"
stream 1 down --json
has "without consent" "$LAST" '.error.kind == "consent"'
stream 0 down --json --yes --prune
equal "last" "$(tail -1 <<<"$TYPES")" result
has result "$LAST" '.failed == 0 and .exit_code == 0'
stream 0 down --json --yes
has "nothing" "$LAST" '.type == "result" and .steps == 0'
stream 0 status --json
has "missing" "$LAST" '.nodes[0].state == "missing"'
stream 0 list --json
has "none" "$LAST" '.clusters == []'
