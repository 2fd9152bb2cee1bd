#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check-examples.sh BINARY RESULT: every example is valid, renders, and renders the same bytes twice.
# RESULT gets "PASSED FAILED".
set -u
binary=$(realpath "$1")
result=$(realpath -m "$2")
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
export HOME="$scratch" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CACHE_HOME
# A copy, with stand-ins for what users have themselves: images that they downloaded, a key.
mkdir -p "$scratch/tests" "$scratch/.ssh"
cp -R examples "$scratch/"
cp -R tests/guest "$scratch/tests/"
cd "$scratch" || exit 1
ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519 || exit 1
sed -n 's/.*{ file: \([^ ]*\) }.*/\1/p' examples/*.yaml | sort -u | while read -r image; do
    mkdir -p "$(dirname "examples/$image")"
    qemu-img create -q -f qcow2 "examples/$image" 2G || exit 1
done || exit 1
passed=0
failed=0

verdict() { # NAME OK
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $1"
        cat "$scratch/log"
    fi
}

for example in examples/*.yaml; do
    "$binary" -f "$example" validate >"$scratch/log" 2>&1
    verdict "$example: validate" $?
    name=$(basename "$example" .yaml)
    "$binary" -f "$example" render -o "$scratch/$name.1" >"$scratch/log" 2>&1 &&
        "$binary" -f "$example" render -o "$scratch/$name.2" >>"$scratch/log" 2>&1 &&
        [ -n "$(find "$scratch/$name.1" -name '*.xml')" ] &&
        diff -r "$scratch/$name.1" "$scratch/$name.2" >>"$scratch/log"
    verdict "$example: render, twice the same" $?
done
mkdir -p "$(dirname "$result")"
echo "$passed $failed" >"$result"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
