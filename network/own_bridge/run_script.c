/* SPDX-License-Identifier: Apache-2.0 */
#include "network/own_bridge/run_script.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* $1 is the folder, $2 the script. Renamed into its place: an older one may be running. */
static const char place[] =
    "umask 077\nmkdir -p \"$1\" && printf '%s' \"$2\" >\"$1/new\" && mv \"$1/new\" "
    "\"$1/bridge.sh\" || exit 1\n";
/* $3 is the verb. */
static const char launch[] =
    "rm -f \"$1/status\"\n"
    "setsid sh -c 'sh \"$0/bridge.sh\" \"$1\" >\"$0/log\" 2>&1; echo $? >\"$0/status.new\"; "
    "mv \"$0/status.new\" \"$0/status\"' \"$1\" \"$3\" </dev/null >/dev/null 2>&1 &\n";
static const char begin[] = "sh \"$1/bridge.sh\" start\n";
/* Leaves no trace when all is well. */
static const char tidy[] = "rm -rf \"$1\"\nrmdir \"${1%/*}\" 2>/dev/null\n";
static const char await[] = "n=0\nwhile [ ! -e \"$1/status\" ]; do\n"
                            "n=$((n + 1)); [ $n -lt 300 ] || exit 124; sleep 0.1 || exit 124\n"
                            "done\nread -r code <\"$1/status\"; cat \"$1/log\"\n";
static const char confirm[] = "sh \"$1/bridge.sh\" confirm; code=$?\n";
static const char end[] = "exit $code\n";

#define AWAIT_MS 60000

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int put_script(struct host *host, const struct bridge_script *script, const char *verb,
                      const char *what, struct error **err)
{
    auto_buffer struct buffer text = {0};
    auto_free char *commands = xasprintf("%s%s", place, verb ? launch : begin);
    const char *args[] = {script->folder, NULL, verb, NULL};

    bridge_script_write(script, &text);
    args[1] = text.data;
    return shell_check(host, what, commands, args, &(struct shell_options){.root = true}, NULL,
                       err);
}

/* Asks again over new connections, as long as the one that is there may be gone. */
static int ask(struct host *host, const struct bridge_script *script, const char *commands,
               long long until, bool fresh, struct shell_result *ret, struct error **err)
{
    const char *const args[] = {script->folder, NULL};
    const struct timespec pause = {0, 200000000};

    for (;;) {
        auto_error struct error *reason = NULL;

        if (shell_run(
                host, commands, args,
                &(struct shell_options){.timeout_ms = AWAIT_MS + 3 * (unsigned)script->confirm,
                                        .root = true,
                                        .fresh = fresh},
                ret, &reason) == 0)
            return 0;
        if (now_ms() >= until)
            return error_move(err, TAKE(reason));
        fresh = true;
        nanosleep(&pause, NULL);
    }
}

static void add_output(const struct shell_result *result, struct error **err)
{
    auto_buffer struct buffer text = {0};

    /* libbpf's, of an `ip` that looks at a pair of devices in two namespaces */
    for (const char *line = result->output.data; line && *line;) {
        size_t length = strcspn(line, "\n");

        if (strncmp(line, "Error: Peer netns", 17) != 0)
            buffer_printf(&text, "%.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    while (text.length && text.data[text.length - 1] == '\n')
        text.data[--text.length] = '\0';
    if (text.length)
        error_detail(err, text.data);
}

int run_script(struct host *host, const struct bridge_script *script, const char *verb,
               const char *what, struct error **err)
{
    auto_shell_result struct shell_result result = {0};
    auto_free char *commands = xasprintf("%s%s%s", await, tidy, end);

    if (put_script(host, script, verb, what, err) < 0)
        return -1;
    if (ask(host, script, commands, now_ms() + AWAIT_MS, false, &result, err) < 0)
        return error_wrap(err, "%s on host '%s'", what, host_name(host));
    if (result.status == 0)
        return 0;
    error_set(err, ERROR_FAILED, "%s on host '%s' failed", what, host_name(host));
    add_output(&result, err);
    return -1;
}

static int put_back(const struct host *host, const struct bridge_script *script, int outcome,
                    const struct shell_result *result, struct error **err)
{
    const char *name = host_name(host);

    switch (outcome) {
    case BRIDGE_CUT_OFF:
        error_set(err, ERROR_FAILED,
                  "with %s in bridge %s, host '%s' did not reach its gateway any more, and has "
                  "put everything back",
                  script->uplink, script->bridge, name);
        return error_hint(err, "does the switch outside shut a port that has several MAC "
                               "addresses, or is another VLAN needed? `confirm` waits longer");
    case BRIDGE_TOO_LATE:
        error_set(err, ERROR_FAILED,
                  "host '%s' could not be reached over a new connection within %lld s after %s "
                  "had gone into bridge %s, and has put everything back",
                  name, (long long)(script->confirm + 999) / 1000, script->uplink,
                  script->bridge);
        return error_hint(err, "`confirm` waits longer");
    default:
        error_set(err, ERROR_FAILED,
                  "making bridge %s on host '%s' failed; everything is as it was",
                  script->bridge, name);
        add_output(result, err);
        return -1;
    }
}

int run_script_guarded(struct host *host, const struct bridge_script *script,
                       struct error **err)
{
    auto_shell_result struct shell_result result = {0};
    auto_free char *commands = xasprintf("%s%s%s", confirm, tidy, end);
    auto_free char *what = xasprintf("making bridge %s", script->bridge);
    /* Behind the moment at which it puts itself back. */
    long long until = now_ms() + (long long)script->confirm + 15000;

    if (put_script(host, script, NULL, what, err) < 0)
        return -1;
    if (ask(host, script, commands, until, true, &result, err) < 0) {
        error_wrap(err, "host '%s' does not answer since %s has gone into bridge %s",
                   host_name(host), script->uplink, script->bridge);
        return error_hint(err, "it puts everything back by itself within %lld s",
                          (long long)(script->confirm + 999) / 1000);
    }
    return result.status == BRIDGE_CONFIRMED
               ? 0
               : put_back(host, script, result.status, &result, err);
}
