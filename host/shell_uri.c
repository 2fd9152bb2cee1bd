/* SPDX-License-Identifier: Apache-2.0 */
#include "host/shell_uri.h"

#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>

static const char *const transports[] = {"ssh", "libssh", "libssh2"};

static bool has_ssh(const char *scheme)
{
    const char *transport = scheme ? strchr(scheme, '+') : NULL;

    for (size_t i = 0; transport && i < ARRAY_SIZE(transports); i++) {
        if (strcmp(transport + 1, transports[i]) == 0)
            return true;
    }
    return false;
}

static char *unescaped(const char *text, size_t length)
{
    char *plain = xmlURIUnescapeString(text, (int)length, NULL);
    char *copy = xstrdup(plain ? plain : "");

    xmlFree(plain);
    return copy;
}

static void take_parameter(struct shell_uri *uri, const char *name, size_t length,
                           const char *value, size_t value_length)
{
    auto_free char *key = xstrndup(name, length);
    auto_free char *text = unescaped(value, value_length);

    if (strcmp(key, "keyfile") == 0) {
        free(uri->keyfile);
        uri->keyfile = TAKE(text);
    } else if (strcmp(key, "known_hosts") == 0) {
        free(uri->known_hosts);
        uri->known_hosts = TAKE(text);
    } else if (strcmp(key, "no_verify") == 0) {
        uri->no_verify = strcmp(text, "0") != 0;
    } else if (strcmp(key, "known_hosts_verify") == 0) {
        uri->no_verify = strcmp(text, "ignore") == 0;
    }
}

/* libvirt takes '&' and ';' between the parameters. */
static void take_query(struct shell_uri *uri, const char *at)
{
    while (at && *at) {
        size_t length = strcspn(at, "&;"), name = strcspn(at, "=&;");

        if (name < length)
            take_parameter(uri, at, name, at + name + 1, length - name - 1);
        at += length + (at[length] != '\0');
    }
}

int shell_uri_parse(const char *text, struct shell_uri *ret, struct error **err)
{
    xmlURIPtr uri = xmlParseURI(text);
    bool usable = uri && has_ssh(uri->scheme) && uri->server && *uri->server;

    *ret = (struct shell_uri){0};
    if (usable) {
        size_t length = strlen(uri->server);
        /* the brackets of an IPv6 address */
        bool bracketed = length > 2 && uri->server[0] == '[' && uri->server[length - 1] == ']';

        ret->server = xstrndup(uri->server + bracketed, length - 2 * (size_t)bracketed);
        ret->user = uri->user ? unescaped(uri->user, strlen(uri->user)) : NULL;
        ret->port = uri->port > 0 ? uri->port : 0;
        take_query(ret, uri->query_raw);
    }
    if (uri)
        xmlFreeURI(uri);
    if (usable)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "no command can be run through '%s'", text);
    return error_hint(err, "reach the host by SSH: qemu+ssh://root@HOST/system");
}

void shell_uri_done(struct shell_uri *uri)
{
    free(uri->server);
    free(uri->user);
    free(uri->keyfile);
    free(uri->known_hosts);
    *uri = (struct shell_uri){0};
}
