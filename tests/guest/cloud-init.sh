#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The part of cloud-init's command line that others ask a guest for.
done_file=/run/cloud-init/result.json
case "$*" in
"status --wait")
    until [ -e $done_file ]; do
        usleep 200000
        printf .
    done
    echo
    echo "status: done"
    ;;
status) if [ -e $done_file ]; then echo "status: done"; else echo "status: running"; fi ;;
"clean --logs") rm -rf /var/lib/virtopo-guest/instance /var/lib/virtopo-guest/seed /run/cloud-init ;;
*)
    echo "cloud-init: only 'status [--wait]' and 'clean --logs' are known here" >&2
    exit 1
    ;;
esac
