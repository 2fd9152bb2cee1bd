/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/key.h"
#include "server.h"
#include "util/file.h"
#include "util/process.h"

static char *scratch;

static int enter(void **state)
{
    const char *parent = getenv("TMPDIR");

    (void)state;
    scratch = xasprintf("%s/key-XXXXXX", parent ? parent : "/tmp");
    return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    int result = file_remove_tree(scratch, NULL);

    (void)state;
    free(scratch);
    return result;
}

static char *content(const char *path)
{
    struct buffer text = {0};

    assert_int_equal(file_read(path, 100000, &text, NULL), 0);
    return buffer_take(&text);
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

/* What OpenSSH itself takes for the public half. */
static char *openssh_public(const char *path)
{
    struct buffer out = {0};

    assert_int_equal(process_run((const char *const[]){"ssh-keygen", "-y", "-f", path, NULL},
                                 &(struct process_options){.timeout_ms = 10000}, &out, NULL),
                     0);
    out.data[strcspn(out.data, "\n")] = '\0';
    return buffer_take(&out);
}

static void check_public(const char *path, const char *expected)
{
    auto_error struct error *err = NULL;
    auto_free char *public = NULL;

    if (key_public(path, &public, &err) < 0)
        fail_msg("%s", err->message);
    assert_string_equal(public, expected);
}

static void check_refused(const char *path, enum error_kind kind, const char *text,
                          const char *hint)
{
    auto_error struct error *err = NULL;
    char *public = NULL;

    assert_int_equal(key_public(path, &public, &err), -1);
    assert_null(public);
    assert_int_equal(err->kind, kind);
    if (!strstr(err->message, text))
        fail_msg("'%s' does not say '%s'", err->message, text);
    if (hint && (!err->hint || !strstr(err->hint, hint)))
        fail_msg("hint '%s' does not say '%s'", err->hint ? err->hint : "", hint);
}

static void generated_as_openssh_wants_it(void **state)
{
    auto_free char *private = NULL;
    auto_free char *public = NULL;
    auto_free char *derived = NULL;

    (void)state;
    assert_int_equal(key_generate(&private, &public, NULL), 0);
    assert_int_equal(strncmp(public, "ssh-ed25519 AAAA", 16), 0);
    assert_null(strchr(strchr(public, ' ') + 1, ' '));
    assert_int_equal(file_publish("k", private, strlen(private), 0600, NULL), 0);
    derived = openssh_public("k");
    assert_true(key_is_same(public, derived));
    for (const char *line = private; *line; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 1, 70);
}

static void generated_anew_each_time(void **state)
{
    auto_free char *a_private = NULL;
    auto_free char *a = NULL;
    auto_free char *b_private = NULL;
    auto_free char *b = NULL;

    (void)state;
    assert_int_equal(key_generate(&a_private, &a, NULL), 0);
    assert_int_equal(key_generate(&b_private, &b, NULL), 0);
    assert_false(key_is_same(a, b));
    assert_string_not_equal(a_private, b_private);
}

static void ensure_makes_it_once(void **state)
{
    auto_free char *private = NULL;
    auto_free char *public = NULL;
    auto_free char *again = NULL;

    (void)state;
    assert_int_equal(key_ensure("a/b/id", "ann@desk", NULL), 0);
    assert_int_equal(mode_of("a/b"), 0700);
    assert_int_equal(mode_of("a/b/id"), 0600);
    assert_int_equal(mode_of("a/b/id.pub"), 0644);
    private = content("a/b/id");
    public = content("a/b/id.pub");
    assert_non_null(strstr(public, " ann@desk\n"));
    public[strlen(public) - 1] = '\0';
    check_public("a/b/id", public);
    assert_int_equal(key_ensure("a/b/id", "other", NULL), 0);
    again = content("a/b/id");
    assert_string_equal(private, again);
}

static void ensure_heals_the_public_half(void **state)
{
    auto_free char *public = NULL;
    auto_free char *healed = NULL;

    (void)state;
    assert_int_equal(key_ensure("id", "c", NULL), 0);
    public = content("id.pub");
    assert_int_equal(unlink("id.pub"), 0);
    assert_int_equal(key_ensure("id", "c", NULL), 0);
    healed = content("id.pub");
    assert_string_equal(public, healed);
    /* A stale one, of a key that is gone. */
    assert_int_equal(unlink("id"), 0);
    assert_int_equal(key_ensure("id", "c", NULL), 0);
    free(healed);
    healed = content("id.pub");
    assert_string_not_equal(public, healed);
    healed[strlen(healed) - 1] = '\0';
    check_public("id", healed);
}

static void ensure_at_the_same_time(void **state)
{
    pid_t pids[8];
    auto_free char *public = NULL;
    auto_free char *derived = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(key_ensure("folder/id", "c", NULL) == 0 ? 0 : 1);
    }
    for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
        int status;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    public = content("folder/id.pub");
    derived = openssh_public("folder/id");
    assert_true(key_is_same(derived, public));
    assert_int_equal(RUN("sh", "-c", "test \"$(ls folder | tr '\\n' ' ')\" = 'id id.pub '"), 0);
}

static void ensure_tells_why_not(void **state)
{
    auto_error struct error *err = NULL;

    (void)state;
    assert_int_equal(file_publish("file", "x", 1, 0600, NULL), 0);
    assert_int_equal(key_ensure("file/id", "c", &err), -1);
    assert_non_null(strstr(err->message, "'file'"));
}

static void keygen(const char *type, const char *passphrase, const char *format)
{
    unlink("id");
    unlink("id.pub");
    assert_int_equal(RUN("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-m", format, "-C",
                         "ann@desk", "-f", "id"),
                     0);
}

static void every_kind_of_key(void **state)
{
    static const char *const types[] = {"ed25519", "rsa", "ecdsa"};
    static const char *const formats[] = {"RFC4716", "PEM"};

    (void)state;
    for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
        for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
            auto_free char *line = NULL;

            keygen(types[t], "", formats[f]);
            line = content("id.pub");
            line[strlen(line) - 1] = '\0';
            check_public("id", line);
            /* Without the .pub the same, but for the comment. */
            assert_int_equal(unlink("id.pub"), 0);
            *strrchr(line, ' ') = '\0';
            check_public("id", line);
        }
    }
}

static void a_pub_of_another_key_is_not_believed(void **state)
{
    auto_free char *derived = NULL;

    (void)state;
    assert_int_equal(key_ensure("id", "right", NULL), 0);
    assert_int_equal(key_ensure("other", "wrong", NULL), 0);
    assert_int_equal(rename("other.pub", "id.pub"), 0);
    derived = openssh_public("id");
    derived[strcspn(derived, " ") + 1 + strcspn(strchr(derived, ' ') + 1, " ")] = '\0';
    check_public("id", derived);
}

static void check_usable(const char *path, const char *message, const char *hint)
{
    auto_error struct error *err = NULL;

    assert_int_equal(key_check_usable(path, &err), message ? -1 : 0);
    if (message) {
        assert_non_null(strstr(err->message, message));
        assert_non_null(strstr(err->hint, hint));
    }
}

static void for_a_login(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "agent"};
    int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)state;
    unsetenv("SSH_AUTH_SOCK");
    check_usable("id", "there is no SSH key at 'id'", "ssh-keygen");
    keygen("ed25519", "", "RFC4716");
    check_usable("id", NULL, NULL);
    keygen("ed25519", "secret", "RFC4716");
    check_usable("id", "the SSH key 'id' has a passphrase, and no SSH agent runs",
                 "ssh-add id");
    setenv("SSH_AUTH_SOCK", "agent", 1);
    check_usable("id", "no SSH agent runs", "ssh-add id");
    assert_int_equal(bind(agent, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(agent, 1), 0);
    check_usable("id", NULL, NULL);
    close(agent);
    unsetenv("SSH_AUTH_SOCK");
}

static void with_a_passphrase(void **state)
{
    auto_free char *line = NULL;

    (void)state;
    keygen("rsa", "secret", "PEM");
    line = content("id.pub");
    line[strlen(line) - 1] = '\0';
    check_public("id", line);
    assert_int_equal(unlink("id.pub"), 0);
    check_refused("id", ERROR_FAILED, "passphrase", "ssh-keygen -y -f id > id.pub");
    keygen("ed25519", "secret", "RFC4716");
    free(line);
    line = content("id.pub");
    *strrchr(line, ' ') = '\0';
    assert_int_equal(unlink("id.pub"), 0);
    check_public("id", line);
}

static void refused(void **state)
{
    (void)state;
    check_refused("none", ERROR_NOT_FOUND, "there is no SSH key at 'none'", "ssh-keygen");
    assert_int_equal(file_publish("text", "hello\n", 6, 0600, NULL), 0);
    check_refused("text", ERROR_FAILED, "is no private SSH key", NULL);
    assert_int_equal(file_publish("empty", "", 0, 0600, NULL), 0);
    check_refused("empty", ERROR_FAILED, "is no private SSH key", NULL);
    assert_int_equal(mkdir("folder", 0700), 0);
    check_refused("folder", ERROR_FAILED, "not a file", NULL);
    assert_int_equal(key_ensure("open", "c", NULL), 0);
    assert_int_equal(chmod("open", 0644), 0);
    check_refused("open", ERROR_FAILED, "mode 0644", "chmod 600 open");
    if (geteuid() != 0) {
        assert_int_equal(chmod("open", 0), 0);
        check_refused("open", ERROR_SYSTEM, "cannot read the SSH key", "owner");
    }
}

static void same_key(void **state)
{
    (void)state;
    assert_true(key_is_same("ssh-rsa AA", "ssh-rsa AA"));
    assert_true(key_is_same("ssh-rsa AA ann", "ssh-rsa AA"));
    assert_true(key_is_same("ssh-rsa AA", "ssh-rsa AA bob\n"));
    assert_true(key_is_same("ssh-rsa AA\n", "ssh-rsa AA\tbob"));
    assert_false(key_is_same("ssh-rsa AA", "ssh-rsa AAB"));
    assert_false(key_is_same("ssh-rsa AAB", "ssh-rsa AA"));
    assert_false(key_is_same("ssh-rsa AA", "ssh-dss AA"));
    assert_false(key_is_same("ssh-rsa AA", ""));
}

static void of_a_cluster(void **state)
{
    auto_free char *data = xasprintf("%s/data", scratch);
    auto_free char *expected = xasprintf("%s/data/virtopo/lab/id_ed25519", scratch);
    auto_free char *path = NULL;
    auto_free char *other = NULL;

    (void)state;
    setenv("XDG_DATA_HOME", data, 1);
    path = key_cluster_path("lab");
    other = key_cluster_path("lab2");
    assert_string_equal(path, expected);
    assert_int_equal(key_forget("lab", NULL), 0);
    assert_int_equal(key_ensure(path, "c", NULL), 0);
    assert_int_equal(key_ensure(other, "c", NULL), 0);
    assert_int_equal(key_forget("lab", NULL), 0);
    assert_int_equal(access("data/virtopo/lab", F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(key_forget("lab2", NULL), 0);
    assert_int_equal(access("data/virtopo", F_OK), -1);
    unsetenv("XDG_DATA_HOME");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(generated_as_openssh_wants_it),
        TEST(generated_anew_each_time),
        TEST(ensure_makes_it_once),
        TEST(ensure_heals_the_public_half),
        TEST(ensure_at_the_same_time),
        TEST(ensure_tells_why_not),
        TEST(every_kind_of_key),
        TEST(a_pub_of_another_key_is_not_believed),
        TEST(with_a_passphrase),
        TEST(for_a_login),
        TEST(refused),
        TEST(same_key),
        TEST(of_a_cluster),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
