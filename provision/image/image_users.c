/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/image/image_users.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/image_seal.h"
#include "provision/image/users_reader.h"

void users_add(struct image_users *users, const char *path, char *by, bool layer)
{
    struct image_user user = {.path = users_path(users->local, path), .by = by, .layer = layer};

    vector_push(users->items, users->count, user);
}

void users_unknown(struct image_users *users, const char *fmt, ...)
{
    va_list ap;

    if (users->unknown)
        return;
    va_start(ap, fmt);
    users->unknown = xvasprintf(fmt, ap);
    va_end(ap);
}

void users_told(struct users_reader *r, const char *path)
{
    char *key = users_path(r->users->local, path);

    if (names_add(&r->told, key, key))
        free(key);
    else
        vector_push(r->kept, r->kept_count, key);
}

bool users_is_told(const struct users_reader *r, const char *path)
{
    auto_free char *key = users_path(r->users->local, path);

    return names_find(&r->told, key);
}

bool users_is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* What pools have says only what lies directly below it. */
static void follow_all(struct users_reader *r)
{
    for (size_t i = 0; i < r->users->count; i++) {
        auto_free char *path = xstrdup(r->users->items[i].path);
        auto_free char *by = xstrdup(r->users->items[i].by);

        users_follow(r, path, false, by);
    }
}

static void reader_done(struct users_reader *r)
{
    names_done(&r->told);
    for (size_t i = 0; i < r->kept_count; i++)
        free(r->kept[i]);
    free(r->kept);
    for (size_t i = 0; i < r->folder_count; i++)
        free(r->folders[i]);
    free(r->folders);
    free(r->store);
}

int image_users_read(struct site_host *host, virConnectPtr connection, enum users_look look,
                     const char *except, struct image_users *ret, struct error **err)
{
    struct users_reader r = {
        .host = host, .connection = connection, .look = look, .except = except, .users = ret};
    int outcome;

    ret->local = host_is_local(host->host) && !host_is_mock(host->host);
    r.store = users_path(ret->local, host_dir(host->host));
    outcome = users_read_pools(&r, err);
    if (outcome == 0)
        outcome = users_read_domains(&r, err);
    if (outcome == 0)
        follow_all(&r);
    reader_done(&r);
    return outcome;
}

void image_users_done(struct image_users *users)
{
    for (size_t i = 0; i < users->count; i++) {
        free(users->items[i].path);
        free(users->items[i].by);
    }
    free(users->items);
    free(users->unknown);
    *users = (struct image_users){0};
}

const struct image_user *image_users_next(const struct image_users *users, const char *path,
                                          const struct image_user *user)
{
    auto_free char *wanted = users_path(users->local, path);

    for (size_t i = user ? (size_t)(user - users->items) + 1 : 0; i < users->count; i++) {
        if (strcmp(users->items[i].path, wanted) == 0)
            return &users->items[i];
    }
    return NULL;
}

bool image_users_has(const struct image_users *users, const char *path)
{
    return users->unknown || image_users_next(users, path, NULL);
}

/* What an image that is used stands on is used. */
static void keep_chain(const struct survey_pool *store, size_t index, bool *used)
{
    const char *backing = store->volumes[index].view.backing_path;

    for (size_t i = 0; backing && i < store->volume_count; i++) {
        if (strcmp(store->volumes[i].path, backing) == 0 && !used[i]) {
            used[i] = true;
            keep_chain(store, i, used);
            return;
        }
    }
}

bool *image_users_unused(const struct site_host *host, const struct image_users *users)
{
    const struct survey_pool *store = &host->survey.store;
    bool *used = xcalloc(store->volume_count + 1, sizeof *used);

    for (size_t i = 0; i < store->volume_count; i++) {
        const struct image_user *user = NULL;

        used[i] = used[i] || users->unknown || !image_seal_is_image(store->volumes[i].name);
        while (!used[i] && (user = image_users_next(users, store->volumes[i].path, user)))
            used[i] = !user->layer;
    }
    for (size_t i = 0; i < store->volume_count; i++) {
        if (used[i] && image_seal_is_image(store->volumes[i].name))
            keep_chain(store, i, used);
    }
    for (size_t i = 0; i < store->volume_count; i++)
        used[i] = !used[i];
    return used;
}
