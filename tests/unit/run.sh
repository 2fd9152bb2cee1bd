#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh RESULT PREFIX PROGRAM...: runs cmocka programs in a scratch folder that is also their
# HOME and TMPDIR (BUILT: make's exit code for them); prints a line for each, the log of what failed, and the sums, which also go
# to the file RESULT as "PASSED FAILED".
set -u
result=$1
prefix=$2
shift 2
seconds=${UNIT_SECONDS:-120}
passed=0
failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
export TMPDIR="$scratch" HOME="$scratch" LC_ALL=C.UTF-8 TZ=UTC CMOCKA_MESSAGE_OUTPUT=STDOUT
export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
unset XDG_DATA_HOME XDG_CACHE_HOME NO_COLOR

for program; do
    name=${program#"$prefix"/}
    log=$program.log
    # An old program whose new source does not compile must not pass for the new one.
    if [ "${BUILT:-0}" != 0 ] && ! ${MAKE:-make} -q "$program" >/dev/null 2>&1; then
        echo "FAIL  $name: did not build"
        failed=$((failed + 1))
        continue
    fi
    status=0
    timeout -k 5 "$seconds" "$program" >"$log" 2>&1 </dev/null || status=$?
    ran=$(sed -n 's/.*\] .*Running \([0-9]*\) test(s).*/\1/p' "$log" | paste -sd+ | sed 's/^$/0/')
    ran=$(($ran))
    ok=$(grep -c '^\[       OK \]' "$log")
    skipped=$(grep -c '^\[  SKIPPED \] [^0-9]' "$log")
    bad=$((ran - ok - skipped))
    if [ "$bad" -le 0 ] && { [ "$status" != 0 ] || [ "$ran" = 0 ]; }; then
        bad=1
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    if [ "$bad" = 0 ]; then
        echo "ok    $name ($ok)"
    else
        echo "FAIL  $name: $bad of $ran, exit code $status"
        grep -v -e '^\[ RUN' -e '^\[       OK' "$log" | tail -n 60 | sed 's/^/      /'
    fi
done
if [ $# = 0 ]; then
    echo "no test programs in $prefix" >&2
    failed=1
fi
echo "$passed $failed" >"$result"
echo "$(basename "$result"): $passed passed, $failed failed"
[ "$failed" = 0 ]
