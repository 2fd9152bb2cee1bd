/* SPDX-License-Identifier: Apache-2.0 */
#include "util/url.h"

#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "util/memory.h"

static void cleanup_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void cleanup_text(char **text)
{
    curl_free(*text);
}

#define auto_url __attribute__((cleanup(cleanup_url)))
#define auto_text __attribute__((cleanup(cleanup_text)))

static char *part_of(const char *url, CURLUPart part, unsigned flags)
{
    auto_url CURLU *parsed = curl_url();
    auto_text char *text = NULL;

    if (!parsed ||
        curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parsed, part, &text, flags) != CURLUE_OK)
        return NULL;
    return xstrdup(text);
}

/* What cannot be read as an address is not shown: who knows where its password is. */
char *url_shown(const char *url)
{
    auto_url CURLU *parsed = curl_url();
    auto_text char *text = NULL, *query = NULL;
    bool cut;

    if (!parsed ||
        curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return xstrdup("(an address that cannot be read)");
    cut = curl_url_get(parsed, CURLUPART_QUERY, &query, 0) == CURLUE_OK;
    curl_url_set(parsed, CURLUPART_USER, NULL, 0);
    curl_url_set(parsed, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(parsed, CURLUPART_QUERY, NULL, 0);
    curl_url_set(parsed, CURLUPART_FRAGMENT, NULL, 0);
    if (curl_url_get(parsed, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return xstrdup("(an address that cannot be read)");
    return xasprintf("%s%s", text, cut ? "?…" : "");
}

char *url_file(const char *url)
{
    auto_free char *path = part_of(url, CURLUPART_PATH, CURLU_URLDECODE);
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash && slash[1] ? xstrdup(slash + 1) : NULL;
}

char *url_local_path(const char *url)
{
    return url_has_scheme(url, "file") ? part_of(url, CURLUPART_PATH, CURLU_URLDECODE) : NULL;
}

char *url_host(const char *url)
{
    char *host = part_of(url, CURLUPART_HOST, 0);

    return host ? host : xstrdup("");
}

bool url_has_scheme(const char *url, const char *scheme)
{
    size_t length = strlen(scheme);

    return strncasecmp(url, scheme, length) == 0 && url[length] == ':';
}
