/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/download.h"

#include <string.h>

#include "provision/fetch/fetch_retry.h"
#include "provision/fetch/signature.h"
#include "util/file.h"
#include "util/url.h"

/* For lists and signatures, where the file says nothing. */
#define LIST_MS (UINT64_C(5) * 60 * 1000)

static size_t count_urls(const struct download *d)
{
    return d->url ? 1 : d->urls.count;
}

static const char *const *urls_of(const struct download *d)
{
    return d->url ? &d->url : (const char *const *)d->urls.items;
}

bool download_known(const struct download *d, struct checksum *ret)
{
    if (d->sha512)
        return checksum_parse(d->sha512, HASH_SHA512, ret);
    return d->sha256 && checksum_parse(d->sha256, HASH_SHA256, ret);
}

/* With its NUL, so that no two lists of texts come out the same. */
static void add_text(struct buffer *out, const char *text)
{
    buffer_append(out, text ? text : "", text ? strlen(text) + 1 : 1);
}

void download_recipe(const struct download *d, char out[SHA256_TEXT])
{
    auto_buffer struct buffer all = {0};
    struct checksum known;

    add_text(&all, "virtopo download 1");
    if (download_known(d, &known)) {
        add_text(&all, hash_name(known.kind));
        add_text(&all, known.hex);
    } else {
        for (size_t i = 0; i < count_urls(d); i++)
            add_text(&all, urls_of(d)[i]);
        add_text(&all, "");
        add_text(&all, d->checksums);
        add_text(&all, d->signature);
    }
    sha256_text(all.data, all.length, out);
}

char *download_describe(const struct download *d)
{
    auto_free char *shown = url_shown(urls_of(d)[0]);
    size_t mirrors = count_urls(d) - 1;

    if (mirrors == 0)
        return xasprintf("download %s", shown);
    return xasprintf("download %s, or from %zu other mirror%s", shown, mirrors,
                     mirrors == 1 ? "" : "s");
}

/* A small text, by its address or from this machine. */
static int read_text(const struct download *d, const char *place, uint64_t deadline,
                     struct task *task, struct buffer *out, struct error **err)
{
    struct fetch_request request = {.urls = &place,
                                    .url_count = 1,
                                    .allow_http = d->allow_http,
                                    .timeout_ms = deadline_left(deadline)};

    if (strstr(place, "://"))
        return fetch_text(&request, task, out, err);
    return file_read(place, FETCH_TEXT_LIMIT, out, err);
}

static int read_list(const struct download *d, const char *shown, uint64_t deadline,
                     struct task *task, struct buffer *out, struct error **err)
{
    auto_buffer struct buffer text = {0};
    auto_buffer struct buffer signature = {0};

    if (!d->keyring)
        return read_text(d, d->checksums, deadline, task, out, err);
    if (read_text(d, d->checksums, deadline, task, &text, err) < 0 ||
        (d->signature && read_text(d, d->signature, deadline, task, &signature, err) < 0))
        return -1;
    return signature_check(d->keyring, &text, d->signature ? &signature : NULL, shown, task,
                           out, err);
}

static int resolve_by_list(const struct download *d, uint64_t deadline, struct task *task,
                           struct checksum *ret, struct error **err)
{
    auto_free char *shown =
        strstr(d->checksums, "://") ? url_shown(d->checksums) : xstrdup(d->checksums);
    auto_buffer struct buffer list = {0};
    auto_error struct error *error = NULL;

    if (read_list(d, shown, deadline, task, &list, err) < 0)
        return -1;
    /* Mirrors may have it under different names. */
    for (size_t i = 0; i < count_urls(d); i++) {
        auto_free char *name = url_file(urls_of(d)[i]);

        error_clear(&error);
        if (checksums_find(list.data ? list.data : "", list.length, shown, name ? name : "",
                           ret, &error) == 0)
            return 0;
    }
    return error_move(err, TAKE(error));
}

int download_resolve(const struct download *d, uint64_t *timeout, struct task *task,
                     struct checksum *ret, struct error **err)
{
    uint64_t deadline = deadline_in(*timeout ? *timeout : LIST_MS);
    int outcome;

    if (download_known(d, ret))
        return 0;
    if (!d->checksums)
        return 1;
    outcome = resolve_by_list(d, deadline, task, ret, err);
    if (*timeout)
        *timeout = deadline_left(deadline);
    return outcome;
}

int download_get(const struct download *d, const struct checksum *digest, bool unpack,
                 uint64_t timeout, const char *path, struct task *task,
                 struct fetch_result *ret, struct error **err)
{
    struct fetch_request request = {.urls = urls_of(d),
                                    .url_count = count_urls(d),
                                    .digest = digest,
                                    .locked = d->locked,
                                    .allow_http = d->allow_http,
                                    .unpack = unpack,
                                    .size_limit = d->size_limit,
                                    .timeout_ms = timeout,
                                    .path = path};

    if (!digest) {
        auto_free char *shown = url_shown(request.urls[0]);

        task_note(task,
                  "warning: insecure: nothing says what %s must be, it is taken as it comes",
                  shown);
    }
    return fetch_file(&request, task, ret, err);
}
