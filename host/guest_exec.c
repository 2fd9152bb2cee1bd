/* SPDX-License-Identifier: Apache-2.0 */
#include "host/guest_exec.h"

#include <stdlib.h>
#include <time.h>

#include "host/guest_session.h"

#define SLICE_MS 100 /* how soon a cancel is seen */

struct run {
    ssh_session session;
    ssh_channel channel;
    const struct guest_limits *limits;
    long long end;
};

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* False: give up. */
static bool go_on(const struct run *r, struct error **err)
{
    if (r->limits->cancel && *r->limits->cancel)
        error_set(err, ERROR_CANCELLED, "a command in the guest was cut off");
    else if (now_ms() >= r->end)
        error_set(err, ERROR_TIMEOUT, "a command in the guest does not end");
    else
        return true;
    return false;
}

/* libssh loses its way in the middle of these two when they may not wait. */
static int start(const struct run *r, const char *command, struct error **err)
{
    long seconds = (long)(r->limits->connect_ms / 1000) + 1;

    ssh_options_set(r->session, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_set_blocking(r->session, 1);
    if (ssh_channel_open_session(r->channel) == SSH_OK &&
        ssh_channel_request_exec(r->channel, command) == SSH_OK &&
        ssh_channel_send_eof(r->channel) == SSH_OK)
        return 0;
    return error_set(err, ERROR_NOT_FOUND, "the guest runs no command: %s",
                     ssh_get_error(r->session));
}

static void keep(struct buffer *out, const char *chunk, int length)
{
    if (length > 0 && out->length < GUEST_OUTPUT_MOST)
        buffer_append(out, chunk, (size_t)length);
}

/* libssh sees no end of the output while its other half is not read. */
static int read_all(const struct run *r, struct buffer *out, struct error **err)
{
    char chunk[4096];

    for (;;) {
        int got = ssh_channel_read_timeout(r->channel, chunk, sizeof chunk, 0, SLICE_MS);

        keep(out, chunk, got);
        if (got < 0 && got != SSH_AGAIN && got != SSH_EOF)
            return error_set(err, ERROR_FAILED, "the guest does not answer any more: %s",
                             ssh_get_error(r->session));
        if (got <= 0) {
            keep(out, chunk, ssh_channel_read_nonblocking(r->channel, chunk, sizeof chunk, 1));
            if (ssh_channel_is_eof(r->channel))
                return 0;
        }
        if (!go_on(r, err))
            return -1;
    }
}

/* The exit code comes after the end of the output, and may not come at all. */
static int read_status(const struct run *r, struct error **err)
{
    while (ssh_channel_get_exit_status(r->channel) < 0 && !ssh_channel_is_closed(r->channel)) {
        char nothing;

        (void)ssh_channel_read_timeout(r->channel, &nothing, 1, 0, SLICE_MS);
        if (!go_on(r, err))
            return -1;
    }
    return 0;
}

static int run(struct run *r, const char *command, struct guest_result *ret, struct error **err)
{
    r->channel = ssh_channel_new(r->session);
    if (!r->channel)
        abort();
    if (start(r, command, err) < 0 || read_all(r, &ret->output, err) < 0 ||
        read_status(r, err) < 0)
        return -1;
    ret->status = ssh_channel_get_exit_status(r->channel);
    return 0;
}

int guest_exec_ssh(const struct guest_login *login, const char *command,
                   const struct guest_limits *limits, struct guest_result *ret,
                   struct error **err)
{
    struct guest_probe probe;
    struct run r = {.limits = limits};
    int outcome;

    *ret = (struct guest_result){0};
    r.session = guest_session_open(login, (int)limits->connect_ms, limits->cancel, &probe);
    if (!r.session) {
        char ip[IP4_TEXT];

        error_set(err, ERROR_NOT_FOUND, "%s %s%s%s", ip4_format(login->ip, ip),
                  guest_stage_text(probe.stage), probe.detail ? ": " : "",
                  probe.detail ? probe.detail : "");
        guest_probe_done(&probe);
        return -1;
    }
    guest_probe_done(&probe);
    r.end = now_ms() + limits->run_ms;
    outcome = run(&r, command, ret, err);
    ssh_channel_free(r.channel);
    guest_session_close(r.session);
    return outcome;
}
