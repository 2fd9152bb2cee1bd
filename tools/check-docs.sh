#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# check-docs.sh BINARY RESULT: docs/reference.md is what the program says of itself; links between
# documents lead somewhere; the clusters shown in them are valid. RESULT gets "PASSED FAILED".
set -u
binary=$(realpath "$1")
result=$(realpath -m "$2")
cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
mkdir "$scratch/secrets" && echo hidden >"$scratch/secrets/spice" # what a cluster there names
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

"$binary" help --reference 2>&1 | diff -u docs/reference.md - >"$scratch/log"
verdict "docs/reference.md (write it anew: make docs)" $?

# Targets of [text](target) and src="target", without those of the web and of the page itself.
links() {
    sed 's/`[^`]*`//g' "$1" | grep -oE '\]\([^)#: ]+[^): ]*\)|src="[^":]+"' |
        sed -E 's/^\]\(//; s/\)$//; s/^src="//; s/"$//; s/#.*//'
}

# Each ```yaml block that names a cluster goes into a file of its own.
clusters() {
    awk -v to="$2" '/^```yaml$/ { block++; inside = 1; next }
        /^```/ { inside = 0 }
        inside { print > (to "." block) }' "$1"
    grep -l '^cluster:' "$2".* 2>/dev/null
}

for document in *.md docs/*.md docs/*/*.md; do
    : >"$scratch/log"
    for link in $(links "$document"); do
        [ -e "$(dirname "$document")/$link" ] || echo "no such file: $link" >>"$scratch/log"
    done
    [ ! -s "$scratch/log" ]
    verdict "$document: links" $?
    for cluster in $(clusters "$document" "$scratch/${document//\//-}"); do
        "$binary" -f "$cluster" validate >"$scratch/log" 2>&1
        verdict "$document: cluster ${cluster##*.}" $?
    done
done
mkdir -p "$(dirname "$result")"
echo "$passed $failed" >"$result"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
