/* SPDX-License-Identifier: Apache-2.0 */
#include "webserver.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/buffer.h"
#include "util/process.h"

static pid_t server;
static struct {
    const char *scheme;
    char port[8];
} ports[] = {{"http", ""}, {"https", ""}, {"other", ""}};

static int spawn_server(void)
{
    auto_free char *root = scratch_path("www");
    auto_free char *log = scratch_path("web.log");
    auto_free char *names = scratch_path("web.ports");
    auto_free char *certificate = scratch_path("tls/server.pem");
    auto_free char *other = scratch_path("tls/other.pem");
    char *const argv[] = {(char *)"python3",
                          (char *)"tests/web/server.py",
                          (char *)"--root",
                          root,
                          (char *)"--log",
                          log,
                          (char *)"--ports",
                          names,
                          (char *)"--certificate",
                          certificate,
                          (char *)"--other",
                          other,
                          NULL};

    return posix_spawnp(&server, "python3", NULL, NULL, argv, environ);
}

static bool read_ports(void)
{
    auto_free char *text = scratch_read("web.ports");
    char *rest = text;
    size_t found = 0;

    for (char *word; (word = strsep(&rest, " \n"));) {
        for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
            size_t length = strlen(ports[i].scheme);

            if (strncmp(word, ports[i].scheme, length) == 0 && word[length] == '=') {
                snprintf(ports[i].port, sizeof ports[i].port, "%s", word + length + 1);
                found++;
            }
        }
    }
    return found == ARRAY_SIZE(ports);
}

int web_open(void **state)
{
    auto_free char *folder = NULL;
    auto_free char *authority = NULL;
    struct error *err = NULL;

    if (scratch_open(state) != 0)
        return -1;
    folder = scratch_path("tls");
    authority = scratch_path("tls/ca.pem");
    scratch_text("tls/here", "", 0600);
    scratch_text("www/here", "", 0600);
    expect_ok(process_run((const char *const[]){"tests/web/certificates.sh", folder, NULL},
                          NULL, NULL, &err),
              &err);
    setenv("CURL_CA_BUNDLE", authority, 1);
    if (spawn_server() != 0)
        return -1;
    for (int i = 0; i < 1000 && !read_ports(); i++)
        usleep(10000);
    return read_ports() ? 0 : -1;
}

int web_close(void **state)
{
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    return scratch_close(state);
}

static const char *port_of(const char *scheme)
{
    for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
        if (strcmp(ports[i].scheme, scheme) == 0)
            return ports[i].port;
    }
    abort();
}

char *web_url(const char *scheme, const char *path)
{
    return xasprintf("%s://127.0.0.1:%s/%s", strcmp(scheme, "http") == 0 ? "http" : "https",
                     port_of(scheme), path);
}

char *web_expand(const char *text)
{
    auto_buffer struct buffer out = {0};

    while (*text) {
        size_t i = 0;

        if (*text != '@') {
            buffer_append(&out, text++, 1);
            continue;
        }
        text++;
        /* "https" before "http". */
        for (i = ARRAY_SIZE(ports); i > 0; i--) {
            const char *scheme = ports[i - 1].scheme;

            if (strncmp(text, scheme, strlen(scheme)) == 0) {
                auto_free char *url = web_url(scheme, "");

                buffer_append(&out, url, strlen(url) - 1);
                text += strlen(scheme);
                break;
            }
        }
        if (i == 0)
            buffer_puts(&out, scratch);
    }
    return buffer_take(&out);
}

char *web_log(void)
{
    return scratch_read("web.log");
}
