/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/process.h"

/* $1 stands in for the home folder $2; /run gets sshd's folder; a root that may not log in with
 * a password may do so with a key. */
static const char in_namespace[] =
    "cp /etc/shadow \"$1/shadow\" 2>/dev/null && sed -i 's/^root:!*/root:*/' \"$1/shadow\" && "
    "mount --bind \"$1/shadow\" /etc/shadow\n"
    "mount --bind \"$1/home\" \"$2\" && mount -t tmpfs tmpfs /run && mkdir /run/sshd || exit\n"
    "shift 2; exec \"$@\"";

static const char *program(enum server_kind kind)
{
    static const char *const paths[][3] = {
        {"/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd"},
        {"/usr/sbin/dropbear", "/usr/bin/dropbear", "/usr/local/sbin/dropbear"},
    };

    for (size_t i = 0; i < 3; i++) {
        if (access(paths[kind][i], X_OK) == 0)
            return paths[kind][i];
    }
    return NULL;
}

int run(const char *const *argv)
{
    return process_run(argv, &(struct process_options){.timeout_ms = 30000}, NULL, NULL);
}

pid_t spawn(const char *const *argv, const char *log)
{
    pid_t pid = fork();

    if (pid == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
        dup2(fd, 1);
        dup2(fd, 2);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    return pid;
}

void stop(pid_t pid)
{
    if (pid > 0 && kill(pid, SIGKILL) == 0)
        waitpid(pid, NULL, 0);
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int free_port(void)
{
    auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;

    if (bind(fd, (struct sockaddr *)&address, length) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) < 0)
        return -1;
    return ntohs(address.sin_port);
}

static int wait_listening(const struct server *s)
{
    const struct timespec pause = {0, 10000000};
    struct sockaddr_in address = loopback(s->port);

    for (int i = 0; i < 1000; i++) {
        auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return 0;
        if (waitpid(s->pid, NULL, WNOHANG) == s->pid)
            return -1;
        nanosleep(&pause, NULL);
    }
    return -1;
}

static int keygen(const char *type, const char *path)
{
    return RUN("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", path);
}

/* "type base64" of a .pub file, or of dropbearkey's output. */
static char *read_key(const char *text)
{
    const char *at = strstr(text, "ssh-");
    size_t length = at ? strcspn(at, " ") : 0;

    return at ? xstrndup(at, length + 1 + strcspn(at + length + 1, " \n")) : NULL;
}

static char *key_in_file(const char *path)
{
    auto_buffer struct buffer text = {0};

    return file_read(path, 10000, &text, NULL) < 0 ? NULL : read_key(text.data);
}

static int put(const char *path, const char *text)
{
    return file_publish(path, text, strlen(text), 0600, NULL);
}

/* As `unshare` takes it: nobody but root needs a user namespace for a mount. */
static void in_own_namespace(const char **argv, size_t *count)
{
    argv[(*count)++] = "unshare";
    argv[(*count)++] = "--mount";
    if (geteuid() != 0) {
        argv[(*count)++] = "--map-current-user";
        argv[(*count)++] = "--keep-caps";
    }
}

bool server_possible(enum server_kind kind)
{
    const char *argv[8] = {0};
    size_t count = 0;

    in_own_namespace(argv, &count);
    argv[count++] = "mount";
    argv[count++] = "-ttmpfs";
    argv[count++] = "tmpfs";
    argv[count++] = "/run";
    return program(kind) &&
           process_exists(kind == SERVER_OPENSSH ? "ssh-keygen" : "dropbearkey") &&
           run(argv) == 0;
}

static int start_openssh(struct server *s, const char **argv, size_t count)
{
    auto_free char *host = xasprintf("%s/host", s->folder);
    auto_free char *rsa = xasprintf("%s/host-rsa", s->folder);
    auto_free char *pub = xasprintf("%s.pub", host);
    auto_free char *rsa_pub = xasprintf("%s.pub", rsa);
    auto_free char *config = xasprintf("%s/sshd_config", s->folder);
    auto_free char *log = xasprintf("%s/log", s->folder);
    auto_free char *text = xasprintf("ListenAddress 127.0.0.1:%d\nHostKey %s\nHostKey %s\n"
                                     "PidFile none\nStrictModes no\nUsePAM no\n"
                                     "PasswordAuthentication no\n"
                                     "PermitRootLogin prohibit-password\n",
                                     s->port, host, rsa);

    if (keygen("ed25519", host) < 0 || keygen("rsa", rsa) < 0 || put(config, text) < 0)
        return -1;
    s->host_key = key_in_file(pub);
    s->rsa_key = key_in_file(rsa_pub);
    argv[count++] = program(SERVER_OPENSSH);
    argv[count++] = "-De";
    argv[count++] = "-f";
    argv[count++] = config;
    s->pid = spawn(argv, log);
    return wait_listening(s);
}

static int start_dropbear(struct server *s, const char **argv, size_t count)
{
    auto_free char *host = xasprintf("%s/host", s->folder);
    auto_free char *log = xasprintf("%s/log", s->folder);
    auto_free char *port = xasprintf("127.0.0.1:%d", s->port);
    auto_free char *pid_file = xasprintf("%s/pid", s->folder);
    auto_buffer struct buffer made = {0};

    if (process_run((const char *const[]){"dropbearkey", "-t", "ed25519", "-f", host, NULL},
                    &(struct process_options){.timeout_ms = 30000}, &made, NULL) < 0)
        return -1;
    s->host_key = read_key(made.data);
    argv[count++] = program(SERVER_DROPBEAR);
    argv[count++] = "-FEs";
    argv[count++] = "-P";
    argv[count++] = pid_file;
    argv[count++] = "-r";
    argv[count++] = host;
    argv[count++] = "-p";
    argv[count++] = port;
    s->pid = spawn(argv, log);
    return wait_listening(s);
}

int server_start(enum server_kind kind, const char *folder, struct server *ret)
{
    const struct passwd *user = getpwuid(geteuid());
    auto_free char *home = xasprintf("%s/home", folder);
    auto_free char *dot_ssh = xasprintf("%s/home/.ssh", folder);
    auto_free char *authorized = xasprintf("%s/authorized_keys", dot_ssh);
    auto_free char *pub = NULL;
    auto_buffer struct buffer line = {0};
    const char *argv[24] = {0};
    size_t count = 0;

    *ret = (struct server){.user = user ? user->pw_name : "root",
                           .port = free_port(),
                           .folder = xstrdup(folder),
                           .key = xasprintf("%s/id", folder)};
    pub = xasprintf("%s.pub", ret->key);
    if (keygen("ed25519", ret->key) < 0 || file_read(pub, 10000, &line, NULL) < 0 ||
        mkdir(home, 0700) < 0 || mkdir(dot_ssh, 0700) < 0 || put(authorized, line.data) < 0)
        return -1;
    in_own_namespace(argv, &count);
    argv[count++] = "sh";
    argv[count++] = "-c";
    argv[count++] = in_namespace;
    argv[count++] = "sh";
    argv[count++] = folder;
    argv[count++] = user ? user->pw_dir : "/root";
    return kind == SERVER_OPENSSH ? start_openssh(ret, argv, count)
                                  : start_dropbear(ret, argv, count);
}

void server_stop(struct server *s)
{
    stop(s->pid);
    free(s->folder);
    free(s->key);
    free(s->host_key);
    free(s->rsa_key);
    *s = (struct server){0};
}
