#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BINARY LOGS [TEST...]: runs every test_*.sh here, or those named (quickstart or
# test_quickstart.sh), JOBS at a time (default: 2, or 1 on a single core). One line each; of one
# that fails, the end of its log. Ends with "N passed, N failed". Those in slow/ only run by name.
#
# A test says how long it may take with a line "# minutes: N"; the longest start first.
set -u
here=$(cd "$(dirname "$0")" && pwd)
VIRTOPO=$(realpath "$1") && [ -x "$VIRTOPO" ] || { echo "run.sh: $1 is not a program" >&2; exit 1; }
mkdir -p "$2" && logs=$(realpath "$2") || exit 1
shift 2
if [ -z "${E2E_REAPER:-}" ]; then
    ${CC:-gcc} -std=gnu17 -O1 -o "$logs/reaper" "$here/reaper.c" || exit 1
    E2E_REAPER=1 exec "$logs/reaper" bash "$0" "$VIRTOPO" "$logs" "$@"
fi
jobs=${JOBS:-$(($(nproc) > 1 ? 2 : 1))}
scratch=$(mktemp -d /tmp/virtopo-e2e.XXXXXXXX) || exit 1
chmod 711 "$scratch"
export VIRTOPO
running=()

# Whatever a test left behind, also one that was killed: a failure of that test.
clean_up() {
    local name=$1 folder=$scratch/$1 left=0
    if [ -d "$folder/hosts/hosts" ] && [ -n "$(ls -A "$folder/hosts/hosts")" ]; then
        echo "run.sh: hosts were left behind: $(ls "$folder/hosts/hosts")"
        VIRTOPO_TEST_DIR=$folder/hosts "$here/../host/host.sh" down --all
        left=1
    fi
    rm -rf --one-file-system "$folder" || left=1
    return $left
}

stop() {
    trap '' INT TERM HUP
    for pid in "${running[@]:-}"; do [ -z "$pid" ] || kill "$pid" 2>/dev/null; done
    wait
    for folder in "$scratch"/*/; do [ ! -d "$folder" ] || clean_up "$(basename "$folder")"; done
    rm -rf --one-file-system "$scratch"
    exit 130
}
trap stop INT TERM HUP

run_one() {
    local name=$1 minutes=$2 start=$SECONDS status=0 checks log
    log=$logs/$name.log
    mkdir -m 711 "$scratch/$name"
    timeout -k 60 "${minutes}m" env E2E_SCRATCH="$scratch/$name" bash "$(file_of "$name")" \
        >"$log" 2>&1 </dev/null 9>&- &
    running_test=$!
    trap 'kill $running_test 2>/dev/null; wait $running_test; exit 1' TERM
    wait $running_test || status=$?
    [ $status != 124 ] || echo "run.sh: cut off after $minutes minutes" >>"$log"
    clean_up "$name" >>"$log" 2>&1 || [ $status != 0 ] || status=1
    checks=$(grep -c '^  ok ' "$log")
    if [ $status = 0 ] && [ "$checks" = 0 ]; then
        echo "run.sh: the test checked nothing" >>"$log"
        status=1
    fi
    {
        flock 9
        if [ $status = 0 ]; then
            printf 'ok    %-14s %4d s  %3d checks\n' "$name" $((SECONDS - start)) "$checks"
            echo "$name" >>"$scratch/passed"
        else
            printf 'FAIL  %-14s %4d s  exit code %d; the end of %s:\n' "$name" $((SECONDS - start)) $status "$log"
            tail -n 60 "$log" | sed 's/^/      /'
            echo "$name" >>"$scratch/failed"
        fi
    } 9>"$scratch/lock"
    return $status
}

file_of() { if [ -f "$here/slow/test_$1.sh" ]; then echo "$here/slow/test_$1.sh"; else echo "$here/test_$1.sh"; fi; }
minutes_of() { sed -n 's/^# minutes: *\([0-9][0-9]*\)$/\1/p' "$(file_of "$1")" | head -1; }

list() {
    local test name minutes
    if [ $# = 0 ]; then set -- "$here"/test_*.sh; fi
    for test; do
        name=$(basename "$test" .sh)
        name=${name#test_}
        minutes=$([ ! -f "$(file_of "$name")" ] || minutes_of "$name")
        printf '%s %s\n' "${minutes:-5}" "$name"
    done | sort -k1,1nr -k2
}

# Built once, before tests that are bounded in time want it. Without it those fail.
E2E_GUEST=$("$here/../guest/build.sh") || echo "run.sh: the tiny guest cannot be built (see above)" >&2
export E2E_GUEST
: >"$scratch/passed"
: >"$scratch/failed"
start=$SECONDS
while read -r minutes name; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    run_one "$name" "$minutes" &
    running+=($!)
done < <(list "$@")
wait
passed=$(wc -l <"$scratch/passed")
failed=$(wc -l <"$scratch/failed")
[ "$failed" = 0 ] || echo "failed: $(sort "$scratch/failed" | tr '\n' ' ')"
rm -rf --one-file-system "$scratch"
printf '%d s\n%d passed, %d failed\n' $((SECONDS - start)) "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
