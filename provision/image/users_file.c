/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "provision/disk_file/backing.h"
#include "provision/image/users_reader.h"
#include "util/file.h"

/* Chains are not followed for ever: headers are anybody's. */
#define CHAIN_LONGEST 200

/* Takes "//", "." and ".." out of a whole path. */
static char *plain_path(const char *path)
{
    auto_buffer struct buffer out = {0};

    buffer_puts(&out, "");
    for (const char *at = path; *at;) {
        size_t length;

        at += strspn(at, "/");
        length = strcspn(at, "/");
        if (length == 2 && strncmp(at, "..", 2) == 0) {
            while (out.length > 0 && out.data[--out.length] != '/')
                ;
            out.data[out.length] = '\0';
        } else if (length > 0 && !(length == 1 && *at == '.')) {
            buffer_printf(&out, "/%.*s", (int)length, at);
        }
        at += length;
    }
    return buffer_take(&out);
}

char *users_path(bool local, const char *path)
{
    char *real = local ? realpath(path, NULL) : NULL;

    return real ? real : plain_path(path);
}

/* The first text under "filename" or "x.y.filename", at any depth. */
static const char *file_name(const json_t *value)
{
    const char *key;
    json_t *item;

    json_object_foreach ((json_t *)(uintptr_t)value, key, item) {
        const char *last = strrchr(key, '.');
        const char *found = json_is_object(item) ? file_name(item) : NULL;

        if (!found && strcmp(last ? last + 1 : key, "filename") == 0)
            found = json_string_value(item);
        if (found)
            return found;
    }
    return NULL;
}

static char *json_backing(const char *text, bool *unclear)
{
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    char *name = value ? xstrdup_null(file_name(value)) : NULL;

    /* a file is not the only thing that it can name, but what is not understood may be one */
    *unclear = !name;
    json_decref(value);
    return name;
}

char *users_backing(const char *of, const char *name, bool *unclear)
{
    auto_free char *plain = NULL;
    auto_free char *folder = NULL;
    size_t scheme = strcspn(name, ":/");

    *unclear = false;
    if (strncmp(name, "json:", 5) == 0)
        plain = json_backing(name + 5, unclear);
    else if (strncmp(name, "file:", 5) == 0)
        plain = xstrdup(strncmp(name, "file://", 7) == 0 ? name + 7 : name + 5);
    /* nbd:, rbd:, http: … are not on this host */
    else if (name[scheme] == ':')
        return NULL;
    else
        plain = xstrdup(name);
    if (!plain || *plain == '/')
        return TAKE(plain);
    folder = path_folder(of);
    return xasprintf("%s/%s", folder, plain);
}

/* A disk that is not what it is said to be. */
static bool is_image(const char *path)
{
    auto_backing struct backing header = {0};

    return backing_read(path, &header, NULL) == 1;
}

/* 1: `*ret` is what the file stands on; 0: on nothing; -1: not to be told. */
static int below(const char *path, char **ret)
{
    auto_backing struct backing header = {0};
    bool unclear = false;
    int outcome = backing_read(path, &header, NULL);

    *ret = NULL;
    if (outcome < 0)
        return -1;
    if (outcome == 1 && header.name)
        *ret = users_backing(path, header.name, &unclear);
    return unclear ? -1 : *ret != NULL;
}

void users_follow(struct users_reader *r, const char *path, bool is_qcow2, const char *by)
{
    auto_free char *at = xstrdup(path);

    if (host_is_mock(r->host->host))
        return;
    for (int i = 0; i < CHAIN_LONGEST && !users_is_told(r, at); i++) {
        auto_free char *real = users_path(r->users->local, at);
        char *next = NULL;
        int outcome;

        /* The store's own pool tells of these. */
        if (users_is_below(real, r->store))
            return;
        outcome = r->users->local ? below(at, &next) : -1;
        if (outcome < 0 || (outcome == 0 && is_qcow2 && i == 0 && !is_image(at)))
            users_unknown(r->users, "%s, which %s is on", at, by);
        else
            users_told(r, at);
        if (outcome <= 0)
            return;
        users_add(r->users, next, xstrdup(by), false);
        free(at);
        at = next;
    }
}
