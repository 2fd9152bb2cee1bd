/* SPDX-License-Identifier: Apache-2.0 */
/* On the way to SSH: sockets that are none, or half of one. */
#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "expect.h"
#include "server.h"

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* A listening socket; its port comes back. */
static int listen_on(int backlog, int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static struct guest_login nobody(int port)
{
    return (struct guest_login){
        .ip = LOOPBACK, .port = port, .user = "root", .key_path = "/nonexistent"};
}

static void port_closed(void **state)
{
    struct guest_login login = nobody(free_port());

    (void)state;
    check_stage(&login, 5000, GUEST_PORT_CLOSED, "refused");
}

static void port_silent(void **state)
{
    int port, fillers[8];
    int fd = listen_on(0, &port);
    struct guest_login login = nobody(port);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    long long start;

    (void)state;
    /* Nobody accepts: with its queue full the kernel drops what comes. */
    for (size_t i = 0; i < ARRAY_SIZE(fillers); i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)!connect(fillers[i], (struct sockaddr *)&address, sizeof address);
    }
    start = now_ms();
    check_stage(&login, 300, GUEST_PORT_SILENT, NULL);
    assert_in_range(now_ms() - start, 290, 800);
    start = now_ms();
    check_stage(&login, 20000, GUEST_PORT_SILENT, NULL);
    assert_in_range(now_ms() - start, GUEST_CONNECT_MS - 10, GUEST_CONNECT_MS + 500);
    for (size_t i = 0; i < ARRAY_SIZE(fillers); i++)
        close(fillers[i]);
    close(fd);
}

static void no_banner(void **state)
{
    int port;
    int fd = listen_on(5, &port);
    struct guest_login login = nobody(port);
    long long start = now_ms();

    (void)state;
    check_stage(&login, 300, GUEST_NO_BANNER, NULL);
    assert_in_range(now_ms() - start, 290, 800);
    close(fd);
}

/* Says its words to the next who comes, then stays, or closes. */
struct speaker {
    int fd;
    const char *words;
    bool closes;
};

static void *speak(void *opaque)
{
    const struct speaker *s = opaque;
    char byte;
    int fd = accept(s->fd, NULL, NULL);

    if (write(fd, s->words, strlen(s->words)) >= 0 && !s->closes) {
        while (read(fd, &byte, 1) > 0)
            continue;
    }
    close(fd);
    return NULL;
}

static void check_speaker(const char *words, bool closes, enum guest_stage expected,
                          const char *detail)
{
    int port;
    auto_close int fd = listen_on(5, &port);
    struct speaker s = {fd, words, closes};
    struct guest_login login = nobody(port);
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, speak, &s), 0);
    check_stage(&login, 500, expected, detail);
    pthread_join(thread, NULL);
}

static void no_ssh_server(void **state)
{
    (void)state;
    check_speaker("220 mail.test ESMTP\r\n", false, GUEST_NO_BANNER, "does not speak SSH");
    check_speaker("", true, GUEST_NO_BANNER, "closed");
    check_speaker("SSH-2.0-stuck\r\n", false, GUEST_NO_HANDSHAKE, NULL);
    check_speaker("SSH-2.0-gone\r\n", true, GUEST_NO_HANDSHAKE, "");
    check_speaker("SSH-1.5-old\r\n", false, GUEST_NO_HANDSHAKE, "");
    check_speaker("SSH-2.0-x\r\n\x01\x02\x03\x04garbage of a server that is none", false,
                  GUEST_NO_HANDSHAKE, "");
}

static void *cancel_soon(void *opaque)
{
    volatile int *cancel = opaque;

    nanosleep(&(struct timespec){0, 50000000}, NULL);
    *cancel = 1;
    return NULL;
}

static void cancelled(void **state)
{
    int port;
    int fd = listen_on(5, &port);
    struct guest_login login = nobody(port);
    struct guest_probe probe;
    volatile int cancel = 0;
    long long start = now_ms();
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, (void *)&cancel), 0);
    guest_probe(&login, 20000, &cancel, &probe);
    assert_int_equal(probe.stage, GUEST_NO_BANNER);
    assert_in_range(now_ms() - start, 40, 500);
    guest_probe_done(&probe);
    pthread_join(thread, NULL);
    close(fd);
}

/* A segment with nobody on it: a bridge without ports in a network namespace. */
static int probe_empty_segment(void)
{
    const struct guest_login login = {
        .ip = 0x0a630102, .port = 22, .user = "root", .key_path = "/nonexistent"};
    struct guest_probe probe;

    if (RUN("ip", "link", "add", "br0", "type", "bridge") < 0 ||
        RUN("ip", "address", "add", "10.99.1.1/24", "dev", "br0") < 0 ||
        RUN("ip", "link", "set", "br0", "up") < 0)
        return 77;
    guest_probe(&login, 400, NULL, &probe);
    return probe.stage == GUEST_NO_ARP ? 0 : 1;
}

static void no_arp(void **state)
{
    pid_t pid;
    int status;

    (void)state;
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        _exit(unshare(CLONE_NEWNET) < 0 ? 77 : probe_empty_segment());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(port_closed), cmocka_unit_test(port_silent),
        cmocka_unit_test(no_banner),   cmocka_unit_test(no_ssh_server),
        cmocka_unit_test(cancelled),   cmocka_unit_test(no_arp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
