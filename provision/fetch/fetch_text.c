/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/fetch.h"
#include "provision/fetch/fetch_retry.h"
#include "provision/fetch/http.h"
#include "util/url.h"
#include "util/size.h"

struct text {
    struct buffer *out;
    uint64_t limit;
};

static int on_begin(void *context, const struct http_response *response, struct error **err)
{
    struct text *text = context;

    (void)response, (void)err;
    buffer_done(text->out);
    return 0;
}

static int on_take(void *context, const void *data, size_t length, struct error **err)
{
    struct text *text = context;
    char limit[SIZE_TEXT];

    if (text->out->length + length > text->limit)
        return error_set(err, ERROR_FAILED, "it is larger than %s",
                         size_format(text->limit, limit));
    buffer_append(text->out, data, length);
    return 0;
}

int fetch_text(const struct fetch_request *request, struct task *task, struct buffer *out,
               struct error **err)
{
    auto_free char *shown = url_shown(request->urls[0]);
    struct text text = {out, request->size_limit ? request->size_limit : FETCH_TEXT_LIMIT};
    struct retry retry =
        retry_begin(task, request->timeout_ms ? request->timeout_ms : FETCH_TIMEOUT_MS, 1);
    auto_error struct error *error = NULL;

    task_say(task, "reading %s", shown);
    for (;;) {
        struct http_request http = {.url = request->urls[0],
                                    .allow_http = request->allow_http,
                                    .timeout_ms = retry_left(&retry),
                                    .stall_ms = retry.stall_ms,
                                    .task = task,
                                    .begin = on_begin,
                                    .take = on_take,
                                    .context = &text};
        enum http_outcome outcome = http_get(&http, &error);

        if (outcome == HTTP_DONE)
            return 0;
        if (outcome != HTTP_BROKEN || retry_again(&retry, &error) < 0)
            break;
    }
    return error_move(err, TAKE(error));
}
