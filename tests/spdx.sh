#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source file names its licence within its first three lines; the cases in tests/golden
# are data.
set -u
bad=0
cd "$(dirname "$0")/.." || exit 1
for file in $(tests/tracked.sh .c .h .sh .mk .py Makefile); do
    case $file in
    tests/golden/*/*) continue ;;
    esac
    if ! head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0'; then
        echo "$file:1: no SPDX-License-Identifier within the first 3 lines" >&2
        bad=1
    fi
done
exit $bad
