#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tracked.sh ENDING...: the source files whose names end so, one a line: what git tracks, or in an
# unpacked archive what is there.
set -u
cd "$(dirname "$0")/.." || exit 1
files=$(git ls-files 2>/dev/null)
[ -n "$files" ] || files=$(find . -type f ! -path './build/*' ! -path './.git/*' | sed 's|^\./||')
[ -n "$files" ] || exit 1
echo "$files" | while IFS= read -r file; do
    for ending; do
        case $file in
        *"$ending") [ ! -f "$file" ] || echo "$file" ;;
        esac
    done
done
