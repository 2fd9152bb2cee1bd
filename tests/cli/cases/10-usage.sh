# SPDX-License-Identifier: Apache-2.0
# Words and options that are wrong.

err <<'EOF'
error: there is no command 'stauts'
hint: did you mean status?
EOF
check 2 stauts

err <<'EOF'
error: there is no command 'frobnicate'
hint: virtopo help lists the commands
EOF
check 2 frobnicate

err <<'EOF'
error: there is no command 'a?b'
hint: virtopo help lists the commands
EOF
check 2 "$(printf 'a\033b')"

err <<'EOF'
error: there is no command 'hlp'
hint: did you mean help?
EOF
check 2 help hlp

err <<'EOF'
error: up has no option '--recrate'
hint: did you mean --recreate?
EOF
check 2 up --recrate

err <<'EOF'
error: up has no option '--quite'
hint: did you mean --quiet?
EOF
check 2 up --quite

err <<'EOF'
error: up has no option '--xyzzy'
hint: virtopo help up lists its options
EOF
check 2 up --xyzzy=1

err <<'EOF'
error: there is no option '--xyzzy' before the command
hint: virtopo help lists the options
EOF
check 2 --xyzzy

err <<'EOF'
error: there is no option '--keep-disks' before the command
hint: it belongs to down: write it behind the command
EOF
check 2 --keep-disks down

# Hidden options are not suggested.
err <<'EOF'
error: help has no option '--men'
hint: virtopo help help lists its options
EOF
check 2 help --men

err <<'EOF'
error: unknown option in '-vz'
hint: virtopo help up lists its options
EOF
check 2 up -vz

err <<'EOF'
error: --file needs a value: --file FILE
EOF
check 2 validate -f

err <<'EOF'
error: --file is empty
EOF
check 2 validate --file=

err <<'EOF'
error: --yes takes no value
EOF
check 2 down --yes=1

err <<'EOF'
error: --parallel '0' is not a number from 1 to 256
EOF
check 2 -p0 up

err <<'EOF'
error: --parallel '4x' is not a number from 1 to 256
EOF
check 2 up -p 4x

err <<'EOF'
error: --color 'red' is none of auto, always, never
EOF
check 2 --color red help

err <<'EOF'
error: --timeout: '5' has no unit: expected a number and ms, s, m or h
hint: write 5s
EOF
check 2 up --timeout 5

err <<'EOF'
error: render needs --output DIR
EOF
check 2 render

err <<'EOF'
error: ssh needs NODE [-- CMD...]
hint: virtopo help ssh says more
EOF
check 2 ssh

err <<'EOF'
error: ssh takes no argument 'uptime'
hint: put -- before the command to run there: -- uptime
EOF
check 2 ssh web-1 uptime

err <<'EOF'
error: validate takes no argument 'lab.yaml'
hint: name the file with -f lab.yaml
EOF
check 2 validate lab.yaml

err <<'EOF'
error: down takes no argument 'web-1'
hint: usage: virtopo down
EOF
check 2 down -- web-1
