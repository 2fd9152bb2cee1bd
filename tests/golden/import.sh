#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `virtopo import --xml`, in two ways:
#   import/NAME.xml   a domain that somebody else made; import/NAME.yaml is the file that comes of it. It must be
#                     valid, and when it is rendered and imported again, nothing gets lost and nothing is added
#   domain/NAME.yaml  what `render` makes of it is imported: the file that comes of that must not miss anything
# UPDATE_GOLDEN=1 rewrites what differs, and still fails: read the difference before it is committed.
# usage: import.sh VIRTOPO [RESULTS: a file for "PASSED FAILED"]
#        import.sh --case KIND NAME   (one of them, by import.sh itself)
set -u

# The least that there must be: raise it with the cases, so that none gets lost.
CASES=25

golden=$(dirname "$(realpath "$0")")
export LC_ALL=C.UTF-8 NO_COLOR=1
unset LIBVIRT_DEFAULT_URI

# Sets `failed`, which `check` leaves as its exit code.
fail()
{
    echo "FAIL golden/import/$name: $1"
    failed=1
}

# What a comment says of a difference.
lost='# \(not in this file\|virtopo adds\|left out\|to be put right by hand\)'

# again FOLDER FILE: renders the file and imports what comes of it; the differences that are told of go to FOLDER/lost.
again()
{
    (cd "$1" && make_images && timeout 20 "$VIRTOPO" -c test:///default -f "$2" render -o out) </dev/null >"$1/log" 2>&1 ||
        { fail "render: exit code $?"; cat "$1/log"; }
    : >"$1/lost"
    [ -d "$1/out/nodes" ] || return
    find "$1/out/nodes" -name domain.xml | sort >"$1/list"
    while read -r xml; do
        sed -i '/<metadata>/,/<\/metadata>/d; s|/var/lib/virtopo|/srv/found|' "$xml"
    done <"$1/list"
    xargs timeout 20 "$VIRTOPO" import --xml <"$1/list" >"$1/again.yaml" 2>"$1/log" ||
        { fail "importing what was rendered: exit code $?"; cat "$1/log"; }
    grep "$lost" "$1/again.yaml" | sed "s|^ *# ||; s|$1|/case|g" >"$1/lost"
    [ ! -s "$1/lost" ] || { fail "what is rendered does not come back"; cat "$1/lost"; }
}

# compare WANTED ACTUAL
compare()
{
    diff -uN "$1" "$2" >"$2.diff" && return
    fail "$(basename "$1") differs"
    if [ "${UPDATE_GOLDEN:-0}" = 1 ]; then
        cp "$2" "$1"
        echo "     rewritten"
    else
        head -60 "$2.diff"
    fi
}

check()
{
    kind=$1
    name=$2
    failed=0
    work=$SCRATCH/$kind-$name
    mkdir -p "$work"
    if [ "$kind" = import ]; then
        timeout 20 "$VIRTOPO" import --xml "$golden/import/$name.xml" >"$work/import.yaml" 2>"$work/log" ||
            { fail "exit code $?"; cat "$work/log"; }
        compare "$golden/import/$name.yaml" "$work/import.yaml"
        timeout 20 "$VIRTOPO" -f "$work/import.yaml" validate >"$work/log" 2>&1 || { fail "it is not valid"; cat "$work/log"; }
        again "$work" import.yaml
    else
        cp "$golden/domain/$name.yaml" "$work/cluster.yaml"
        again "$work" cluster.yaml
        timeout 20 "$VIRTOPO" -f "$work/again.yaml" validate >"$work/log" 2>&1 || { fail "it is not valid"; cat "$work/log"; }
    fi
    rm -rf "$work"
    return $failed
}

if [ "$1" = --case ]; then
    . "$golden/images.sh"
    check "$2" "$3" >"$SCRATCH/$2-$3.log" || mv "$SCRATCH/$2-$3.log" "$SCRATCH/$2-$3.failed"
    exit 0
fi

VIRTOPO=$(realpath "$1") || exit 1
SCRATCH=$(realpath "$(mktemp -d)") || exit 1
trap 'rm -rf "$SCRATCH"' EXIT INT TERM
export VIRTOPO SCRATCH HOME="$SCRATCH/home" XDG_DATA_HOME="$SCRATCH/data" XDG_CACHE_HOME="$SCRATCH/cache"
failed=0
find "$golden/import" -name '*.xml' -printf 'import %f\n' >"$SCRATCH/cases"
foreign=$(wc -l <"$SCRATCH/cases")
find "$golden/domain" -name '*.yaml' -printf 'domain %f\n' >>"$SCRATCH/cases"
cases=$(wc -l <"$SCRATCH/cases")
sed 's/\.[a-z]*$//' "$SCRATCH/cases" | xargs -P "$(nproc)" -n 2 "$golden/import.sh" --case || failed=1
done=$(find "$SCRATCH" -name '*.log' -o -name '*.failed' | wc -l)
bad=$(find "$SCRATCH" -name '*.failed' | wc -l)
find "$SCRATCH" -name '*.failed' | sort | xargs -r cat
name=all
[ "$done" -eq "$cases" ] || fail "only $done of $cases cases were run"
[ "$foreign" -ge "$CASES" ] || fail "only $foreign cases found"
for file in "$golden"/import/*.yaml; do
    [ -e "${file%.*}.xml" ] || fail "$file belongs to no case"
done
[ "$failed" -eq 0 ] || bad=$((bad + 1))
echo "golden/import: $cases cases, $bad failed"
[ $# -lt 2 ] || echo "$((cases + 1 - bad)) $bad" >"$2"
[ "$bad" -eq 0 ]
