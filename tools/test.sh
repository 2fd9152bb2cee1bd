#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# test.sh TARGET...: runs each of these make targets, stops at nothing, and ends with the sum
# of their "N passed, N failed" alone on the last line. A target that fails without such a line
# counts as one failed test.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for target; do
    echo "== make $target"
    ${MAKE:-make} --no-print-directory "$target" 2>&1 </dev/null | tee "$log" |
        sed -u -E "s/^([0-9]+ passed, [0-9]+ failed)\$/$target: \1/"
    status=${PIPESTATUS[0]}
    sums=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -1)
    read -r good _ bad _ <<<"${sums:-0 passed, 0 failed}"
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    if [ -z "$sums" ] && [ "$bad" = 0 ]; then
        echo "make $target: ran no test" >&2
        bad=1
    fi
    passed=$((passed + good)) failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
