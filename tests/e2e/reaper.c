/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reaper PROGRAM ARGUMENTS...: runs it and, until it ends, takes in what its descendants leave
 * behind, as an init would. Where process 1 does that slowly (containers), libvirt sees a guest
 * that it ended as alive for another second or two.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int number)
{
    if (child > 0)
        kill(child, number);
}

int main(int argc, char **argv)
{
    int status;
    pid_t pid;

    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        return 1;
    child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    signal(SIGTERM, pass_on);
    signal(SIGHUP, pass_on);
    signal(SIGINT, SIG_IGN); /* a terminal sends it to all of them */
    do
        pid = wait(&status);
    while (pid != child && (pid > 0 || errno == EINTR));
    if (pid != child)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
