/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/help.h"
#include "cmd/interrupt.h"
#include "cmd/options.h"
#include "util/terminal.h"
#include "util/virt.h"

/* As a shell reports a program that SIGPIPE ended. */
#define EXIT_PIPE 141

static int dispatch(struct context *context, struct error **err)
{
    const struct command *command = context->command;

    if (context->globals.version)
        return cmd_version(context, err);
    if (context->globals.help && !command && context->family)
        return help_print_family(stdout, context->family);
    if (context->globals.help)
        return help_print(stdout, command);
    if (!command) {
        help_print(stderr, NULL);
        return EXIT_USAGE;
    }
    if (context->globals.set.count > 0 && !(command->needs & (NEEDS_CLUSTER | READS_FILE)))
        return error_set(err, ERROR_USAGE, "%s reads no file that --set could change",
                         command->name);
    if ((command->needs & NEEDS_CLUSTER) && context_load(context, err) < 0)
        return -1;
    return command->run(context, err);
}

static int exit_code_of(const struct error *error)
{
    if (!error || error->kind == ERROR_USAGE || error->kind == ERROR_CONFIG)
        return EXIT_USAGE;
    return EXIT_FAILED;
}

/* The last object of a command that did not come to a result. */
static void print_failure_json(struct context *context, const struct error *error)
{
    json_t *object = json_object();

    json_object_set_new(object, "error", error ? context_error_json(error) : json_null());
    json_object_set_new(object, "findings", diagnostics_json(&context->diagnostics));
    context_print_json("error", object);
}

static bool is_pipe_closed(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};

    return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLERR | POLLHUP));
}

/* Output that did not arrive is a failure, whatever the command says. */
static int check_output(const struct context *context, int status)
{
    auto_error struct error *error = NULL;
    int code;

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    code = errno;
    if (code == EPIPE || is_pipe_closed(STDOUT_FILENO))
        return status == EXIT_DONE ? EXIT_PIPE : status;
    error_errno(&error, code ? code : EIO, "cannot write to standard output");
    context_print_error(context, NULL, error);
    return status == EXIT_DONE ? EXIT_FAILED : status;
}

int main(int argc, char **argv)
{
    struct context context = {.cancel = interrupt_flag()};
    auto_error struct error *error = NULL;
    int status;

    (void)argc;
    interrupt_install();
    virt_init();
    status = options_parse(argv, &context, &error);
    context.color_out = terminal_color(stdout, (enum color_mode)context.globals.color);
    context.color_err = terminal_color(stderr, (enum color_mode)context.globals.color);
    if (status == 0)
        status = dispatch(&context, &error);
    if (status < 0) {
        status = exit_code_of(error);
        if (error)
            context_print_error(&context, NULL, error);
        if (context.globals.json)
            print_failure_json(&context, error);
    }
    status = check_output(&context, status);
    context_done(&context);
    return status;
}
