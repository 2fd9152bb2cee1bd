/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/process.h"

static int shell(const char *script, const struct process_options *options,
                 struct buffer *output, struct error **err)
{
    return process_run((const char *const[]){"sh", "-c", script, NULL}, options, output, err);
}

static void check_output(const char *script, const struct process_options *options,
                         const char *expected)
{
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL;

    if (shell(script, options, &output, &err) < 0)
        fail_msg("%s: %s", script, err->message);
    assert_string_equal(output.data, expected);
}

static void captures_both_streams(void **state)
{
    (void)state;
    check_output("echo one; echo two >&2; echo three", NULL, "one\ntwo\nthree\n");
    check_output("true", NULL, "");
}

static void appends_to_the_output(void **state)
{
    auto_buffer struct buffer output = {0};

    (void)state;
    buffer_puts(&output, "before ");
    assert_int_equal(shell("printf after", NULL, &output, NULL), 0);
    assert_string_equal(output.data, "before after");
    assert_int_equal(shell("echo ignored", NULL, NULL, NULL), 0);
}

static void input_is_empty(void **state)
{
    (void)state;
    check_output("cat; readlink /proc/self/fd/0", NULL, "/dev/null\n");
}

static void nothing_is_inherited(void **state)
{
    int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    sigset_t blocked;

    (void)state;
    assert_true(fd > 2);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    signal(SIGPIPE, SIG_IGN);
    check_output("ls /proc/$$/fd; true", NULL, "0\n1\n2\n");
    /* Signals 32 and 33 are glibc's own business. */
    check_output("while read -r key mask; do case $key in SigBlk:|SigIgn:) "
                 "echo $((0x$mask & 0x7fffffff)) ;; esac; done </proc/self/status",
                 NULL, "0\n0\n");
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    close(fd);
}

static void arguments_are_not_for_a_shell(void **state)
{
    auto_buffer struct buffer output = {0};

    (void)state;
    assert_int_equal(
        process_run((const char *const[]){"printf", "%s|", "$HOME", "a b", "", ";", NULL}, NULL,
                    &output, NULL),
        0);
    assert_string_equal(output.data, "$HOME|a b||;|");
}

static void folder_and_environment(void **state)
{
    const char *const env[] = {"ADDED=new value", "REPLACED=after", NULL};
    struct process_options options = {.folder = "/", .env = env};

    (void)state;
    setenv("REPLACED", "before", 1);
    setenv("REPLACED_NOT", "kept", 1);
    check_output(
        "pwd; echo $ADDED; echo $REPLACED; echo $REPLACED_NOT; env | grep -c ^REPLACED=",
        &options, "/\nnew value\nafter\nkept\n1\n");
    assert_string_equal(getenv("REPLACED"), "before");
}

static void exit_code(void **state)
{
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(shell("echo why; printf '\\033[1mred\\n\\n'; exit 3", NULL, &output, &err),
                     -1);
    assert_int_equal(err->kind, ERROR_FAILED);
    assert_string_equal(err->message, "'sh' failed with exit code 3");
    assert_string_equal(err->detail, "why\n?red");
    assert_string_equal(output.data, "why\n\033[1mred\n\n");
}

static void killed(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(shell("kill -9 $$", NULL, NULL, &err), -1);
    assert_string_equal(err->message, "'sh' was killed by signal 9 (Killed)");
    assert_null(err->detail);
}

static void cannot_start(void **state)
{
    auto_error struct error *missing = NULL, *denied = NULL, *cwd = NULL;
    struct process_options options = {.folder = "/no/such/folder"};

    (void)state;
    assert_int_equal(
        process_run((const char *const[]){"no-such-program", NULL}, NULL, NULL, &missing), -1);
    assert_int_equal(missing->code, ENOENT);
    assert_string_equal(missing->message,
                        "cannot run 'no-such-program': No such file or directory");
    assert_string_equal(missing->hint, "install no-such-program, or add its folder to PATH");
    assert_int_equal(process_run((const char *const[]){"/etc", NULL}, NULL, NULL, &denied), -1);
    assert_int_equal(denied->code, EACCES);
    assert_int_equal(shell("true", &options, NULL, &cwd), -1);
    assert_non_null(strstr(cwd->message, "cannot run 'sh' in '/no/such/folder'"));
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void timeout_kills_the_group(void **state)
{
    struct process_options options = {.timeout_ms = 300};
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL;
    double start = seconds();
    long child;

    (void)state;
    assert_int_equal(shell("trap '' TERM; sleep 60 & echo $!; wait", &options, &output, &err),
                     -1);
    assert_true(seconds() - start < 10);
    assert_int_equal(err->kind, ERROR_TIMEOUT);
    assert_string_equal(err->message, "'sh' did not end within 300 ms");
    child = strtol(output.data, NULL, 10);
    assert_true(child > 1);
    /* Gone, or a zombie until whoever adopted it looks. */
    for (int i = 0; i < 100 && kill((pid_t)child, 0) == 0; i++) {
        auto_free char *path = xasprintf("/proc/%ld/stat", child);
        auto_fclose FILE *f = fopen(path, "r");
        char state_letter = 'Z';

        if (!f || fscanf(f, "%*d %*s %c", &state_letter) != 1 || state_letter == 'Z')
            return;
        usleep(20000);
    }
    assert_int_equal(kill((pid_t)child, 0), -1);
}

static void an_endless_writer_times_out(void **state)
{
    struct process_options options = {.timeout_ms = 200, .output_limit = 1000};
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(
        shell("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done", &options, &output, &err),
        -1);
    assert_int_equal(err->kind, ERROR_TIMEOUT);
    assert_int_equal(output.length, 1000);
}

static void background_output_is_not_waited_for(void **state)
{
    auto_buffer struct buffer output = {0};
    double start = seconds();

    (void)state;
    assert_int_equal(shell("sleep 20 & echo $!", NULL, &output, NULL), 0);
    assert_true(seconds() - start < 10);
    kill((pid_t)strtol(output.data, NULL, 10), SIGKILL);
}

static volatile int cancel;

static void *cancel_soon(void *unused)
{
    (void)unused;
    usleep(100000);
    cancel = 1;
    return NULL;
}

static void a_cancel_terminates(void **state)
{
    struct process_options options = {.cancel = &cancel};
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL, *before = NULL;
    double start = seconds();
    pthread_t thread;

    (void)state;
    cancel = 0;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    assert_int_equal(shell("trap 'echo asked; exit 0' TERM; echo up; sleep 20 & wait", &options,
                           &output, &err),
                     -1);
    pthread_join(thread, NULL);
    assert_true(seconds() - start < 4);
    assert_int_equal(err->kind, ERROR_CANCELLED);
    assert_string_equal(err->message, "'sh' was cancelled");
    assert_string_equal(output.data, "up\nasked\n");
    assert_int_equal(shell("echo never", &options, &output, &before), -1);
    assert_int_equal(before->kind, ERROR_CANCELLED);
    assert_null(strstr(output.data, "never"));
}

static void the_tail_is_kept(void **state)
{
    struct process_options options = {.output_limit = 10};
    auto_buffer struct buffer output = {0};
    auto_error struct error *err = NULL;

    (void)state;
    check_output("seq 1 100000", &options, "99\n100000\n");
    assert_int_equal(shell("seq 1 100000; exit 1", NULL, &output, &err), -1);
    assert_int_equal(output.length, 588895);
    assert_true(strlen(err->detail) <= 2048);
    assert_true(strlen(err->detail) > 1000);
    assert_string_equal(err->detail + strlen(err->detail) - 7, "\n100000");
    assert_memory_equal(err->detail, "99", 2); /* a whole first line */
}

static void finds_programs(void **state)
{
    auto_free char *path = xstrdup(getenv("PATH"));

    (void)state;
    assert_true(process_exists("sh"));
    assert_true(process_exists("/bin/sh"));
    assert_false(process_exists("no-such-program"));
    assert_false(process_exists(""));
    assert_false(process_exists("/etc/passwd"));
    setenv("PATH", "/no/such:/etc", 1);
    assert_false(process_exists("sh"));
    assert_false(process_exists("passwd"));
    setenv("PATH", "/no/such:/bin", 1);
    assert_true(process_exists("sh"));
    unsetenv("PATH");
    assert_true(process_exists("sh"));
    setenv("PATH", path, 1);
}

static void quotes(void **state)
{
    static const char *const cases[][2] = {
        {"plain-1.2_x/y:z@h,%+", "plain-1.2_x/y:z@h,%+"},
        {"", "''"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"$HOME", "'$HOME'"},
        {"~", "'~'"},
        {"A=b", "'A=b'"},
        {"a\nb", "'a\nb'"},
        {"\xc3\xa9", "'\xc3\xa9'"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        auto_free char *quoted = shell_quote(cases[i][0]);
        auto_free char *script = xasprintf("printf %%s %s", quoted);

        assert_string_equal(quoted, cases[i][1]);
        check_output(script, NULL, cases[i][0]);
    }
}

static void watch(void *context, const char *data, size_t length)
{
    buffer_append(context, data, length);
}

static void output_is_watched(void **state)
{
    auto_buffer struct buffer seen = {0};
    struct process_options options = {.watch = watch, .watch_context = &seen};

    (void)state;
    check_output("echo one; echo two >&2", &options, "one\ntwo\n");
    assert_string_equal(seen.data, "one\ntwo\n");
}

static void progress_is_no_reason(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(
        shell("printf '10%%\\r20%%\\rbroken\\r\\nwhy\\n'; exit 1", NULL, NULL, &err), -1);
    assert_string_equal(err->detail, "broken\nwhy");
}

static void takes_no_more(void **state)
{
    struct process_options files = {.limits = {.file_bytes = 4096}};
    struct process_options memory = {.limits = {.memory = 64 << 20}};
    struct process_options cpu = {.limits = {.cpu_seconds = 1}};
    auto_error struct error *err = NULL, *too_much = NULL, *too_long = NULL;

    (void)state;
    assert_int_equal(shell("sleep 0.1; t=$(mktemp); trap 'rm -f $t' EXIT; "
                           "head -c 4096 /dev/zero >$t && head -c 5000 /dev/zero >$t",
                           &files, NULL, &err),
                     -1);
    assert_int_equal(
        shell(
            "sleep 0.1; x=$(head -c 100000000 /dev/zero | tr '\\0' x); test ${#x} = 100000000",
            &memory, NULL, &too_much),
        -1);
    assert_int_equal(shell("while :; do :; done", &cpu, NULL, &too_long), -1);
    assert_non_null(strstr(too_long->message, "was killed by signal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_both_streams),
        cmocka_unit_test(appends_to_the_output),
        cmocka_unit_test(input_is_empty),
        cmocka_unit_test(nothing_is_inherited),
        cmocka_unit_test(arguments_are_not_for_a_shell),
        cmocka_unit_test(folder_and_environment),
        cmocka_unit_test(exit_code),
        cmocka_unit_test(killed),
        cmocka_unit_test(cannot_start),
        cmocka_unit_test(timeout_kills_the_group),
        cmocka_unit_test(an_endless_writer_times_out),
        cmocka_unit_test(background_output_is_not_waited_for),
        cmocka_unit_test(a_cancel_terminates),
        cmocka_unit_test(the_tail_is_kept),
        cmocka_unit_test(output_is_watched),
        cmocka_unit_test(progress_is_no_reason),
        cmocka_unit_test(takes_no_more),
        cmocka_unit_test(finds_programs),
        cmocka_unit_test(quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
