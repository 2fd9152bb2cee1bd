/* SPDX-License-Identifier: Apache-2.0 */
#include "host/key.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <libssh/libssh.h>

#include "util/buffer.h"
#include "util/file.h"

#define KEY_LIMIT (64 << 10)

static void cleanup_key(ssh_key *key)
{
    ssh_key_free(*key);
}
#define auto_key __attribute__((cleanup(cleanup_key)))

char *key_cluster_path(const char *cluster)
{
    auto_free char *data = path_data();

    return xasprintf("%s/%s/id_ed25519", data, cluster);
}

char *key_comment(const char *cluster)
{
    return xasprintf("virtopo:%s", cluster);
}

bool key_is_same(const char *a, const char *b)
{
    size_t type = strcspn(a, " ");
    size_t length = a[type] ? type + 1 + strcspn(a + type + 1, " \t\r\n") : type;

    return strncmp(a, b, length) == 0 && (!b[length] || strchr(" \t\r\n", b[length]));
}

/* "ssh-ed25519 AAAA…" */
static int public_text(const ssh_key key, char **ret, struct error **err)
{
    char *base64 = NULL;

    if (ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
        return error_set(err, ERROR_FAILED, "libssh cannot write a public key");
    *ret = xasprintf("%s %s", ssh_key_type_to_char(ssh_key_type(key)), base64);
    ssh_string_free_char(base64);
    return 0;
}

/* libssh puts all of the base64 in one line; some readers insist on lines of 70. */
static char *fold(const char *pem)
{
    const size_t width = 70;
    struct buffer out = {0};

    while (*pem) {
        size_t length = strcspn(pem, "\n");

        for (size_t at = 0; at < length; at += width) {
            buffer_append(&out, pem + at, length - at < width ? length - at : width);
            buffer_puts(&out, "\n");
        }
        pem += length + (pem[length] == '\n');
    }
    return buffer_take(&out);
}

int key_generate(char **ret_private, char **ret_public, struct error **err)
{
    auto_key ssh_key key = NULL;
    char *pem = NULL;

    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK ||
        ssh_pki_export_privkey_base64(key, NULL, NULL, NULL, &pem) != SSH_OK)
        return error_set(err, ERROR_FAILED, "libssh cannot make an ed25519 key");
    if (public_text(key, ret_public, err) < 0) {
        ssh_string_free_char(pem);
        return -1;
    }
    *ret_private = fold(pem);
    explicit_bzero(pem, strlen(pem));
    ssh_string_free_char(pem);
    return 0;
}

/* As ssh: another's file may have any mode, our own must be ours alone. */
static int check_private(const char *path, struct error **err)
{
    struct stat st;

    if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        error_set(err, ERROR_NOT_FOUND, "there is no SSH key at '%s'", path);
        return error_hint(err, "make one with: ssh-keygen -t ed25519 -f %s", path);
    }
    if (access(path, R_OK) < 0) {
        error_errno(err, errno, "cannot read the SSH key '%s'", path);
        return error_hint(err, "run as its owner, or name another key in ssh.key");
    }
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_FAILED, "the SSH key '%s' is not a file", path);
    if (st.st_uid == getuid() && (st.st_mode & 077)) {
        error_set(err, ERROR_FAILED,
                  "others can read the private SSH key '%s' (mode %04o): ssh would refuse it",
                  path, (unsigned)st.st_mode & 07777);
        return error_hint(err, "chmod 600 %s", path);
    }
    return 0;
}

/* The first line of <path>.pub, or NULL when there is no such file or no key in it. */
static char *read_pub(const char *path)
{
    auto_free char *pub_path = xasprintf("%s.pub", path);
    auto_buffer struct buffer text = {0};
    auto_key ssh_key key = NULL;

    if (ssh_pki_import_pubkey_file(pub_path, &key) != SSH_OK ||
        file_read(pub_path, KEY_LIMIT, &text, NULL) < 0)
        return NULL;
    text.data[strcspn(text.data, "\r\n")] = '\0';
    return buffer_take(&text);
}

int key_no_passphrase(const char *prompt, char *buffer, size_t length, int echo, int verify,
                      void *unused)
{
    (void)prompt;
    (void)buffer;
    (void)length;
    (void)echo;
    (void)verify;
    (void)unused;
    return -1;
}

int key_public(const char *path, char **ret, struct error **err)
{
    auto_key ssh_key key = NULL;
    auto_free char *derived = NULL;
    char *pub;

    if (check_private(path, err) < 0)
        return -1;
    pub = read_pub(path);
    if (ssh_pki_import_privkey_file(path, NULL, key_no_passphrase, NULL, &key) != SSH_OK) {
        if (pub) {
            *ret = pub;
            return 0;
        }
        /* OpenSSH's own format has the public half in the clear. */
        if (ssh_pki_import_pubkey_file(path, &key) != SSH_OK) {
            error_set(
                err, ERROR_FAILED,
                "'%s' is no private SSH key, or it has a passphrase and no .pub beside it",
                path);
            return error_hint(err, "write its public half: ssh-keygen -y -f %s > %s.pub", path,
                              path);
        }
    }
    if (public_text(key, &derived, err) < 0) {
        free(pub);
        return -1;
    }
    /* A .pub that belongs to another key would lock us out; ours only lends its comment. */
    if (pub && key_is_same(derived, pub)) {
        *ret = pub;
        return 0;
    }
    free(pub);
    *ret = TAKE(derived);
    return 0;
}

static bool agent_runs(void)
{
    const char *path = getenv("SSH_AUTH_SOCK");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    bool runs = false;
    int fd;

    if (!path || strlen(path) >= sizeof address.sun_path)
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    memcpy(address.sun_path, path, strlen(path));
    runs = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return runs;
}

int key_check_usable(const char *path, struct error **err)
{
    auto_key ssh_key key = NULL;

    if (check_private(path, err) < 0)
        return -1;
    if (ssh_pki_import_privkey_file(path, NULL, key_no_passphrase, NULL, &key) == SSH_OK ||
        agent_runs())
        return 0;
    error_set(err, ERROR_FAILED, "the SSH key '%s' has a passphrase, and no SSH agent runs",
              path);
    return error_hint(err, "eval $(ssh-agent); ssh-add %s", path);
}

/* <path>.pub from the private key that is there, whoever put it there. */
static int publish_pub(const char *path, const char *comment, struct error **err)
{
    auto_free char *pub_path = xasprintf("%s.pub", path);
    auto_free char *key = NULL;
    auto_free char *line = NULL;

    if (key_public(path, &key, err) < 0)
        return -1;
    line = strchr(strchr(key, ' ') + 1, ' ') ? xasprintf("%s\n", key)
                                             : xasprintf("%s %s\n", key, comment);
    return file_publish(pub_path, line, strlen(line), 0644, err);
}

int key_ensure(const char *path, const char *comment, struct error **err)
{
    auto_free char *folder = path_folder(path);
    auto_free char *pub_path = xasprintf("%s.pub", path);
    auto_free char *private = NULL;
    auto_free char *public = NULL;
    auto_error struct error *conflict = NULL;
    int outcome;

    if (access(path, F_OK) == 0)
        return access(pub_path, F_OK) == 0 ? 0 : publish_pub(path, comment, err);
    if (file_make_folders(folder, 0700, err) < 0 || key_generate(&private, &public, err) < 0)
        return -1;
    outcome = file_publish_new(path, private, strlen(private), 0600, &conflict);
    explicit_bzero(private, strlen(private));
    if (outcome < 0 && conflict->kind != ERROR_CONFLICT)
        return error_move(err, TAKE(conflict));
    return publish_pub(path, comment, err);
}

int key_forget(const char *cluster, struct error **err)
{
    auto_free char *data = path_data();
    auto_free char *folder = xasprintf("%s/%s", data, cluster);

    if (file_remove_tree(folder, err) < 0)
        return -1;
    /* Also the folder of all clusters with the last of them. */
    rmdir(data);
    return 0;
}
