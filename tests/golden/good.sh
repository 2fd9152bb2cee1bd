#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every folder in good/ holds a cluster.yaml with what virtopo makes of it:
#   plan.txt   all that `plan -v` says where nothing is there yet (libvirt's test driver)
#   render/    the files of `render`; of a seed's ISO image only the digest
# Image files are made here, the same everywhere: see images.sh. What is rendered must also be
# XML as libvirt's schemas have it, taken by libvirt, and YAML that libyaml reads. All keys and
# words of the schema tables must occur in some case, here or in domain/. UPDATE_GOLDEN=1 rewrites what differs, and still fails.
# usage: good.sh VIRTOPO YAML_CHECK [RESULTS: a file for "PASSED FAILED"]
set -u

virtopo=$(realpath "$1") || exit 1
yaml_check=$(realpath "$2") || exit 1
golden=$(dirname "$(realpath "$0")")/good
. "$golden/../images.sh"
scratch=$(realpath "$(mktemp -d)") || exit 1
trap 'rm -rf "$scratch"' EXIT INT TERM
schemas=/usr/share/libvirt/schemas
export LC_ALL=C.UTF-8 NO_COLOR=1 HOME="$scratch/home" VIRSH_HISTSIZE=0
export XDG_DATA_HOME="$scratch/data" XDG_CACHE_HOME="$scratch/cache"
unset LIBVIRT_DEFAULT_URI
cases=0
bad=0
failed=0
name=

fail()
{
    echo "FAIL golden/good/$name: $1"
    failed=$((failed + 1))
}

# run ARGS...: in the case's copy; its standard output, without the scratch folder's name.
run()
{
    (cd "$work" && timeout 20 "$virtopo" -c test:///default -f cluster.yaml "$@") \
        </dev/null 2>"$scratch/error" | sed "s|$work|/case|g"
    grep -v '^warning: the cluster.s SSH key is made by its first up' "$scratch/error" >&2
}

# Two runs, so that the same bytes come out whatever is in the cache.
make_actual()
{
    work=$scratch/case
    rm -rf "$work" "$actual"
    mkdir -p "$actual"
    cp -r "$1" "$work"
    rm -rf "$work/render" "$work/plan.txt"
    (cd "$work" && make_images && chmod -f go= id_* || :)
    run plan -v >"$actual/plan.txt"
    run -q render -o "$scratch/again"
    run -q render -o "$actual/render"
    diff -r "$scratch/again" "$actual/render" >&2
    rm -rf "$scratch/again"
}

# Virsh takes files whose names say what they are, in the order in which they build on each other.
check_libvirt()
{
    pool=$(sed -n 's|.*<name>\(virtopo_.*\)</name>|\1|p' "$1/pools/volumes.xml")
    {
        find "$1/networks" -name '*.xml' -printf 'net-define --validate %p\n' 2>/dev/null
        find "$1/pools" -name '*.xml' -printf 'pool-define --validate %p\n'
        echo "pool-start $pool"
        find "$1/nodes" -name '*.xml' ! -name domain.xml -printf "vol-create $pool %p\n"
        find "$1/nodes" -name domain.xml -printf 'define --validate %p\n'
    } >"$scratch/virsh"
    virsh -q -c test:///default <"$scratch/virsh" >/dev/null 2>"$scratch/error"
    ! grep '^error' "$scratch/error" >&2
}

check_yaml()
{
    find "$1/nodes" -name user-data -o -name meta-data -o -name network-config |
        xargs "$yaml_check" >&2
}

# schema NAME FOLDER FIND...: the files there, as find's arguments choose them.
schema()
{
    rng=$schemas/$1.rng
    folder=$2
    shift 2
    [ -d "$folder" ] || return 0
    find "$folder" -name '*.xml' "$@" -exec xmllint --nonet --noout --relaxng "$rng" {} + 2>&1 |
        grep -v ' validates$' >&2
}

# commands.sh does by hand what `up` does; here it is only read.
check_files()
{
    sh -n "$1/commands.sh" >&2
    schema network "$1/networks"
    schema storagepool "$1/pools"
    schema storagevol "$1/nodes" ! -name domain.xml
    schema domain "$1/nodes" -name domain.xml
    check_libvirt "$1"
    check_yaml "$1"
}

digest_seeds()
{
    find "$1" -name seed.iso | while read -r iso; do
        sha256sum "$iso" | cut -d ' ' -f 1 >"$iso.sha256"
        rm "$iso"
    done
    sed -i "s|$work|/case|g" "$1/commands.sh"
}

compare()
{
    diff -ruN "$1/plan.txt" "$actual/plan.txt" >"$scratch/diff"
    diff -ruN "$1/render" "$actual/render" >>"$scratch/diff"
    [ -s "$scratch/diff" ] || return
    fail "what virtopo makes of it differs"
    if [ "${UPDATE_GOLDEN:-0}" = 1 ]; then
        rm -rf "$1/render" "$1/plan.txt"
        cp -r "$actual/render" "$actual/plan.txt" "$1"
        chmod -R u=rwX,go=rX "$1/render"
        echo "     rewritten"
    else
        head -60 "$scratch/diff"
    fi
}

check()
{
    actual=$scratch/actual
    make_actual "$1" 2>"$scratch/complaints"
    check_files "$actual/render" 2>>"$scratch/complaints"
    if [ -s "$scratch/complaints" ]; then
        fail "it does not go without complaints"
        head -40 "$scratch/complaints"
    fi
    digest_seeds "$actual/render"
    compare "${1%/}"
}

# Keys of the tables, and the words that a key can have, in the cases here and of ../domain. (`name`
# is mostly what stands before the colon itself.)
check_coverage()
{
    tables=$(find "$golden/../../../config" -name '*_schema.c')
    [ -n "$tables" ] || fail "the schema tables are not where they were"
    keys=$("$virtopo" schema | jq -r '.. | objects | .properties? // empty | keys[]' | grep -vx name | sort -u)
    words=$(awk '/^(static )?const char \*const/ && !/_notes\[\]/ { f = 1 } f { print } /;/ { f = 0 }' $tables |
        grep -o '"[^"]*"' | tr -d '"' | sort -u)
    set -- "$golden"/*/cluster.yaml "$golden"/../domain/*.yaml
    for key in $keys; do
        grep -qE "(^|[ {])$key:" "$@" || fail "no case has the key '$key'"
    done
    for word in $words; do
        grep -qE "(: |\[|, |- )\"?$word\b" "$@" || fail "no case has the word '$word'"
    done
    [ "$(echo "$keys $words" | wc -w)" -gt 60 ] || fail "the schema tables could not be read"
}

for folder in "$golden"/*/; do
    name=$(basename "$folder")
    before=$failed
    cases=$((cases + 1))
    check "$folder"
    [ "$failed" -eq "$before" ] || bad=$((bad + 1))
done
name=all
before=$failed
cases=$((cases + 1))
check_coverage
[ "$cases" -ge 18 ] || fail "only $cases cases found"
[ "$failed" -eq "$before" ] || bad=$((bad + 1))
echo "golden/good: $cases cases, $bad failed"
[ $# -lt 3 ] || echo "$((cases - bad)) $bad" >"$3"
[ "$bad" -eq 0 ]
