# SPDX-License-Identifier: Apache-2.0
# Help comes from the table: every command has one, and nothing is wider than a terminal.

virtopo help >"$want/all"

out <"$want/all"
check 0 help
out <"$want/all"
check 0 --help
out <"$want/all"
check 0 -h
err <"$want/all"
check 2

for command in init validate explain schema render plan up down status list ssh version help; do
    holds "help lists $command" grep -q "^  $command " "$want/all"
    virtopo help $command >"$want/one"
    holds "help of $command has its usage" grep -q "^Usage: virtopo $command" "$want/one"
    holds "help of $command is narrow" test "$(wc -L <"$want/one")" -le 80
    out <"$want/one"
    check 0 $command --help
    out <"$want/one"
    check 0 --help $command
done
holds "help is narrow" test "$(wc -L <"$want/all")" -le 80
holds "help shows no hidden option" sh -c '! virtopo help help | grep -q -e --man'

out <<'EOF'
Usage: virtopo down [OPTIONS]

Removes everything of the cluster from libvirt: nodes, disks, networks. Nothing
that virtopo did not make is touched. Asks first; without a terminal it needs
--yes.

Base images stay, as other clusters may use them, until --prune.

Options:
      --cluster NAME  the cluster by its name, without its file
      --keep-disks    leave the nodes' disks for the next up
      --prune         also remove base images that nothing uses any more
      --break-lock    take over the lock of a run that is known to be gone

`virtopo help` lists the options that every command takes.
EOF
check 0 help down

virtopo help --man >"$want/virtopo.1"
for command in init validate explain schema render plan up down status list ssh version help; do
    holds "the man page has $command" grep -q "^\.SS \"$command " "$want/virtopo.1"
done
if command -v groff >/dev/null; then
    holds "the man page is well-formed" \
        sh -c "! groff -man -Tutf8 -ww '$want/virtopo.1' 2>&1 >/dev/null | grep ."
fi

virtopo version >"$want/version"
holds "version says its own" grep -Eqx 'virtopo [0-9]+\.[0-9]+\.[0-9]+' "$want/version"
holds "version says libvirt's" grep -Eqx 'libvirt [0-9]+\.[0-9]+\.[0-9]+' "$want/version"
out <"$want/version"
check 0 --version
virtopo version --json >"$want/version"
holds "version as JSON" grep -Eqx \
    '\{"version":1,"type":"result","virtopo":"[0-9.]+","libvirt":"[0-9.]+"\}' "$want/version"
