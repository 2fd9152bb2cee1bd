/* SPDX-License-Identifier: Apache-2.0 */
#include "host/shell.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/shell_slot.h"
#include "host/shell_ssh.h"
#include "util/process.h"
#include "util/terminal.h"

#define TIMEOUT_MS 30000
/* What an error shows of the output: its end. */
#define DETAIL_BYTES 2048

struct shell {
    pthread_mutex_t lock;
    struct shell_ssh *ssh; /* opened when first needed */
};

/* A shell that is not root's starts one that is. */
static const char as_root[] = "if test \"$(id -u)\" = 0; then exec /bin/sh -s -- \"$@\"; "
                              "else exec sudo -n /bin/sh -s -- \"$@\"; fi";

struct shell *shell_new(void)
{
    struct shell *shell = xcalloc(1, sizeof *shell);

    pthread_mutex_init(&shell->lock, NULL);
    return shell;
}

void shell_free(struct shell *shell)
{
    shell_ssh_close(shell->ssh);
    pthread_mutex_destroy(&shell->lock);
    free(shell);
}

void shell_result_done(struct shell_result *result)
{
    buffer_done(&result->output);
}

/* A function: the shell has read all of it before it calls it. Not everybody has the folders of
 * ip and iptables in PATH. */
static char *wrapped(const char *script)
{
    return xasprintf("PATH=$PATH:/usr/sbin:/sbin\nvirtopo_main() {\n:\n%s\n}\nvirtopo_main "
                     "\"$@\" </dev/null 2>&1\n",
                     script);
}

static char *remote_command(const char *const *args, bool root)
{
    auto_buffer struct buffer command = {0};
    auto_free char *starter = shell_quote(as_root);

    if (root)
        buffer_printf(&command, "/bin/sh -c %s sh", starter);
    else
        buffer_puts(&command, "/bin/sh -s --");
    for (; args && *args; args++) {
        auto_free char *word = shell_quote(*args);

        buffer_printf(&command, " %s", word);
    }
    return buffer_take(&command);
}

/* A session that has been idle for long may be dead: what fails before anything was sent is
 * tried once more over a new one. */
static int start_remote(struct shell *shell, const struct host *host, const char *command,
                        bool fresh, struct error **err)
{
    if (fresh)
        shell_ssh_close(TAKE(shell->ssh));
    if (shell->ssh) {
        if (shell_ssh_start(shell->ssh, command, NULL) == 0)
            return 0;
        shell_ssh_close(TAKE(shell->ssh));
    }
    if (shell_ssh_open(host_name(host), host_uri(host), &shell->ssh, err) < 0)
        return -1;
    if (shell_ssh_start(shell->ssh, command, err) == 0)
        return 0;
    shell_ssh_close(TAKE(shell->ssh));
    return error_wrap(err, "running a command on host '%s'", host_name(host));
}

static int run_remote(const struct host *host, const char *script, const char *const *args,
                      const struct shell_options *options, struct shell_result *ret,
                      struct error **err)
{
    struct shell *shell = host_shell(host);
    auto_free char *command = remote_command(args, options->root);
    auto_free char *input = wrapped(script);
    int outcome;

    pthread_mutex_lock(&shell->lock);
    outcome = start_remote(shell, host, command, options->fresh, err);
    if (outcome == 0 && shell_ssh_finish(shell->ssh, input, options, ret, err) < 0) {
        shell_ssh_close(TAKE(shell->ssh));
        outcome = error_wrap(err, "running a command on host '%s'", host_name(host));
    }
    pthread_mutex_unlock(&shell->lock);
    return outcome;
}

static int run_local(const char *script, const char *const *args,
                     const struct shell_options *options, struct shell_result *ret,
                     struct error **err)
{
    static const char *const plain[] = {"/bin/sh", "-c"};
    static const char *const sudo[] = {"sudo", "-n", "/bin/sh", "-c"};
    bool needs_sudo = options->root && geteuid() != 0;
    auto_free const char **argv = NULL;
    auto_free char *text = wrapped(script);
    size_t count = 0;

    for (size_t i = 0; i < (needs_sudo ? ARRAY_SIZE(sudo) : ARRAY_SIZE(plain)); i++)
        vector_push(argv, count, needs_sudo ? sudo[i] : plain[i]);
    vector_push(argv, count, text);
    vector_push(argv, count, "sh");
    for (; args && *args; args++)
        vector_push(argv, count, *args);
    vector_push(argv, count, NULL);
    return process_run(argv,
                       &(struct process_options){.timeout_ms = (int)options->timeout_ms,
                                                 .output_limit = SHELL_OUTPUT_MOST,
                                                 .cancel = options->cancel,
                                                 .status = &ret->status},
                       &ret->output, err);
}

static int refused_root(const struct host *host, struct error **err)
{
    error_set(err, ERROR_NOT_FOUND, "host '%s' does not let us become root", host_name(host));
    return error_hint(err,
                      host_is_local(host)
                          ? "run virtopo as root, or let sudo do it without a password"
                          : "log in there as root (qemu+ssh://root@HOST/system), or let sudo "
                            "do it without a password");
}

int shell_run(struct host *host, const char *script, const char *const *args,
              const struct shell_options *options, struct shell_result *ret, struct error **err)
{
    struct shell_options o = options ? *options : (struct shell_options){0};

    *ret = (struct shell_result){0};
    o.timeout_ms = o.timeout_ms ? o.timeout_ms : TIMEOUT_MS;
    if (host_is_mock(host))
        return error_set(err, ERROR_NOT_FOUND,
                         "host '%s' is libvirt's test driver: there is no machine to run a "
                         "command on",
                         host_name(host));
    if ((host_is_local(host) ? run_local(script, args, &o, ret, err)
                             : run_remote(host, script, args, &o, ret, err)) < 0) {
        shell_result_done(ret);
        return -1;
    }
    if (o.root && ret->status == 1 && ret->output.data &&
        strncmp(ret->output.data, "sudo: ", 6) == 0) {
        shell_result_done(ret);
        return refused_root(host, err);
    }
    return 0;
}

static void add_detail(const struct buffer *output, struct error **err)
{
    auto_buffer struct buffer shown = {0};
    size_t skip = output->length > DETAIL_BYTES ? output->length - DETAIL_BYTES : 0;
    size_t length = output->length;

    while (length > skip && output->data[length - 1] == '\n')
        length--;
    if (length == skip)
        return;
    terminal_append_safe(&shown, output->data + skip, length - skip);
    error_detail(err, shown.data);
}

int shell_check(struct host *host, const char *what, const char *script,
                const char *const *args, const struct shell_options *options,
                struct buffer *output, struct error **err)
{
    auto_shell_result struct shell_result result = {0};

    if (shell_run(host, script, args, options, &result, err) < 0)
        return error_wrap(err, "%s on host '%s'", what, host_name(host));
    if (result.status != 0) {
        error_set(err, ERROR_FAILED, "%s on host '%s' failed", what, host_name(host));
        add_detail(&result.output, err);
        return -1;
    }
    if (output)
        buffer_append(output, result.output.data ? result.output.data : "",
                      result.output.length);
    return 0;
}
