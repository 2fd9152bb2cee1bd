/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/interrupt.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile int flag;
static volatile int deferred;
static volatile int silent;

static void on_interrupt(int number)
{
    ssize_t written = 0;

    if (flag)
        _exit(130);
    flag = 1;
    if (!deferred) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    if (!silent)
        written = write(STDERR_FILENO, INTERRUPT_NOTICE "\n", sizeof INTERRUPT_NOTICE);
    (void)written;
}

static void on_pipe(int number)
{
    (void)number;
}

static void install(int number, void (*handler)(int))
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* A program started with a signal ignored (nohup) is meant to ignore it. */
static void install_unless_ignored(int number)
{
    struct sigaction before;

    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        install(number, on_interrupt);
}

void interrupt_install(void)
{
    install_unless_ignored(SIGINT);
    install_unless_ignored(SIGHUP);
    install(SIGTERM, on_interrupt);
    /* Writing to a pipe that nobody reads is an error of that write, not the end of a run in
     * the middle of its work. A handler, as an ignored signal would be inherited by programs
     * that are started. */
    install(SIGPIPE, on_pipe);
}

void interrupt_defer(bool on)
{
    deferred = deferred + (on ? 1 : -1);
}

void interrupt_silence(bool on)
{
    silent = on;
}

const volatile int *interrupt_flag(void)
{
    return &flag;
}
