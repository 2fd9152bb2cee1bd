/* SPDX-License-Identifier: Apache-2.0 */
#include "host/guest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host/guest_session.h"
#include "host/key.h"
#include "util/buffer.h"
#include "util/file.h"

#define SLICE_MS 100 /* how soon a cancel is seen */

struct attempt {
    const struct guest_login *login;
    const volatile int *cancel;
    long long deadline; /* of the monotonic clock, in ms */
    struct guest_probe *probe;
};

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void reach(struct attempt *a, enum guest_stage stage, const char *detail)
{
    a->probe->stage = stage;
    free(a->probe->detail);
    a->probe->detail = xstrdup_null(detail);
}

/* True when one of `events` (or an error, which the next call will tell) is there in time. */
static bool wait_for(const struct attempt *a, int fd, short events, long long deadline)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = events};
        long long left = deadline - now_ms();

        if ((a->cancel && *a->cancel) || left <= 0)
            return false;
        if (poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS) > 0)
            return true;
    }
}

/* True when the kernel has asked for the address and nobody has answered. */
static bool is_without_arp(uint32_t ip)
{
    auto_buffer struct buffer table = {0};
    char text[IP4_TEXT];
    size_t length = strlen(ip4_format(ip, text));

    if (file_read("/proc/net/arp", 16 << 20, &table, NULL) < 0 || !table.data)
        return false;
    for (const char *line = table.data; line; line = strchr(line, '\n')) {
        unsigned flags;

        line += *line == '\n';
        if (strncmp(line, text, length) == 0 && line[length] == ' ' &&
            sscanf(line + length, "%*x %x", &flags) == 1)
            return flags == 0;
    }
    return false;
}

static void refused(struct attempt *a, int code)
{
    enum guest_stage stage = GUEST_PORT_SILENT;

    if (code == ECONNREFUSED)
        stage = GUEST_PORT_CLOSED;
    else if (code == EHOSTUNREACH || code == ENETUNREACH || is_without_arp(a->login->ip))
        stage = GUEST_NO_ARP;
    reach(a, stage, strerror(code));
}

/* A connected descriptor, or -1 with the stage. */
static int open_connection(struct attempt *a)
{
    auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)a->login->port),
        .sin_addr.s_addr = htonl(a->login->ip),
    };
    long long patience = now_ms() + GUEST_CONNECT_MS;
    int code = 0, yes = 1;
    socklen_t length = sizeof code;

    if (fd < 0) {
        refused(a, errno);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        code = errno;
    if (code == EINPROGRESS) {
        if (!wait_for(a, fd, POLLOUT, patience < a->deadline ? patience : a->deadline))
            code = ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) < 0)
            code = errno;
    }
    if (code) {
        refused(a, code);
        return -1;
    }
    int opened = fd;
    fd = -1;
    return opened;
}

/* Waits for the server's first words and leaves them unread; libssh takes over only then, since
 * it cannot tell a silent port from one that speaks something else. */
static bool has_banner(struct attempt *a, int fd)
{
    static const char expected[4] = "SSH-";
    long long patience = a->login->banner_ms ? now_ms() + a->login->banner_ms : a->deadline;
    char start[4];
    ssize_t got;

    reach(a, GUEST_NO_BANNER, NULL);
    if (!wait_for(a, fd, POLLIN, patience < a->deadline ? patience : a->deadline))
        return false;
    got = recv(fd, start, sizeof start, MSG_PEEK);
    if (got < 0)
        reach(a, GUEST_NO_BANNER, strerror(errno));
    else if (got == 0)
        reach(a, GUEST_NO_BANNER, "the connection was closed");
    else if (memcmp(start, expected, (size_t)got) != 0)
        reach(a, GUEST_NO_BANNER, "what listens there does not speak SSH");
    return got > 0 && memcmp(start, expected, (size_t)got) == 0;
}

/* The algorithms that cost an emulated guest least, first; what old and small servers have,
 * behind. A host key of the type that we insist on, first, or a server with several would show
 * another. */
static ssh_session new_session(const struct attempt *a, int fd)
{
    const char *key = a->login->host_key;
    bool rsa = key && strncmp(key, "ssh-rsa ", 8) == 0;
    size_t type = key && !rsa ? strcspn(key, " ") : 0;
    auto_free char *host_keys = xasprintf(
        "%.*s%s%sssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-256,rsa-sha2-512", (int)type,
        type ? key : "", type ? "," : "", rsa ? "rsa-sha2-256,rsa-sha2-512," : "");
    char address[IP4_TEXT];
    ssh_session s = ssh_new();
    int no = 0;

    if (!s)
        abort();
    ip4_format(a->login->ip, address);
    ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &(bool){false});
    ssh_options_set(s, SSH_OPTIONS_LOG_VERBOSITY, &no);
    ssh_options_set(s, SSH_OPTIONS_HOST, address);
    ssh_options_set(s, SSH_OPTIONS_USER, a->login->user);
    ssh_options_set(s, SSH_OPTIONS_FD, &fd);
    ssh_options_set(s, SSH_OPTIONS_KEY_EXCHANGE,
                    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
                    "diffie-hellman-group14-sha256");
    ssh_options_set(s, SSH_OPTIONS_CIPHERS_C_S, "chacha20-poly1305@openssh.com,aes128-ctr");
    ssh_options_set(s, SSH_OPTIONS_CIPHERS_S_C, "chacha20-poly1305@openssh.com,aes128-ctr");
    ssh_options_set(s, SSH_OPTIONS_HOSTKEYS, host_keys);
    ssh_set_blocking(s, 0);
    return s;
}

/* Waits until libssh can go on with a call that said "again". */
static bool again(const struct attempt *a, ssh_session s)
{
    int flags = ssh_get_poll_flags(s);
    short events = POLLIN | (flags & SSH_WRITE_PENDING ? POLLOUT : 0);

    return wait_for(a, ssh_get_fd(s), events, a->deadline);
}

static bool shake_hands(struct attempt *a, ssh_session s)
{
    int outcome;

    reach(a, GUEST_NO_HANDSHAKE, NULL);
    while ((outcome = ssh_connect(s)) == SSH_AGAIN) {
        if (!again(a, s))
            return false;
    }
    if (outcome != SSH_OK)
        reach(a, GUEST_NO_HANDSHAKE, ssh_get_error(s));
    return outcome == SSH_OK;
}

static bool is_expected_host(struct attempt *a, ssh_session s)
{
    ssh_key key = NULL;
    char *base64 = NULL;

    if (ssh_get_server_publickey(s, &key) == SSH_OK &&
        ssh_pki_export_pubkey_base64(key, &base64) == SSH_OK)
        a->probe->host_key =
            xasprintf("%s %s", ssh_key_type_to_char(ssh_key_type(key)), base64);
    ssh_string_free_char(base64);
    ssh_key_free(key);
    if (a->login->host_key &&
        (!a->probe->host_key || !key_is_same(a->login->host_key, a->probe->host_key))) {
        reach(a, GUEST_KEY_CHANGED, "the server's host key is not the one given to the guest");
        return false;
    }
    return true;
}

/* With the key file, or, where that takes a passphrase, with the agent that has it. */
static int authenticate(const struct attempt *a, ssh_session s, const ssh_key key)
{
    int outcome;

    do {
        outcome = key ? ssh_userauth_publickey(s, NULL, key) : ssh_userauth_agent(s, NULL);
    } while (outcome == SSH_AUTH_AGAIN && again(a, s));
    return outcome;
}

static void log_in(struct attempt *a, ssh_session s)
{
    ssh_key key = NULL;
    auto_free char *detail = NULL;
    int loaded =
        ssh_pki_import_privkey_file(a->login->key_path, NULL, key_no_passphrase, NULL, &key);

    if (loaded == SSH_EOF) {
        detail = xasprintf("cannot read '%s'", a->login->key_path);
        reach(a, GUEST_KEY_REFUSED, detail);
        return;
    }
    switch (authenticate(a, s, key)) {
    case SSH_AUTH_SUCCESS:
        reach(a, GUEST_READY, NULL);
        break;
    case SSH_AUTH_DENIED:
    case SSH_AUTH_PARTIAL:
        detail = xasprintf(key ? "'%s' is not accepted for user '%s'"
                               : "'%s' cannot be read without a passphrase, and no key of the "
                                 "SSH agent is accepted for user '%s'",
                           a->login->key_path, a->login->user);
        reach(a, GUEST_KEY_REFUSED, detail);
        break;
    case SSH_AUTH_ERROR:
        reach(a, GUEST_NO_HANDSHAKE, ssh_get_error(s));
        break;
    default: /* time is up */
        break;
    }
    ssh_key_free(key);
}

static void start_libssh(void)
{
    (void)ssh_init();
}

ssh_session guest_session_open(const struct guest_login *login, int timeout_ms,
                               const volatile int *cancel, struct guest_probe *ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct attempt a = {login, cancel, now_ms() + timeout_ms, ret};
    ssh_session session;
    int fd;

    *ret = (struct guest_probe){0};
    fd = open_connection(&a);
    if (fd < 0)
        return NULL;
    if (!has_banner(&a, fd)) {
        close(fd);
        return NULL;
    }
    pthread_once(&once, start_libssh);
    session = new_session(&a, fd);
    if (shake_hands(&a, session) && is_expected_host(&a, session))
        log_in(&a, session);
    if (ret->stage == GUEST_READY)
        return session;
    guest_session_close(session);
    return NULL;
}

/* Not ssh_disconnect: it leaves a descriptor given to it open, unless saying goodbye fails. The
 * end of the stream tells the server as much. */
void guest_session_close(ssh_session session)
{
    ssh_free(session);
}

void guest_probe(const struct guest_login *login, int timeout_ms, const volatile int *cancel,
                 struct guest_probe *ret)
{
    ssh_session session = guest_session_open(login, timeout_ms, cancel, ret);

    if (session)
        guest_session_close(session);
}

void guest_probe_done(struct guest_probe *probe)
{
    free(probe->detail);
    free(probe->host_key);
    *probe = (struct guest_probe){0};
}

const char *guest_stage_text(enum guest_stage stage)
{
    static const char *const texts[] = {
        [GUEST_NO_ARP] = "does not answer ARP: its network is not up",
        [GUEST_PORT_CLOSED] = "refuses connections to its SSH port",
        [GUEST_PORT_SILENT] = "answers ARP, but not on its SSH port",
        [GUEST_NO_BANNER] = "accepts connections, but no SSH server answers",
        [GUEST_NO_HANDSHAKE] = "begins to speak SSH, but does not come to an end",
        [GUEST_KEY_CHANGED] = "shows another SSH host key than it was given",
        [GUEST_KEY_REFUSED] = "does not accept the SSH key",
        [GUEST_READY] = "answers SSH",
    };

    return texts[stage];
}
