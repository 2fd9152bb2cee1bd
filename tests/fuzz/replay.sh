#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh RESULT PROGRAM...: replays tests/fuzz/corpus/NAME/* with every replay_NAME; the sums go
# to the file RESULT as "PASSED FAILED".
set -u
result=$1
shift
passed=0
failed=0
export ASAN_OPTIONS="detect_leaks=1:${ASAN_OPTIONS:-}"
for program; do
    name=${program##*/replay_}
    if [ "${BUILT:-0}" != 0 ] && ! ${MAKE:-make} -q "$program" >/dev/null 2>&1; then
        echo "FAIL  fuzz/$name: did not build"
        failed=$((failed + 1))
        continue
    fi
    set -- tests/fuzz/corpus/"$name"/*
    if [ ! -f "$1" ]; then
        echo "FAIL  fuzz/$name: no corpus in tests/fuzz/corpus/$name"
        failed=$((failed + 1))
    elif timeout -k 5 120 "$program" "$@" >"$program.log" 2>&1; then
        echo "ok    fuzz/$name ($#)"
        passed=$((passed + $#))
    else
        # One process for each, so that the failure has a name; if there is none, the batch is it.
        before=$failed
        for input; do
            if timeout -k 5 30 "$program" "$input" >"$program.log" 2>&1; then
                passed=$((passed + 1))
            else
                echo "FAIL  fuzz/$name: $input"
                tail -n 30 "$program.log" | sed 's/^/      /'
                failed=$((failed + 1))
            fi
        done
        if [ "$failed" = "$before" ]; then
            echo "FAIL  fuzz/$name: only all inputs together fail"
            failed=$((failed + 1))
        fi
    fi
done
echo "$passed $failed" >"$result"
echo "$(basename "$result"): $passed passed, $failed failed"
[ "$failed" = 0 ]
