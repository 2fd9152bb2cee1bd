/* SPDX-License-Identifier: Apache-2.0 */
#include "util/process.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/size.h"
#include "util/terminal.h"

#define DEFAULT_OUTPUT (1024 * 1024)
/* What an error shows of the output: its last lines, within so many bytes. */
#define DETAIL_BYTES 2048
/* From SIGTERM to SIGKILL after a cancel. */
#define GRACE_MS 5000
#define READ_BLOCKS 8
/* A flag cannot be polled for: how often it is looked at. */
#define CANCEL_CHECK_MS 100

struct child {
    pid_t pid; /* also its session's and process group's */
    int pidfd;
    int output; /* -1 after its end */
    struct buffer captured;
    size_t limit;
    const struct process_options *options;
    int64_t deadline; /* 0: none */
    int64_t kill_at;  /* after a cancel, else 0 */
    bool timed_out;
    bool cancelled;
};

static void child_done(struct child *c)
{
    if (c->pidfd >= 0)
        close(c->pidfd);
    if (c->output >= 0)
        close(c->output);
    buffer_done(&c->captured);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool same_name(const char *a, const char *b)
{
    size_t length = strcspn(a, "=");

    return strncmp(a, b, length) == 0 && b[length] == '=';
}

/* Our environment, then `added`, without what `added` replaces. The strings are borrowed. */
static char **merge_environment(const char *const *added)
{
    char **env = NULL;
    size_t count = 0;

    for (char **e = environ; e && *e; e++) {
        const char *const *a = added;

        while (a && *a && !same_name(*a, *e))
            a++;
        if (!a || !*a)
            vector_push(env, count, *e);
    }
    for (; added && *added; added++)
        vector_push(env, count, (char *)(uintptr_t)*added);
    vector_push(env, count, NULL);
    return env;
}

static int spawn_error(const char *program, const char *folder, int code, struct error **err)
{
    struct stat st;

    if (folder && (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode)))
        return error_errno(err, ENOTDIR, "cannot run '%s' in '%s'", program, folder);
    error_errno(err, code, "cannot run '%s'", program);
    if (code == ENOENT && !strchr(program, '/'))
        return error_hint(err, "install %s, or add its folder to PATH", program);
    if (code == EACCES)
        return error_hint(err, "chmod +x %s", program);
    if (code == ENOEXEC)
        return error_hint(err, "let its first line name an interpreter: #!/bin/sh");
    return -1;
}

/* A session of its own: the group can be killed as one, and nothing in it can stop to ask
 * on our terminal. Signals are as a fresh login has them. */
static void spawn_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF);
}

static void set_limits(pid_t pid, const struct process_limits *limits)
{
    const struct {
        __rlimit_resource_t resource;
        uint64_t value;
    } rows[] = {
        {RLIMIT_AS, limits->memory},
        {RLIMIT_CPU, limits->cpu_seconds},
        {RLIMIT_FSIZE, limits->file_bytes},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct rlimit limit = {rows[i].value, rows[i].value};

        if (rows[i].value)
            prlimit(pid, rows[i].resource, &limit, NULL);
    }
}

static int child_start(struct child *c, const char *const *argv,
                       const struct process_options *options, struct error **err)
{
    auto_free char **env = merge_environment(options->env);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int ends[2], code;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_errno(err, errno, "cannot run '%s'", argv[0]);
    c->output = ends[0];
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (options->folder)
        posix_spawn_file_actions_addchdir_np(&actions, options->folder);
    spawn_attributes(&attributes);
    code = posix_spawnp(&c->pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv,
                        env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (code)
        return spawn_error(argv[0], options->folder, code, err);
    set_limits(c->pid, &options->limits);
    fcntl(c->output, F_SETFL, O_NONBLOCK);
    c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
    if (c->pidfd >= 0)
        return 0;
    error_errno(err, errno, "cannot watch '%s'", argv[0]);
    kill(-c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    return -1;
}

/* Takes what is there without waiting; keeps the tail within the limit. A full pipe is 4
 * blocks: more than that at once would let an endless writer keep us from the clock. */
static void child_read(struct child *c)
{
    char block[16384];
    ssize_t n;

    for (int blocks = 0; c->output >= 0 && blocks < READ_BLOCKS; blocks++) {
        n = read(c->output, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            close(c->output);
            c->output = -1;
            return;
        }
        if (c->options->watch)
            c->options->watch(c->options->watch_context, block, (size_t)n);
        buffer_append(&c->captured, block, (size_t)n);
        if (c->captured.length / 2 > c->limit) {
            memmove(c->captured.data, c->captured.data + c->captured.length - c->limit,
                    c->limit + 1);
            c->captured.length = c->limit;
        }
    }
}

/* Acts on what is due, and says how long the next wait may be (-1: for ever). */
static int child_pace(struct child *c, const volatile int *cancel)
{
    int64_t now = now_ms(), until = INT64_MAX;

    if (cancel && *cancel && !c->cancelled) {
        c->cancelled = true;
        c->kill_at = now + GRACE_MS;
        kill(-c->pid, SIGTERM);
    }
    if (c->deadline && now >= c->deadline) {
        c->timed_out = !c->cancelled;
        c->deadline = 0;
        kill(-c->pid, SIGKILL);
    }
    if (c->kill_at && now >= c->kill_at) {
        c->kill_at = 0;
        kill(-c->pid, SIGKILL);
    }
    if (c->deadline)
        until = c->deadline - now;
    if (c->kill_at && c->kill_at - now < until)
        until = c->kill_at - now;
    if (cancel && !c->cancelled && until > CANCEL_CHECK_MS)
        until = CANCEL_CHECK_MS;
    return until == INT64_MAX ? -1 : (int)until;
}

/* Until the program itself has ended; what it left in the background may go on. */
static int child_wait(struct child *c, const volatile int *cancel)
{
    struct pollfd watched[2] = {{.fd = c->pidfd, .events = POLLIN}};
    int status = 0;

    while (!(watched[0].revents & POLLIN)) {
        watched[1] = (struct pollfd){.fd = c->output, .events = POLLIN};
        if (poll(watched, 2, child_pace(c, cancel)) < 0) {
            watched[0].revents = 0;
            continue;
        }
        if (watched[1].revents)
            child_read(c);
    }
    child_read(c);
    if (c->timed_out || c->cancelled)
        kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* The last lines of the output, harmless to show. */
static void add_detail(const struct child *c, struct error **err)
{
    auto_buffer struct buffer seen = {0}, shown = {0};
    size_t skip = 0;
    const char *newline;

    terminal_append_final(&seen, c->captured.data, c->captured.length);
    if (seen.length > DETAIL_BYTES) {
        skip = seen.length - DETAIL_BYTES;
        newline = memchr(seen.data + skip, '\n', seen.length - skip - 1);
        if (newline)
            skip = (size_t)(newline - seen.data) + 1;
    }
    while (seen.length > skip && isspace((unsigned char)seen.data[seen.length - 1]))
        seen.length--;
    if (seen.length == skip)
        return;
    terminal_append_safe(&shown, seen.data + skip, seen.length - skip);
    error_detail(err, shown.data);
}

static int how_it_ended(const struct child *c, const char *program, int status, int timeout_ms,
                        struct error **err)
{
    char limit[SIZE_TEXT];

    if (c->cancelled)
        error_set(err, ERROR_CANCELLED, "'%s' was cancelled", program);
    else if (c->timed_out)
        error_set(err, ERROR_TIMEOUT, "'%s' did not end within %s", program,
                  duration_format((uint64_t)timeout_ms, limit));
    else if (WIFSIGNALED(status))
        error_set(err, ERROR_FAILED, "'%s' was killed by signal %d (%s)", program,
                  WTERMSIG(status), sigdescr_np(WTERMSIG(status)));
    else if (c->options->status)
        return *c->options->status = WEXITSTATUS(status), 0;
    else if (WEXITSTATUS(status) != 0)
        error_set(err, ERROR_FAILED, "'%s' failed with exit code %d", program,
                  WEXITSTATUS(status));
    else
        return 0;
    add_detail(c, err);
    return -1;
}

int process_run(const char *const *argv, const struct process_options *options,
                struct buffer *output, struct error **err)
{
    static const struct process_options defaults;
    __attribute__((cleanup(child_done))) struct child c = {.pidfd = -1, .output = -1};
    size_t skip;
    int status;

    options = options ? options : &defaults;
    c.options = options;
    c.limit = options->output_limit ? options->output_limit : DEFAULT_OUTPUT;
    if (options->cancel && *options->cancel)
        return error_set(err, ERROR_CANCELLED, "'%s' was cancelled", argv[0]);
    if (child_start(&c, argv, options, err) < 0)
        return -1;
    if (options->timeout_ms > 0)
        c.deadline = now_ms() + options->timeout_ms;
    status = child_wait(&c, options->cancel);
    skip = c.captured.length > c.limit ? c.captured.length - c.limit : 0;
    if (output)
        buffer_append(output, c.captured.data ? c.captured.data + skip : "",
                      c.captured.length - skip);
    return how_it_ended(&c, argv[0], status, options->timeout_ms, err);
}

static bool is_executable(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool process_exists(const char *name)
{
    const char *folders = getenv("PATH");

    if (!*name)
        return false;
    if (strchr(name, '/'))
        return is_executable(name);
    /* The default of execvp. */
    folders = folders ? folders : "/bin:/usr/bin";
    for (;;) {
        size_t length = strcspn(folders, ":");
        auto_free char *path =
            xasprintf("%.*s%s%s", (int)length, folders, length ? "/" : "", name);

        if (is_executable(path))
            return true;
        if (!folders[length])
            return false;
        folders += length + 1;
    }
}

char *shell_quote(const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "@%+:,./_-";
    auto_buffer struct buffer quoted = {0};

    if (*word && strspn(word, safe) == strlen(word))
        return xstrdup(word);
    buffer_puts(&quoted, "'");
    for (; *word; word++) {
        if (*word == '\'')
            buffer_puts(&quoted, "'\\''");
        else
            buffer_append(&quoted, word, 1);
    }
    buffer_puts(&quoted, "'");
    return buffer_take(&quoted);
}
