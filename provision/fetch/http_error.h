/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a request, and what to say when one fails. */
#ifndef PROVISION_HTTP_ERROR_H
#define PROVISION_HTTP_ERROR_H

#include <curl/curl.h>

#include "provision/fetch/http.h"

struct http_transfer {
    const struct http_request *request;
    CURL *curl;
    struct curl_slist *headers;
    struct http_response response;
    long status; /* 0: none yet, or none in this protocol */
    bool begun;
    uint64_t range_start, range_total;
    char *etag, *modified, *date, *location;
    struct error *error; /* of `begin` or `take` */
    char message[CURL_ERROR_SIZE];
};

enum http_outcome http_error(struct http_transfer *t, CURLcode code, struct error **err);

#endif
