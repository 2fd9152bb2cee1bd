# SPDX-License-Identifier: Apache-2.0
# Output that does not arrive.

virtopo help >/dev/full 2>"$scratch/err"
code=$?
holds "a full disk is a failure" test $code = 1
holds "a full disk is named" grep -qx \
    'error: cannot write to standard output: No space left on device' "$scratch/err"

# A reader that goes away ends it quietly.
{
    sleep 0.3
    virtopo help 2>"$scratch/err"
    echo $? >"$scratch/code"
} | true
holds "a closed pipe is quiet" test ! -s "$scratch/err"
holds "a closed pipe is no success" grep -qx 141 "$scratch/code"
