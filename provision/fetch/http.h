/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request for one address (libcurl): https, and http where that is allowed; file where the
 * address itself says so. Redirects never lead anywhere less safe. Certificates are always
 * checked; proxies come from the environment, extra authorities from CURL_CA_BUNDLE,
 * SSL_CERT_FILE and SSL_CERT_DIR.
 */
#ifndef PROVISION_HTTP_H
#define PROVISION_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/resource.h"

struct http_response {
    bool partial;    /* the answer to a Range: from `start` on */
    uint64_t start;  /* 0 without it */
    uint64_t total;  /* bytes of the whole; 0: not said */
    char *validator; /* what If-Range may name: a strong ETag, or a Last-Modified old enough to
                        be one; NULL: none */
};

struct http_request {
    const char *url;
    bool allow_http;
    uint64_t offset;       /* ask for what comes behind it */
    const char *validator; /* with offset: but for the whole, if this has changed */
    uint64_t timeout_ms;   /* for this request; 0: none */
    uint64_t stall_ms;     /* without a byte */
    struct task *task;     /* its cancel flag is watched */
    /* Before the first byte of the content, or at its end where there is none. */
    int (*begin)(void *context, const struct http_response *response, struct error **err);
    int (*take)(void *context, const void *data, size_t length, struct error **err);
    void *context;
};

enum http_outcome {
    HTTP_DONE,
    HTTP_FAILED,  /* the same would come again */
    HTTP_BROKEN,  /* another try may help */
    HTTP_REFUSED, /* the server does not have what comes behind `offset` */
};

/* Other than HTTP_DONE: an error that names the address, without its secrets. */
enum http_outcome http_get(const struct http_request *request, struct error **err) MUST_CHECK;

#endif
