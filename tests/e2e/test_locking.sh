#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two runs on one cluster: one wins, the others say who holds it. A dead holder's lock is taken over.
# minutes: 4
. "$(dirname "$0")/lib.sh"

host_up a
blank_image blank.raw
file() { # CLUSTER THIRD-OCTET
    yaml "$1.yaml" <<Y
cluster: $1
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.$2.0/24 } }
defaults: { image: blank, memory: 32M, virt: qemu, ready: none, networks: [lan] }
nodes: { a: {}, b: {} }
Y
}
file s 1
file t 2
ln -s s.yaml virtopo.yaml
shim >/dev/null
# Starts virtopo and stops it for a while at its Nth writing call.
held() {
    VT_EXTRA=(LD_PRELOAD="$SCRATCH/shim.so" SHIM_CLASS=write SHIM_WHEN=after SHIM_SIGNAL=19 SHIM_AT="$1")
    shift
    vt_start "$@"
    VT_EXTRA=()
    wait_for 30 "it is held" grep -q '^State:.T' "/proc/$VT_PID/status"
}

# The image is in the store, so that the copy of it is nobody's to wait for.
ok up
ok down --yes

step "while one is at work, others are refused and told who it is"
held 6 up
exits 1 up
contains "the holder" "$ERR" "root@a, pid $VT_PID, since "
exits 1 up --yes
exits 1 down --yes
contains "the holder" "$ERR" "root@a, pid $VT_PID, since "
contains "what to do" "$ERR" "--break-lock"
exits 1 up --json
equal "as JSON" "$(jq -r 'select(.type == "error") | .error.kind' <<<"$OUT")" busy

step "looking is free"
vt plan --exit-code
equal "plan --exit-code" "$RC" 3
ok status
ok list
step "and so is another cluster"
ok -f t.yaml up
ok -f t.yaml down --yes

step "the first one goes on as if nothing had been"
kill -CONT "$VT_PID"
vt_wait
equal "exit code" "$RC" 0
plans
ok down --yes

step "the lock of a process that was killed is taken over"
held 6 up
kill -KILL "$VT_PID"
vt_wait
equal "it was killed" "$RC" 137
holds "its lock is there" [ "$(vir secret-list | grep -c 'virtopo/cluster/s')" = 1 ]
ok up
plans
equal "no lock stays" "$(vir secret-list | grep -c virtopo || true)" 0

step "the lock of another machine is not, but can be broken"
printf '<secret ephemeral="yes" private="yes"><description>ann@desk, pid 1, since 2026-01-31T12:00:00Z [boot 11111111-2222-3333-4444-555555555555 start 5]</description><usage type="volume"><volume>virtopo/cluster/s</volume></usage></secret>' |
    vir secret-define /dev/stdin >/dev/null
exits 1 down --yes
contains "the holder" "$ERR" "ann@desk, pid 1, since 2026-01-31T12:00:00Z"
lacks "without what is for machines" "$ERR" "[boot"
ok up # nothing to do, so nothing to lock
ok down --yes --break-lock
equal "no lock stays" "$(vir secret-list | grep -c virtopo || true)" 0

step "--break-lock while the holder still runs"
held 6 up
ok up --break-lock
kill -CONT "$VT_PID"
vt_wait # it may fail or find all made; what counts is what is there
ok up
plans
ok down --yes
equal "no lock stays" "$(vir secret-list | grep -c virtopo || true)" 0

step "four at the same moment, five times"
for round in 1 2 3 4 5; do
    for i in 1 2 3 4; do
        (
            RC=0
            on env "${VT_ENV[@]}" "$VIRTOPO" up >"out.$i" 2>"err.$i" </dev/null || RC=$?
            echo "$RC" >"rc.$i"
        ) &
    done
    wait
    won=0
    for i in 1 2 3 4; do
        case $(cat rc.$i) in
        0) grep -q "is up" out.$i && won=$((won + 1)) || grep -q "No changes" out.$i || { indent <out.$i; fail "round $round: neither won nor found it done"; } ;;
        1) grep -q "is being changed by root@a, pid [0-9]*, since" err.$i || { indent <err.$i; fail "round $round: lost, and does not say to whom"; } ;;
        *) indent <err.$i; fail "round $round: exit code $(cat rc.$i)" ;;
        esac
    done
    equal "round $round: one did the work" $won 1
    VT_QUIET=1 plans
    VT_QUIET=1 ok down --yes
done

step "two clusters with one image, at the same moment on a bare host"
ok down --yes --prune
for c in s t; do
    (
        RC=0
        on env "${VT_ENV[@]}" "$VIRTOPO" -f $c.yaml up >"out.$c" 2>"err.$c" </dev/null || RC=$?
        echo "$RC" >"rc.$c"
    ) &
done
wait
for c in s t; do [ "$(cat rc.$c)" = 0 ] || indent <err.$c; done
equal "both are up" "$(cat rc.s rc.t | xargs)" "0 0"
equal "one copy of the image" "$(on sh -c 'ls /var/lib/virtopo/*.raw | wc -l')" 1
ok -f s.yaml down --yes --prune
equal "the image stays for the other" "$(on sh -c 'ls /var/lib/virtopo/*.raw | wc -l')" 1
ok -f t.yaml plan --exit-code
ok -f t.yaml down --yes --prune
equal "nothing is left" "$(on find /var/lib/virtopo -mindepth 1)$(vir pool-list --all --name | xargs)$(vir secret-list)" ""
