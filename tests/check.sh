#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.sh RESULTS TARGET...: runs every make target, stops at nothing, adds up what they left in
# RESULTS (tests/tests.mk says how), ends with "N passed, N failed".
set -u
results=$1
shift
passed=0
failed=0
bad=
rm -rf "$results"
mkdir -p "$results"
for target; do
    echo "== $target"
    status=0
    ${MAKE:-make} --no-print-directory "$target" || status=$?
    ok=0
    not_ok=0
    if [ -s "$results/$target" ]; then
        while read -r p f; do
            ok=$((ok + p))
            not_ok=$((not_ok + f))
        done <"$results/$target"
    elif [ "$status" = 0 ]; then
        ok=1
    fi
    if [ "$status" != 0 ] && [ "$not_ok" = 0 ]; then
        not_ok=1
    fi
    [ "$not_ok" = 0 ] || bad="$bad $target"
    passed=$((passed + ok))
    failed=$((failed + not_ok))
done
[ -z "$bad" ] || echo "failed:$bad"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
