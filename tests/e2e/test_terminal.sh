#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# On a terminal: questions that are answered, lines that are redrawn, Ctrl-C from the keyboard; without one, none
# of that.
# minutes: 3
. "$(dirname "$0")/lib.sh"

host_up a
blank_image blank.raw
file() {
    yaml <<Y
cluster: s
images: { blank: { file: blank.raw } }
networks: { lan: { subnet: 10.20.0.0/24 } }
defaults: { image: blank, memory: $1, virt: qemu, ready: $2, networks: [lan] }
nodes: { a: {}, b: {} }
Y
}
file 32M none

# ANSWER ARGUMENTS...: virtopo on a terminal of 80 columns; the answer is typed when it asks (or, for ^C, when it
# waits). Sets RC, and OUT as the terminal got it.
typed() {
    local answer=$1
    shift
    printf '  $ virtopo %s   (on a terminal, typed: %s)\n' "$*" "$answer"
    RC=0
    on env "${VT_ENV[@]}" TERM=xterm "${TYPED_EXTRA[@]}" "$SCRATCH/typist" "$answer" "$VIRTOPO" "$@" >"$SCRATCH/out" </dev/null || RC=$?
    OUT=$(tr -d '\r' <"$SCRATCH/out")
    sed 's/\x1b/^[/g; s/^/        /; $a\' <<<"$OUT"
}
TYPED_EXTRA=(NO_COLOR=)
# The one at the keyboard.
cat >"$SCRATCH/typist.c" <<'C'
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *answer = argv[1], *cue = strcmp(answer, "^C") == 0 ? "waiting for ssh" : "[y/N] ";
    static char all[1 << 20];
    size_t length = 0;
    ssize_t n;
    int terminal, status, answered = argc < 3;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);

    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        execv(argv[2], argv + 2);
        _exit(127);
    }
    while (length + 1 < sizeof all && (n = read(terminal, all + length, sizeof all - 1 - length)) > 0) {
        if (write(1, all + length, (size_t)n) != n)
            return 99;
        length += (size_t)n;
        all[length] = '\0';
        if (!answered && strstr(all, cue)) {
            answered = 1;
            if (write(terminal, strcmp(answer, "^C") ? answer : "\3", strcmp(answer, "^C") ? strlen(answer) : 1) < 0 ||
                (strcmp(answer, "^C") && write(terminal, "\n", 1) < 0))
                return 99;
        }
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
C
gcc -O1 -D_GNU_SOURCE -o "$SCRATCH/typist" "$SCRATCH/typist.c" -lutil

step "up: live lines, redrawn in place, and the cursor is there again at the end"
typed '' up
equal "exit code" "$RC" 0
contains "the end" "$OUT" "Cluster s is up"
holds "lines are redrawn" grep -q $'\e\[' <<<"$OUT"
equal "the cursor is shown as often as hidden" "$(grep -o $'\e\[?25l' <<<"$OUT" | wc -l)" "$(grep -o $'\e\[?25h' <<<"$OUT" | wc -l)"

step "a restart asks: n, y"
file 40M none
TYPED_EXTRA=(NO_COLOR=1)
typed '' --color always plan
matches "colour when asked for" "$(sed 's/\x1b/^[/g' <<<"$OUT")" '\^\[\[[0-9;]*m'
typed '' plan
lacks "no colour with NO_COLOR" "$(sed 's/\x1b/^[/g' <<<"$OUT")" '^[['
before=$(vir dumpxml s_a; vir dumpxml --inactive s_a)
typed n up
equal "exit code of no" "$RC" 1
contains "the question" "$OUT" "Restart nodes? [y/N]"
contains "the answer is taken" "$OUT" "not confirmed; nothing was changed"
equal "nothing was changed" "$(vir dumpxml s_a; vir dumpxml --inactive s_a)" "$before"
typed '' up
equal "an empty answer is no" "$RC" 1
# These guests do not hear that they shall shut down: somebody pulls the plug.
: >"$SCRATCH/out"
(
    until grep -q "shutting down" "$SCRATCH/out"; do sleep 0.1; done
    vir destroy s_a
    vir destroy s_b
) &
typed y up
equal "exit code of yes" "$RC" 0
plans

step "a loss of data asks by itself, and needs no option"
sed -i 's/, b: {} / /' virtopo.yaml
typed y up
equal "exit code" "$RC" 0
contains "the question" "$OUT" "lose the data named above? [y/N]"
equal "it is gone" "$(vir list --all --name | xargs)" s_a

step "down asks"
typed n down
equal "exit code of no" "$RC" 1
equal "it is there" "$(vir list --name | xargs)" s_a
typed yes down
equal "exit code of yes" "$RC" 0
equal "it is gone" "$(vir list --all --name | xargs)" ""
typed y --yes down
contains "--yes asks nothing" "$OUT" "Nothing of cluster s is there"

step "Ctrl-C while it waits"
file 32M ssh
typed '^C' up
equal "exit code" "$RC" 1
contains "where it stands" "$OUT" "Run the same command again to go on"
equal "the cursor is shown as often as hidden" "$(grep -o $'\e\[?25l' <<<"$OUT" | wc -l)" "$(grep -o $'\e\[?25h' <<<"$OUT" | wc -l)"
file 32M none
ok up
ok down --yes

step "without a terminal: plain lines"
ok up
lacks "no escapes" "$(sed 's/\x1b/^[/g' <<<"$OUT$ERR")" '^['
matches "a line for each event" "$OUT" '^node a: created'
ok -q down --yes
equal "--quiet says nothing" "$OUT$ERR" ""
