#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file domain/NAME.yaml is a whole small cluster; beside it are
#   NAME.xml   the domains that `render` makes of it, one after the other, each valid by libvirt's
#              schema; without the tag, which good/ has, and with /case for the file's folder
#   NAME.txt   what `render` warns of; where there is none, it says nothing
# A first line "# libvirt: 11.5" says that an older libvirt does not know such domains: its schema is not asked.
# The files that a case may name (disk.qcow2 …) are made by images.sh. UPDATE_GOLDEN=1 rewrites what
# differs, and still fails: read the difference before it is committed.
# usage: domain.sh VIRTOPO [RESULTS: a file for "PASSED FAILED"]
#        domain.sh --case NAME   (one of them, by domain.sh itself)
set -u

# The least that there must be: raise it with the cases, so that none gets lost.
CASES=140

golden=$(dirname "$(realpath "$0")")
schema=/usr/share/libvirt/schemas/domain.rng
export LC_ALL=C.UTF-8 NO_COLOR=1
unset LIBVIRT_DEFAULT_URI

# Sets `failed`, which `check` leaves as its exit code.
fail()
{
    echo "FAIL golden/domain/$name: $1"
    failed=1
}

# render FOLDER: by virtopo, the domains to FOLDER/xml, the warnings to FOLDER/txt.
render()
{
    (cd "$1" && make_images && timeout 20 "$VIRTOPO" -c test:///default -f cluster.yaml render -o out) \
        </dev/null 2>"$1/error" >/dev/null || fail "render: exit code $?"
    grep -v '^warning: the cluster.s SSH key is made by its first up' "$1/error" >"$1/txt"
    [ -d "$1/out/nodes" ] || return
    find "$1/out/nodes" -name domain.xml | sort >"$1/list"
    : >"$1/complaints"
    ! is_known "$1/cluster.yaml" ||
        xargs xmllint --nonet --noout --relaxng "$schema" <"$1/list" 2>&1 | grep -v ' validates$' >"$1/complaints"
    [ ! -s "$1/complaints" ] || fail "it is not valid by $schema"
    head -20 "$1/complaints"
    xargs cat <"$1/list" | sed "/<metadata>/,/<\/metadata>/d; s|$1|/case|g" >"$1/xml"
}

# is_known FILE: false when the case is of a libvirt newer than the one here.
is_known()
{
    needs=$(sed -n '1s/^# libvirt: //p' "$1")
    [ -z "$needs" ] || [ "$(printf '%s\n' "$needs" "$(virsh --version)" | sort -V | head -n 1)" = "$needs" ]
}

# compare WANTED ACTUAL
compare()
{
    diff -uN "$1" "$2" >"$2.diff" && return
    fail "$(basename "$1") differs"
    if [ "${UPDATE_GOLDEN:-0}" = 1 ]; then
        if [ -s "$2" ]; then cp "$2" "$1"; else rm -f "$1"; fi
        echo "     rewritten"
    else
        head -60 "$2.diff"
    fi
}

check()
{
    name=$1
    failed=0
    work=$SCRATCH/$name
    mkdir -p "$work"
    cp "$golden/domain/$name.yaml" "$work/cluster.yaml"
    render "$work"
    touch "$work/xml"
    compare "$golden/domain/$name.xml" "$work/xml"
    compare "$golden/domain/$name.txt" "$work/txt"
    grep -q '^<domain' "$work/xml" || fail "it has no domain"
    rm -rf "$work"
    return $failed
}

if [ "$1" = --case ]; then
    . "$golden/images.sh"
    check "$2" >"$SCRATCH/$2.log" || mv "$SCRATCH/$2.log" "$SCRATCH/$2.failed"
    exit 0
fi

VIRTOPO=$(realpath "$1") || exit 1
SCRATCH=$(realpath "$(mktemp -d)") || exit 1
trap 'rm -rf "$SCRATCH"' EXIT INT TERM
export VIRTOPO SCRATCH HOME="$SCRATCH/home" XDG_DATA_HOME="$SCRATCH/data" XDG_CACHE_HOME="$SCRATCH/cache"
cases=$(find "$golden/domain" -name '*.yaml' | wc -l)
failed=0
find "$golden/domain" -name '*.yaml' -printf '%f\n' | sed 's/\.yaml$//' |
    xargs -P "$(nproc)" -n 1 "$golden/domain.sh" --case || failed=1
done=$(find "$SCRATCH" -name '*.log' -o -name '*.failed' | wc -l)
bad=$(find "$SCRATCH" -name '*.failed' | wc -l)
find "$SCRATCH" -name '*.failed' | sort | xargs -r cat
name=all
[ "$done" -eq "$cases" ] || fail "only $done of $cases cases were run"
[ "$cases" -ge "$CASES" ] || fail "only $cases cases found"
for file in "$golden"/domain/*.xml "$golden"/domain/*.txt; do
    [ -e "${file%.*}.yaml" ] || [ ! -e "$file" ] || fail "$file belongs to no case"
done
[ "$failed" -eq 0 ] || bad=$((bad + 1))
echo "golden/domain: $cases cases, $bad failed"
[ $# -lt 2 ] || echo "$((cases + 1 - bad)) $bad" >"$2"
[ "$bad" -eq 0 ]
