/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/http_error.h"

#include <string.h>

#include "util/url.h"
#include "util/size.h"

/* What curl says beside its code, or what the code means. */
static const char *said(const struct http_transfer *t, CURLcode code)
{
    return *t->message ? t->message : curl_easy_strerror(code);
}

static const char *status_text(long status)
{
    static const struct {
        long status;
        const char *text;
    } texts[] = {
        {401, " Unauthorized"},
        {403, " Forbidden"},
        {404, " Not Found"},
        {410, " Gone"},
        {416, " Range Not Satisfiable"},
        {429, " Too Many Requests"},
        {500, " Internal Server Error"},
        {502, " Bad Gateway"},
        {503, " Service Unavailable"},
        {504, " Gateway Timeout"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        if (texts[i].status == status)
            return texts[i].text;
    }
    return "";
}

static enum http_outcome status_error(const struct http_transfer *t, const char *shown,
                                      struct error **err)
{
    error_set(err, ERROR_FAILED, "%s: the server answers %ld%s", shown, t->status,
              status_text(t->status));
    if (t->status == 416 && t->request->offset > 0)
        return HTTP_REFUSED;
    if (t->status == 408 || t->status == 429 || t->status >= 500)
        return HTTP_BROKEN;
    if (t->status == 404 || t->status == 410)
        error_hint(err, "publishers remove old images: look in the folder for what is there "
                        "now");
    if (t->status == 401 || t->status == 403)
        error_hint(err, "see whether it opens without a login: virtopo sends none but that in "
                        "the address");
    return HTTP_FAILED;
}

static enum http_outcome protocol_error(const struct http_transfer *t, const char *shown,
                                        struct error **err)
{
    auto_free char *target = t->location ? url_shown(t->location) : NULL;

    if (!target) {
        error_set(err, ERROR_FAILED, "%s is not taken: only https is", shown);
        error_hint(err, "`allow_http: true` also takes http");
        return HTTP_FAILED;
    }
    error_set(err, ERROR_FAILED, "%s redirects to %s, which is not https", shown, target);
    if (url_has_scheme(t->location, "http"))
        error_hint(err, "`allow_http: true` follows it: what comes can then be changed on its "
                        "way, and only the digest shows it");
    return HTTP_FAILED;
}

static enum http_outcome certificate_error(const struct http_transfer *t, CURLcode code,
                                           const char *shown, struct error **err)
{
    error_set(err, ERROR_FAILED, "%s: the server's certificate is not trusted: %s", shown,
              said(t, code));
    error_hint(err, "for an authority of your own: SSL_CERT_FILE=/path/ca.pem virtopo …; a "
                    "clock that is wrong is also a cause");
    return HTTP_FAILED;
}

static enum http_outcome timeout_error(const struct http_transfer *t, const char *shown,
                                       struct error **err)
{
    char limit[SIZE_TEXT];
    curl_off_t us = 0;
    double connected = 0;

    curl_easy_getinfo(t->curl, CURLINFO_TOTAL_TIME_T, &us);
    curl_easy_getinfo(t->curl, CURLINFO_PRETRANSFER_TIME, &connected);
    if (t->request->timeout_ms && (uint64_t)us / 1000 + 1 >= t->request->timeout_ms) {
        error_set(err, ERROR_TIMEOUT, "%s was not there in time", shown);
        error_hint(err, "the image's `timeout` bounds the whole download: raise it for slow "
                        "connections");
        return HTTP_FAILED;
    }
    if (connected <= 0)
        error_set(err, ERROR_TIMEOUT, "%s: the server does not answer", shown);
    else
        error_set(err, ERROR_TIMEOUT, "%s: nothing came for %s", shown,
                  duration_format(t->request->stall_ms, limit));
    return HTTP_BROKEN;
}

static enum http_outcome proxy_error(const struct http_transfer *t, CURLcode code,
                                     const char *shown, struct error **err)
{
    error_set(err, ERROR_FAILED, "%s: the proxy cannot be used: %s", shown, said(t, code));
    error_hint(err, "it is the one that https_proxy, http_proxy or ALL_PROXY name; no_proxy "
                    "lists hosts that need none");
    return HTTP_BROKEN;
}

enum http_outcome http_error(struct http_transfer *t, CURLcode code, struct error **err)
{
    auto_free char *shown = url_shown(t->request->url);
    auto_free char *host = url_host(t->request->url);

    switch (code) {
    case CURLE_WRITE_ERROR:
        if (!t->error)
            return status_error(t, shown, err);
        error_move(err, TAKE(t->error));
        error_wrap(err, "%s", shown);
        return HTTP_FAILED;
    case CURLE_ABORTED_BY_CALLBACK:
        error_set(err, ERROR_CANCELLED, "downloading %s: stopped", shown);
        return HTTP_FAILED;
    case CURLE_UNSUPPORTED_PROTOCOL:
        return protocol_error(t, shown, err);
    case CURLE_TOO_MANY_REDIRECTS:
        error_set(err, ERROR_FAILED, "%s redirects in a circle, or too often", shown);
        return HTTP_FAILED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return certificate_error(t, code, shown, err);
    case CURLE_OPERATION_TIMEDOUT:
        return timeout_error(t, shown, err);
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return proxy_error(t, code, shown, err);
    case CURLE_COULDNT_RESOLVE_HOST:
        error_set(err, ERROR_FAILED, "%s: there is no address of '%s'", shown, host);
        error_hint(err, "is this machine online? a proxy is taken from https_proxy");
        return HTTP_BROKEN;
    case CURLE_FILE_COULDNT_READ_FILE:
        error_set(err, ERROR_NOT_FOUND, "%s: there is no such file, or it cannot be read",
                  shown);
        return HTTP_FAILED;
    case CURLE_URL_MALFORMAT:
        error_set(err, ERROR_FAILED, "%s: %s", shown, said(t, code));
        return HTTP_FAILED;
    default:
        /* Resets, ends that come too early, refusals: whatever else a network does. */
        error_set(err, ERROR_FAILED, "%s: %s", shown, said(t, code));
        return HTTP_BROKEN;
    }
}
