/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/http.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "provision/fetch/http_error.h"
#include "util/url.h"

#define CONNECT_MS 15000L
#define REDIRECTS 10L
#define BUFFER_BYTES (512L * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}

static void cleanup_transfer(struct http_transfer *t)
{
    curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->headers);
    free(t->response.validator);
    free(t->etag);
    free(t->modified);
    free(t->date);
    free(t->location);
    error_free(t->error);
}

/* The value of a header line, if it is that one. */
static char *value_of(const char *line, size_t length, const char *name)
{
    size_t skip = strlen(name);

    if (length <= skip || strncasecmp(line, name, skip) != 0 || line[skip] != ':')
        return NULL;
    line += skip + 1;
    length -= skip + 1;
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    return xstrndup(line, length);
}

static void keep_value(char **slot, const char *line, size_t length, const char *name)
{
    char *value = value_of(line, length, name);

    if (value) {
        free(*slot);
        *slot = value;
    }
}

/* A redirect's headers come before those of the answer: a status line starts anew. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct http_transfer *t = context;
    size_t length = size * count;
    auto_free char *range = NULL;

    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) {
        free(TAKE(t->etag));
        free(TAKE(t->modified));
        free(TAKE(t->date));
        t->range_start = t->range_total = 0;
        return length;
    }
    keep_value(&t->etag, line, length, "ETag");
    keep_value(&t->modified, line, length, "Last-Modified");
    keep_value(&t->date, line, length, "Date");
    keep_value(&t->location, line, length, "Location");
    range = value_of(line, length, "Content-Range");
    if (range)
        sscanf(range, "bytes %lu-%*u/%lu", &t->range_start, &t->range_total);
    return length;
}

/* RFC 9110: a weak ETag never; a time of change only when it was over by the time of the
 * answer, for within one second a file may change twice. */
static char *validator_of(const struct http_transfer *t)
{
    time_t modified, date;

    if (t->etag && *t->etag == '"')
        return xstrdup(t->etag);
    if (t->etag || !t->modified || !t->date)
        return NULL;
    modified = curl_getdate(t->modified, NULL);
    date = curl_getdate(t->date, NULL);
    return modified > 0 && date > modified + 1 ? xstrdup(t->modified) : NULL;
}

static int begin(struct http_transfer *t)
{
    struct http_response *r = &t->response;
    curl_off_t length = -1;
    long status = 0;

    t->begun = true;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    t->status = status;
    if (status != 0 && status != 200 && status != 206)
        return -1;
    r->partial = status == 206;
    r->start = r->partial ? t->range_start : 0;
    r->total = r->partial ? t->range_total : length > 0 ? (uint64_t)length : 0;
    r->validator = validator_of(t);
    return t->request->begin(t->request->context, r, &t->error);
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct http_transfer *t = context;
    size_t length = size * count;

    if (!t->begun && begin(t) < 0)
        return CURL_WRITEFUNC_ERROR;
    if (t->request->take(t->request->context, data, length, &t->error) < 0)
        return CURL_WRITEFUNC_ERROR;
    return length;
}

static int on_progress(void *context, curl_off_t total, curl_off_t done, curl_off_t up_total,
                       curl_off_t up_done)
{
    const struct http_transfer *t = context;

    (void)total, (void)done, (void)up_total, (void)up_done;
    return task_cancelled(t->request->task);
}

static void set_trust(CURL *curl)
{
    const char *bundle = getenv("CURL_CA_BUNDLE");
    const char *folder = getenv("SSL_CERT_DIR");

    if (!bundle || !*bundle)
        bundle = getenv("SSL_CERT_FILE");
    if (bundle && *bundle)
        curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
    if (folder && *folder)
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static void set_limits(CURL *curl, const struct http_request *request)
{
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)(request->stall_ms + 999) / 1000);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS);
}

static void set_range(struct http_transfer *t)
{
    const struct http_request *request = t->request;
    auto_free char *range = xasprintf("%lu-", request->offset);
    auto_free char *condition = xasprintf("If-Range: %s", request->validator);

    curl_easy_setopt(t->curl, CURLOPT_RANGE, range);
    t->headers = curl_slist_append(t->headers, condition);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
}

static void set_up(struct http_transfer *t)
{
    const struct http_request *request = t->request;
    const char *protocols = url_has_scheme(request->url, "file") ? "file"
                            : request->allow_http                ? "http,https"
                                                                 : "https";
    CURL *curl = t->curl;

    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR,
                     request->allow_http ? "http,https" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "virtopo/" VIRTOPO_VERSION);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->message);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
    set_trust(curl);
    set_limits(curl, request);
    if (request->offset > 0)
        set_range(t);
}

enum http_outcome http_get(const struct http_request *request, struct error **err)
{
    __attribute__((cleanup(cleanup_transfer))) struct http_transfer t = {.request = request};
    CURLcode code;

    pthread_once(&once, initialize);
    t.curl = curl_easy_init();
    if (!t.curl)
        abort();
    set_up(&t);
    code = curl_easy_perform(t.curl);
    /* An empty body never came. */
    if (code == CURLE_OK && !t.begun && begin(&t) < 0)
        code = CURLE_WRITE_ERROR;
    return code == CURLE_OK ? HTTP_DONE : http_error(&t, code, err);
}
