#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BINARY RESULT: what the command line answers, to the letter, without any host. Each
# case is `check CODE ARGUMENTS...`, with what is expected of stdout and stderr in the files
# `out` and `err` (empty where a case writes none). RESULT gets "PASSED FAILED".
set -u
binary=$(realpath "$1")
[ -x "$binary" ] || { echo "$1 is not a program" >&2; exit 1; }
cases=$(dirname "$(realpath "$0")")/cases
result=$(realpath -m "$2")
passed=0
failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
mkdir "$scratch/here" "$scratch/expected" "$scratch/bin"
ln -s "$binary" "$scratch/bin/virtopo"
PATH="$scratch/bin:$PATH"
export HOME="$scratch" LC_ALL=C.UTF-8 TERM=dumb
unset XDG_DATA_HOME XDG_CACHE_HOME LIBVIRT_DEFAULT_URI NO_COLOR
cd "$scratch/here" || exit 1
want=$scratch/expected
: >"$want/out"
: >"$want/err"

out() { cat >"$want/out"; }
err() { cat >"$want/err"; }

verdict() { # NAME OK
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $1"
    fi
}

# Runs virtopo and compares all three with what is expected.
check() {
    code=$1
    shift
    virtopo "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    got=$?
    bad=0
    [ "$got" = "$code" ] || { echo "      exit code $got, not $code"; bad=1; }
    diff -u "$want/out" "$scratch/out" || bad=1
    diff -u "$want/err" "$scratch/err" || bad=1
    verdict "virtopo $*" $bad
    : >"$want/out"
    : >"$want/err"
}

# A condition on what the last check left: holds NAME COMMAND...
holds() {
    name=$1
    shift
    "$@" >/dev/null 2>&1
    verdict "$name" $?
}

for file in "$cases"/*.sh; do
    # shellcheck source=/dev/null
    . "$file"
done

echo "check-cli: $passed passed, $failed failed"
echo "$passed $failed" >"$result"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
