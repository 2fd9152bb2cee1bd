#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Mode user: somebody without any rights, on a libvirt of their own, and root: ports of the host lead to the guests, and
# down leaves nothing.
# minutes: 6
. "$(dirname "$0")/lib.sh"

host_up a
ME=65000
# a group that every system has
GROUP=$(id -g nobody)
mine=$SCRATCH/mine
install -d -o $ME -g "$GROUP" -m 755 "$mine"
install -d -o $ME -g "$GROUP" -m 700 "$mine/run"
install -o $ME -g "$GROUP" "$(guest_image)" "$mine/tiny.qcow2"
# a user that only this host knows
{ cat /etc/passwd && echo "somebody:x:$ME:$GROUP::/run/me:/bin/sh"; } >"$SCRATCH/passwd"
chmod 644 "$SCRATCH/passwd"
on mount --bind "$SCRATCH/passwd" /etc/passwd
# libvirt's sockets are below the home folder, and the kernel takes paths of 107 characters
home=/run/me
on mkdir $home
on mount --bind "$mine" $home
file() { # PORT
    cat >"$mine/virtopo.yaml" <<Y
cluster: lab
images: { tiny: { file: tiny.qcow2 } }
networks: { slirp: { mode: user } }
nodes:
  a: { image: tiny, memory: 128M, networks: [slirp], publish: ["127.0.0.1:$1:22"] }
  b: { image: tiny, memory: 128M, networks: [slirp] }
Y
}
me() { on env -C $home HOME=$home XDG_RUNTIME_DIR=$home/run setpriv --reuid $ME --regid "$GROUP" --clear-groups "$@" </dev/null; }
# virtopo as that user: OUT and RC.
my() {
    RC=0
    OUT=$(me timeout 200 env TERM=dumb "$VIRTOPO" -c qemu:///session "$@" 2>&1) || RC=$?
    printf '  $ virtopo (as somebody) %s\n' "$*"
    indent <<<"$OUT"
}
greets() { on timeout 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && head -c 4 <&3"; }

step "without any rights"
file 2222
files=$(find "$mine" -path "$mine/run" -prune -o -type f -print | sort)
my up
equal "up" "$RC" 0
my plan --exit-code
equal "nothing is left to do" "$RC $OUT" "0 No changes."
my status
matches "the port that the file gives" "$OUT" '^a +running +yes .* slirp 127\.0\.0\.1:2222 '
matches "the port that virtopo found" "$OUT" '^b +running +yes .* slirp 127\.0\.0\.1:2[0-9]{4} '
equal "the port leads to a guest" "$(greets 2222)" "SSH-"
my ssh b -- hostname
equal "a login" "$OUT" b
equal "no bridge and no tap came of it" "$(on ip -br link | awk '{print $1}' | sed 's/@.*//' | sort | xargs)" "eth0 lo"
equal "root's libvirt knows nothing of it" "$(vir list --all --name)" ""

step "another port: the node starts anew"
file 2223
my plan
matches "the cost" "$OUT" '^~ +node +a .*restart'
my up --yes
equal "up" "$RC" 0
equal "the new port" "$(greets 2223)" "SSH-"
fails "the old one" greets 2222

step "what such a user cannot have"
cat >"$mine/nat.yaml" <<Y
cluster: other
networks: { lan: { subnet: 10.20.0.0/24 } }
nodes: {}
Y
my -f nat.yaml plan
holds "refused" [ "$RC" != 0 ]
matches "which mode there is" "$OUT" "mode: user"

step "down leaves nothing"
my down --yes --prune
equal "down" "$RC" 0
rm -f "$mine/nat.yaml"
equal "files" "$(find "$mine" \( -path "$mine/run" -o -path "$mine/.cache" \) -prune -o -type f -print | sort)" "$files"
fails "the port" greets 2223
me virsh -q -c qemu:///session list --all --name >"$SCRATCH/mine.list"
equal "domains" "$(xargs <"$SCRATCH/mine.list")" ""
