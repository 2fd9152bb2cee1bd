/* SPDX-License-Identifier: Apache-2.0 */
#include "host/shell_ssh.h"

#include <libssh/libssh.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/key.h"
#include "host/shell_uri.h"

#define SLICE_MS 100 /* how soon a cancel is seen */
#define CONNECT_SECONDS 10L

struct shell_ssh {
    ssh_session session;
    ssh_channel channel; /* of the command that runs, or NULL */
};

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* What the URI says wins over ~/.ssh/config, which is why it is set behind it. */
static void set_options(ssh_session s, const struct shell_uri *uri)
{
    long seconds = CONNECT_SECONDS;
    int yes = 1;

    ssh_options_set(s, SSH_OPTIONS_HOST, uri->server);
    (void)ssh_options_parse_config(s, NULL);
    if (uri->user)
        ssh_options_set(s, SSH_OPTIONS_USER, uri->user);
    if (uri->port)
        ssh_options_set(s, SSH_OPTIONS_PORT, &uri->port);
    if (uri->known_hosts)
        ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, uri->known_hosts);
    if (uri->keyfile)
        ssh_options_set(s, SSH_OPTIONS_ADD_IDENTITY, uri->keyfile);
    ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(s, SSH_OPTIONS_NODELAY, &yes);
}

/* "-p 2222 root@10.0.0.1", as the ssh program takes it. */
static char *destination(const struct shell_uri *uri)
{
    auto_free char *port = uri->port ? xasprintf("-p %d ", uri->port) : xstrdup("");

    return xasprintf("%s%s%s%s", port, uri->user ? uri->user : "", uri->user ? "@" : "",
                     uri->server);
}

static char *fingerprint(ssh_session s)
{
    unsigned char *hash = NULL;
    size_t length = 0;
    ssh_key key = NULL;
    char *text = NULL, *copy;

    if (ssh_get_server_publickey(s, &key) == SSH_OK &&
        ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == 0)
        text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
    copy = xstrdup(text ? text : "?");
    ssh_string_free_char(text);
    ssh_clean_pubkey_hash(&hash);
    ssh_key_free(key);
    return copy;
}

static int check_host_key(ssh_session s, const char *name, const struct shell_uri *uri,
                          struct error **err)
{
    auto_free char *shown = fingerprint(s);
    auto_free char *where = destination(uri);

    if (uri->no_verify)
        return 0;
    switch (ssh_session_is_known_server(s)) {
    case SSH_KNOWN_HOSTS_OK:
        return 0;
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
        error_set(err, ERROR_CONFLICT, "host '%s' shows another SSH host key than is known: %s",
                  name, shown);
        return error_hint(err,
                          "if it was installed anew: ssh-keygen -R '%s', then accept the new "
                          "key: ssh %s true",
                          uri->server, where);
    case SSH_KNOWN_HOSTS_NOT_FOUND:
    case SSH_KNOWN_HOSTS_UNKNOWN:
        error_set(err, ERROR_NOT_FOUND, "the SSH host key of host '%s' is not known yet: %s",
                  name, shown);
        return error_hint(err, "compare it with the host's own, and accept it: ssh %s true",
                          where);
    default:
        return error_set(err, ERROR_FAILED, "cannot check the SSH host key of host '%s': %s",
                         name, ssh_get_error(s));
    }
}

/* The file that the URI names, alone first: the agent's keys may be more than the server lets
 * one try. */
static int log_in(ssh_session s, const char *name, const struct shell_uri *uri,
                  struct error **err)
{
    auto_free char *where = destination(uri);
    ssh_key key = NULL;
    int outcome = SSH_AUTH_DENIED;

    if (ssh_userauth_none(s, NULL) == SSH_AUTH_SUCCESS)
        return 0;
    if (uri->keyfile && ssh_pki_import_privkey_file(uri->keyfile, NULL, key_no_passphrase, NULL,
                                                    &key) == SSH_OK)
        outcome = ssh_userauth_publickey(s, NULL, key);
    ssh_key_free(key);
    if (outcome != SSH_AUTH_SUCCESS && outcome != SSH_AUTH_ERROR)
        outcome = ssh_userauth_publickey_auto(s, NULL, NULL);
    if (outcome == SSH_AUTH_SUCCESS)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "host '%s' lets nobody in by SSH: %s", name,
              outcome == SSH_AUTH_ERROR ? ssh_get_error(s) : "no key of ours is accepted");
    return error_hint(err, "this must work without a password: ssh %s%s%s%s true",
                      uri->keyfile ? "-i " : "", uri->keyfile ? uri->keyfile : "",
                      uri->keyfile ? " " : "", where);
}

int shell_ssh_open(const char *name, const char *text, struct shell_ssh **ret,
                   struct error **err)
{
    auto_shell_uri struct shell_uri uri = {0};
    struct shell_ssh *ssh;

    if (shell_uri_parse(text, &uri, err) < 0)
        return -1;
    ssh = xcalloc(1, sizeof *ssh);
    ssh->session = ssh_new();
    if (!ssh->session)
        abort();
    set_options(ssh->session, &uri);
    if (ssh_connect(ssh->session) != SSH_OK)
        error_set(err, ERROR_NOT_FOUND, "cannot reach host '%s' by SSH: %s", name,
                  ssh_get_error(ssh->session));
    else if (check_host_key(ssh->session, name, &uri, err) == 0 &&
             log_in(ssh->session, name, &uri, err) == 0) {
        *ret = ssh;
        return 0;
    }
    shell_ssh_close(ssh);
    return -1;
}

void shell_ssh_close(struct shell_ssh *ssh)
{
    if (!ssh)
        return;
    if (ssh->channel)
        ssh_channel_free(ssh->channel);
    ssh_disconnect(ssh->session);
    ssh_free(ssh->session);
    free(ssh);
}

int shell_ssh_start(struct shell_ssh *ssh, const char *command, struct error **err)
{
    ssh->channel = ssh_channel_new(ssh->session);
    if (!ssh->channel)
        abort();
    if (ssh_channel_open_session(ssh->channel) == SSH_OK &&
        ssh_channel_request_exec(ssh->channel, command) == SSH_OK)
        return 0;
    return error_set(err, ERROR_FAILED, "it runs no command: %s", ssh_get_error(ssh->session));
}

static int send_input(struct shell_ssh *ssh, const char *input, struct error **err)
{
    size_t length = strlen(input);

    while (length > 0) {
        uint32_t part = length > 32768 ? 32768 : (uint32_t)length;
        int sent = ssh_channel_write(ssh->channel, input, part);

        if (sent <= 0)
            return error_set(err, ERROR_FAILED, "the connection broke: %s",
                             ssh_get_error(ssh->session));
        input += sent;
        length -= (size_t)sent;
    }
    if (ssh_channel_send_eof(ssh->channel) != SSH_OK)
        return error_set(err, ERROR_FAILED, "the connection broke: %s",
                         ssh_get_error(ssh->session));
    return 0;
}

static void keep(struct buffer *out, const char *chunk, int length)
{
    if (length > 0 && out->length < SHELL_OUTPUT_MOST)
        buffer_append(out, chunk, (size_t)length);
}

/* Until the other side has said its exit code, and no output can follow. */
static int read_all(struct shell_ssh *ssh, const struct shell_options *options,
                    struct shell_result *ret, struct error **err)
{
    long long end = now_ms() + options->timeout_ms;
    char chunk[16384];

    for (;;) {
        int got = ssh_channel_read_timeout(ssh->channel, chunk, sizeof chunk, 0, SLICE_MS);

        keep(&ret->output, chunk, got);
        if (got == SSH_ERROR || (got <= 0 && !ssh_is_connected(ssh->session)))
            return error_set(err, ERROR_FAILED, "the connection broke: %s",
                             ssh_get_error(ssh->session));
        if (got <= 0) {
            keep(&ret->output, chunk,
                 ssh_channel_read_nonblocking(ssh->channel, chunk, sizeof chunk, 1));
            ret->status = ssh_channel_get_exit_status(ssh->channel);
            if (ssh_channel_is_eof(ssh->channel) &&
                (ret->status >= 0 || ssh_channel_is_closed(ssh->channel)))
                return 0;
        }
        if (options->cancel && *options->cancel)
            return error_set(err, ERROR_CANCELLED, "a command was cut off");
        if (now_ms() >= end)
            return error_set(err, ERROR_TIMEOUT,
                             "a command does not end, or the host does not "
                             "answer any more");
    }
}

int shell_ssh_finish(struct shell_ssh *ssh, const char *input,
                     const struct shell_options *options, struct shell_result *ret,
                     struct error **err)
{
    if (send_input(ssh, input, err) < 0 || read_all(ssh, options, ret, err) < 0)
        return -1;
    ssh_channel_free(TAKE(ssh->channel));
    return 0;
}
