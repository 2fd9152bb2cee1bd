/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be fetched: the addresses, and what says that the right thing came. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "config/loader.h"
#include "config/schema/schema_types.h"
#include "util/file.h"

#define HEX "0123456789abcdefABCDEF"

struct place {
    struct loader *l;
    const struct document_node *source; /* of the image, or of its iso */
    struct download *download;
    const char *name; /* "image 'debian12'" */
};

static bool has_scheme(const char *url, const char *scheme)
{
    size_t length = strlen(scheme);

    return strncasecmp(url, scheme, length) == 0 && strncmp(url + length, "://", 3) == 0;
}

static void report_scheme(const struct place *p, struct position at, const char *key,
                          const char *url)
{
    const char *colon = strstr(url, "://");

    if (!colon)
        finding_error(p->l->d, at, "download-url",
                      strcmp(key, "url") == 0
                          ? "write https://…, or `file: PATH` for what is on this machine"
                          : "write https://…",
                      "%s must begin with https://, and '%s' does not", key, url);
    else
        finding_error(p->l->d, at, "download-url",
                      "https:// and file:// are taken; http:// with `allow_http: true`",
                      "virtopo fetches nothing by %.*s", (int)(colon - url), url);
}

/* Whatever a shell, a header or a person might take for two words. */
static bool is_one_word(const char *url)
{
    for (; *url; url++) {
        if ((unsigned char)*url <= ' ' || *url == 0x7f)
            return false;
    }
    return true;
}

static void check_address(const struct place *p, struct position at, const char *key,
                          const char *url)
{
    const char *rest = strstr(url, "://");

    if (!is_one_word(url)) {
        finding_error(p->l->d, at, "download-url", "write %20 for a blank",
                      "%s cannot have blanks or control characters in it", key);
    } else if (has_scheme(url, "http") && !p->download->allow_http) {
        finding_error(
            p->l->d, at, "download-url",
            "write https://; or `allow_http: true`, where only the digest protects it",
            "what comes by http:// can be read and changed by anybody on its way");
    } else if (has_scheme(url, "file")) {
        if (rest[3] != '/')
            finding_error(p->l->d, at, "download-url", "write file:///home/me/disk.img",
                          "%s must name an absolute path: file:///PATH", key);
    } else if (!has_scheme(url, "https") && !has_scheme(url, "http")) {
        report_scheme(p, at, key, url);
    } else if (!rest[3] || rest[3] == '/') {
        finding_error(p->l->d, at, "download-url", "write https://HOST/PATH",
                      "%s has no host: '%s'", key, url);
    }
}

static void check_urls(const struct place *p)
{
    const struct document_node *urls = document_get(p->source, "urls");

    if (p->download->url)
        check_address(p, loader_position(p->source, "url"), "url", p->download->url);
    for (size_t i = 0; urls && i < p->download->urls.count; i++) {
        struct position at = i < urls->count ? urls->items[i]->position : urls->position;

        check_address(p, at, "urls", p->download->urls.items[i]);
    }
    if (urls && !urls->is_null && p->download->urls.count == 0 &&
        urls->kind == DOCUMENT_SEQUENCE)
        finding_error(p->l->d, urls->position, "download-url", "write [https://…, https://…]",
                      "urls names no mirror");
}

/* What else a word could be that is no digest of that length. */
static const char *digest_hint(const char *hex, size_t digits)
{
    size_t length = strlen(hex);
    const char *colon = strchr(hex, ':');

    if (colon && strspn(colon + 1, HEX) == digits && !colon[1 + digits])
        return "leave out what stands before the colon";
    if (strspn(hex, HEX) != length)
        return "copy it from the publisher's list, SHA256SUMS or SHA512SUMS";
    if (length == 32 || length == 40)
        return "MD5 and SHA-1 prove nothing: look for the publisher's SHA256SUMS or SHA512SUMS";
    if (length == 64)
        return "that is a SHA-256: write sha256";
    if (length == 128)
        return "that is a SHA-512: write sha512";
    return "is some of it missing?";
}

static void check_digest(const struct place *p, const char *key, size_t digits,
                         const char **value)
{
    char *lower;

    if (!*value)
        return;
    if (strlen(*value) != digits || strspn(*value, HEX) != digits) {
        finding_error(p->l->d, loader_position(p->source, key), "download-digest",
                      digest_hint(*value, digits),
                      "%s must be %zu hexadecimal digits, and this has %zu", key, digits,
                      strlen(*value));
        return;
    }
    lower = arena_strdup(p->l->arena, *value);
    for (char *c = lower; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *value = lower;
}

/* One answer to the question what the file must be. */
static void check_proof(const struct place *p)
{
    static const char *const keys[] = {"sha256", "sha512", "checksums", "insecure"};
    const char *first = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct document_node *value = document_get(p->source, keys[i]);
        bool off = i == 3 && !p->download->insecure;

        if (!value || value->is_null || off)
            continue;
        if (first) {
            finding_error(p->l->d, value->key_position, "download-digest", "remove one of them",
                          "%s has both %s and %s: one says what the file must be", p->name,
                          first, keys[i]);
            return;
        }
        first = keys[i];
    }
    if (!first)
        finding_error(
            p->l->d, document_get(p->source, p->download->url ? "url" : "urls")->key_position,
            "download-digest",
            "add the digest that the publisher gives (sha256: …), `checksums: URL` of "
            "the publisher's SHA256SUMS, or `insecure: true`",
            "nothing says what %s must be when it comes", p->name);
}

/* A list and its signature may also be files of this machine: made absolute. */
static void check_list(const struct place *p, const char *key, const char **value)
{
    const struct document_node *node = document_get(p->source, key);
    auto_error struct error *error = NULL;
    auto_free char *path = NULL;

    if (!*value || !node)
        return;
    if (strstr(*value, "://"))
        check_address(p, node->position, key, *value);
    else if (path_resolve(binder_folder(&p->l->binder, &node->position), *value, &path,
                          &error) < 0)
        finding_error(p->l->d, node->position, "download-url", error->hint, "%s: %s", key,
                      error->message);
    else
        *value = arena_strdup(p->l->arena, path);
}

void check_download(struct loader *l, const struct document_node *source,
                    struct download *download, const char *name)
{
    struct place p = {l, source, download, name};

    if (!download_is_given(download) && !document_get(source, "urls"))
        return;
    check_urls(&p);
    check_digest(&p, "sha256", 64, &download->sha256);
    check_digest(&p, "sha512", 128, &download->sha512);
    check_list(&p, "checksums", &download->checksums);
    check_list(&p, "signature", &download->signature);
    if (download_is_given(download))
        check_proof(&p);
}
