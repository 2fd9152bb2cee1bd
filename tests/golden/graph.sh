#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file graph/NAME.yaml is a whole cluster; beside it is what `graph` draws of it: NAME.txt,
# NAME.svg, NAME.dot, NAME.mmd, NAME.json. A first line "# expand" draws it with --expand. A line
# "# live: NODE..." draws what there is where only those nodes were made (libvirt's test driver has
# them run), first with the file, then without it (NAME.nofile.txt); lines "# fault NODE: ELEMENT"
# say what is done to them on purpose, with ELEMENTs of the prefix f. Pictures must be XML, and
# Graphviz must take its language. UPDATE_GOLDEN=1 rewrites what differs, and still fails.
# usage: graph.sh VIRTOPO [RESULTS: a file for "PASSED FAILED"]
set -u

# The least that there must be: raise it with the cases, so that none gets lost.
CASES=9

virtopo=$(realpath "$1") || exit 1
golden=$(dirname "$(realpath "$0")")
. "$golden/images.sh"
scratch=$(realpath "$(mktemp -d)") || exit 1
trap 'rm -rf "$scratch"' EXIT INT TERM
export LC_ALL=C.UTF-8 NO_COLOR=1 HOME="$scratch/home"
export XDG_DATA_HOME="$scratch/data" XDG_CACHE_HOME="$scratch/cache"
unset LIBVIRT_DEFAULT_URI
cases=0
bad=0

# Sets `failed`.
fail()
{
    echo "FAIL golden/graph/$name: $1"
    failed=1
}

# run FILE ARGUMENTS...: its standard output to FILE; nothing may be said beside it.
run()
{
    to=$1
    shift
    timeout 20 "$virtopo" "$@" </dev/null >"$to" 2>error || fail "virtopo $*: exit code $?"
    [ ! -s error ] || { fail "virtopo $* says:"; cat error; }
}

# A libvirt that has the networks and those nodes of the file.
make_live()
{
    timeout 20 "$virtopo" -q -c test:///default -f cluster.yaml render -o made </dev/null >/dev/null 2>&1 ||
        fail "render: exit code $?"
    {
        echo '<node>'
        find "$PWD/made/networks" -name '*.xml' -printf '<network file="%p"/>\n' 2>/dev/null | sort
        for node in $1; do
            faults=$(sed -n "s/^# fault $node: //p" cluster.yaml | tr -d '\n')
            sed -i "s|</metadata>|<f:faults xmlns:f=\"https://virtopo.dev/xmlns/fault/1\">$faults</f:faults>&|" \
                "made/nodes/$node/domain.xml"
            echo "<domain file=\"$PWD/made/nodes/$node/domain.xml\"/>"
        done
        echo '</node>'
    } >live.xml
    set -- -c "test://$PWD/live.xml"
    cluster=$(sed -n 's/^cluster: //p' cluster.yaml)
    run nofile.txt "$@" graph --live --cluster "$cluster"
}

draw()
{
    set -- -f cluster.yaml -c test:///default graph
    ! grep -qx '# expand' cluster.yaml || set -- "$@" --expand
    live=$(sed -n 's/^# live: //p' cluster.yaml)
    if [ -n "$live" ]; then
        make_live "$live"
        set -- -f cluster.yaml -c "test://$PWD/live.xml" graph --live
    fi
    run txt "$@"
    run svg "$@" --format svg
    run dot "$@" --format dot
    run mmd "$@" --format mermaid
    run json "$@" --json
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
        head -40 "$2.diff"
    fi
}

check()
{
    work=$scratch/$name
    mkdir -p "$work"
    cp "$1" "$work/cluster.yaml"
    cd "$work" || exit 1
    make_images
    draw
    xmllint --nonet --noout svg || fail "the picture is not XML"
    dot -Tsvg -o drawn dot || fail "Graphviz does not take it"
    for kind in txt svg dot mmd json nofile.txt; do
        [ ! -e "$kind" ] || compare "${1%.yaml}.$kind" "$kind"
    done
}

for file in "$golden"/graph/*.yaml; do
    name=$(basename "$file" .yaml)
    failed=0
    check "$file"
    cases=$((cases + 1))
    bad=$((bad + failed))
done
name=all
failed=0
cmp -s "$golden/graph/twelve.svg" "$golden/../../docs/graph.svg" || fail "docs/graph.svg is not twelve.svg"
[ "$cases" -ge "$CASES" ] || fail "only $cases cases found"
bad=$((bad + failed))
echo "golden/graph: $cases cases, $bad failed"
[ $# -lt 2 ] || echo "$((cases + 1 - bad)) $bad" >"$2"
[ "$bad" -eq 0 ]
