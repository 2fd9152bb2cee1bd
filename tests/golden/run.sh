#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every folder in bad/ holds a cluster.yaml that must be refused with exit code 2 and exactly the
# text of its error.txt on standard error. UPDATE_GOLDEN=1 rewrites what differs, and still
# fails: read the difference before it is committed.
# usage: run.sh VIRTOPO [RESULTS: a file for "PASSED FAILED"]
set -u

virtopo=$(realpath "$1") || exit 1
golden=$(dirname "$(realpath "$0")")
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT INT TERM
export LC_ALL=C.UTF-8 NO_COLOR=1 HOME=/nonexistent
cases=0
bad=0
failed=0

fail()
{
    echo "FAIL golden/bad/$name: $1"
    failed=$((failed + 1))
}

check()
{
    (cd "$1" && timeout 20 "$virtopo" -f cluster.yaml validate) \
        </dev/null >"$scratch/output" 2>"$scratch/error"
    status=$?
    cases=$((cases + 1))
    [ "$status" -eq 2 ] || fail "exit code $status, expected 2"
    [ ! -s "$scratch/output" ] || fail "it wrote to standard output"
    cmp -s "$1/error.txt" "$scratch/error" && return
    fail "standard error differs"
    if [ "${UPDATE_GOLDEN:-0}" = 1 ]; then
        cp "$scratch/error" "$1/error.txt"
        echo "     rewritten"
    else
        diff -u "$1/error.txt" "$scratch/error" | head -40
    fi
}

for folder in "$golden"/bad/*/; do
    name=$(basename "$folder")
    before=$failed
    check "$folder"
    [ "$failed" -eq "$before" ] || bad=$((bad + 1))
done
if [ "$cases" -lt 90 ]; then
    echo "FAIL golden: only $cases cases found"
    bad=$((bad + 1))
fi
echo "golden: $cases cases, $bad failed"
[ $# -lt 2 ] || echo "$((cases - bad)) $bad" >"$2"
[ "$bad" -eq 0 ]
