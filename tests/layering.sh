#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layering.sh ROOT: every include of our own goes to the same room or one to its right:
#   cmd -> provision -> network -> host -> { templates -> config, engine } -> util
# Prints FILE:LINE for each that does not, and fails. --self-test proves that it would.
set -u

right_of() {
    case $1 in
    util) echo util ;;
    config) echo config util ;;
    templates) echo templates config util ;;
    engine) echo engine util ;;
    host) echo host templates config engine util ;;
    network) echo network host templates config engine util ;;
    provision) echo provision network host templates config engine util ;;
    cmd) echo cmd provision network host templates config engine util ;;
    esac
}

rooms="util config templates engine host network provision cmd"

check_include() { # room, file:line, delimiter, included path
    target=${4%%/*}
    case " $rooms " in
    *" $target "*) ;;
    *) # A system header; or, between quotes, a path that does not start at the root.
        [ "$3" = '"' ] || return 0
        case $2:$4 in
        */tests/unit/*:*/*) ;;
        */tests/unit/*) return 0 ;; # a helper beside its tests
        esac
        echo "$2: \"$4\" does not name a room: write \"ROOM/FILE.h\""
        return 1
        ;;
    esac
    case " $(right_of "$1") " in
    *" $target "*) return 0 ;;
    esac
    echo "$2: $1 must not include \"$4\": $target is not to its right"
    return 1
}

check_folder() { # room, folder
    [ -d "$2" ] || return 0
    find "$2" -name '*.[ch]' | sort | xargs -r grep -nHE '^[[:space:]]*#[[:space:]]*include' |
        sed -nE 's/^([^:]*:[0-9]+):[^<"]*([<"])([^>"]*)[>"].*/\1 \2 \3/p' | {
        bad=0
        while read -r where delimiter path; do
            check_include "$1" "$where" "$delimiter" "$path" || bad=1
        done
        return $bad
    }
}

check_tree() { # root
    status=0
    for room in $rooms; do
        check_folder "$room" "$1/$room" || status=1
        check_folder "$room" "$1/tests/unit/$room" || status=1
    done
    return $status
}

expect() { # what, expected exit code and output
    actual=$(check_tree "$tree" 2>&1)
    actual="$? $actual"
    if [ "$actual" != "$2" ]; then
        printf 'layering self test: %s\nexpected: %s\ngot:      %s\n' "$1" "$2" "$actual" >&2
        exit 1
    fi
}

self_test() {
    tree=$(mktemp -d) || exit 1
    trap 'rm -rf "$tree"' EXIT
    mkdir -p "$tree/engine" "$tree/config" "$tree/host/wing" "$tree/tests/unit/util"
    printf '#include <stdio.h>\n#include "util/error.h"\n' >"$tree/engine/plan.c"
    printf '#include "config/model.h"\n#include "engine/plan.h"\n' >"$tree/host/wing/a.h"
    expect "a good tree passes" "0 "
    printf '\n#  include "config/model.h"\n' >>"$tree/engine/plan.c"
    expect "engine does not know config" \
        "1 $tree/engine/plan.c:4: engine must not include \"config/model.h\": config is not to its right"
    rm "$tree/engine/plan.c"
    echo '#include <host/connection.h>' >"$tree/config/load.c"
    expect "nor does an include in angle brackets go left" \
        "1 $tree/config/load.c:1: config must not include \"host/connection.h\": host is not to its right"
    rm "$tree/config/load.c"
    echo '#include "b.h"' >"$tree/host/wing/b.c"
    expect "paths start at the root" \
        "1 $tree/host/wing/b.c:1: \"b.h\" does not name a room: write \"ROOM/FILE.h\""
    rm "$tree/host/wing/b.c"
    echo '#include "helper.h"' >"$tree/tests/unit/util/test_x.c"
    expect "a unit test may have a helper beside it" "0 "
    echo '#include "cmd/main.h"' >"$tree/tests/unit/util/test_x.c"
    expect "a unit test stays in its room" \
        "1 $tree/tests/unit/util/test_x.c:1: util must not include \"cmd/main.h\": cmd is not to its right"
}

case ${1:-.} in
--self-test) self_test ;;
*) check_tree "$1" >&2 ;;
esac
