/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/fetch/fetch_resume.h"
#include "provision/fetch/fetch_retry.h"
#include "provision/fetch/fetch_sink.h"
#include "provision/fetch/http.h"
#include "provision/fetch/space.h"
#include "util/url.h"
#include "util/size.h"

/* A try that brought so much more than any before it makes up for one that failed. */
#define HEADWAY (UINT64_C(256) << 10)

struct fetch {
    const struct fetch_request *request;
    struct task *task;
    struct retry retry;
    struct sink sink;
    size_t url;    /* the mirror that is asked */
    size_t source; /* the mirror whose bytes the sink has */
    uint64_t headway;
    bool earlier; /* some of these bytes are from an earlier run */
    bool noted;
    bool mismatch; /* an answer does not fit to what there is */
    bool spoilt;   /* what came cannot be used, nor gone on with */
};

static uint64_t start_offset(const struct fetch *f)
{
    return f->source == f->url && sink_can_resume(&f->sink) ? f->sink.received : 0;
}

static int start_anew(struct fetch *f, struct error **err)
{
    resume_forget(f->request->path);
    f->noted = f->earlier = f->mismatch = f->spoilt = false;
    f->source = f->url;
    return sink_restart(&f->sink, err);
}

static int check_size(const struct fetch *f, const struct http_response *r, struct error **err)
{
    char size[SIZE_TEXT], limit[SIZE_TEXT];

    if (r->total > f->sink.limit) {
        error_set(err, ERROR_FAILED, "it is %s large, more than %s",
                  size_format(r->total, size), size_format(f->sink.limit, limit));
        return error_hint(err, "if that is right, raise the image's `size_limit`");
    }
    return r->total > r->start ? space_check(f->request->path, r->total - r->start, err) : 0;
}

static int on_begin(void *context, const struct http_response *r, struct error **err)
{
    struct fetch *f = context;
    struct sink *sink = &f->sink;

    f->mismatch =
        r->partial && (r->start != sink->received || (sink->total && r->total != sink->total));
    if (f->mismatch)
        return error_set(err, ERROR_FAILED, "another part came than was asked for");
    if (!r->partial) {
        if (start_anew(f, err) < 0)
            return -1;
        sink->validator = xstrdup_null(r->validator);
    }
    sink->total = r->total;
    return check_size(f, r, err);
}

static int on_take(void *context, const void *data, size_t length, struct error **err)
{
    struct fetch *f = context;

    if (sink_take(&f->sink, data, length, err) < 0) {
        f->spoilt = true;
        return -1;
    }
    if (!f->noted && sink_can_outlive(&f->sink)) {
        resume_save(f->request->path, f->request->urls[f->url], f->sink.total,
                    f->sink.validator);
        f->noted = true;
    }
    return 0;
}

/* An error that is not the network's: the address is put before it. */
static int spoil(struct fetch *f, struct error **err)
{
    auto_free char *shown = url_shown(f->request->urls[f->url]);

    f->spoilt = true;
    return error_wrap(err, "%s", shown);
}

static enum http_outcome ask(struct fetch *f, struct error **err)
{
    struct http_request request = {
        .url = f->request->urls[f->url],
        .allow_http = f->request->allow_http,
        .offset = start_offset(f),
        .validator = f->sink.validator,
        .timeout_ms = retry_left(&f->retry),
        .stall_ms = f->retry.stall_ms,
        .task = f->task,
        .begin = on_begin,
        .take = on_take,
        .context = f,
    };
    enum http_outcome outcome = http_get(&request, err);

    if (outcome == HTTP_DONE && f->sink.total && f->sink.received < f->sink.total) {
        auto_free char *shown = url_shown(request.url);

        error_set(err, ERROR_FAILED, "%s: only a part came", shown);
        return HTTP_BROKEN;
    }
    return outcome == HTTP_FAILED && f->mismatch ? HTTP_REFUSED : outcome;
}

/* What is left of a damaged file of an earlier run gets another chance, from the start. */
static int finish(struct fetch *f, struct fetch_result *ret, bool *again, struct error **err)
{
    bool earlier = f->earlier;

    *again = false;
    if (sink_finish(&f->sink, ret, err) == 0) {
        ret->url = f->url;
        return 0;
    }
    if (!earlier || (*err)->kind == ERROR_SYSTEM)
        return spoil(f, err);
    error_clear(err);
    *again = true;
    return start_anew(f, err);
}

static int after_break(struct fetch *f, enum http_outcome outcome, struct error **err)
{
    if (f->sink.received > f->headway + HEADWAY) {
        f->retry.tries = 0;
        f->headway = f->sink.received;
    }
    if (retry_again(&f->retry, err) < 0)
        return -1;
    return outcome == HTTP_REFUSED ? start_anew(f, err) : 0;
}

/* A pipe would be waited for, a device would never end. */
static int check_local(const char *url, struct error **err)
{
    auto_free char *path = url_local_path(url);
    struct stat st;

    if (path && stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return error_set(err, ERROR_CONFIG, "%s: is %s, not a file", path,
                         S_ISDIR(st.st_mode) ? "a folder" : "a device or a pipe");
    return 0;
}

static int ask_mirror(struct fetch *f, struct fetch_result *ret, struct error **err)
{
    auto_free char *shown = url_shown(f->request->urls[f->url]);

    if (check_local(f->request->urls[f->url], err) < 0)
        return -1;
    f->retry.tries = 0;
    f->headway = start_offset(f);
    for (;;) {
        enum http_outcome outcome;
        bool again;

        task_say(f->task, "downloading %s", shown);
        outcome = ask(f, err);
        if (outcome == HTTP_DONE) {
            if (finish(f, ret, &again, err) < 0)
                return -1;
            if (!again)
                return 0;
        } else if (outcome == HTTP_FAILED) {
            return -1;
        } else if (after_break(f, outcome, err) < 0) {
            return -1;
        }
    }
}

/* Other mirrors do not help against a full disk, a Ctrl-C, or when the time is up. */
static bool is_final(const struct fetch *f, const struct error *error)
{
    return error->kind == ERROR_SYSTEM || error->kind == ERROR_CANCELLED ||
           retry_left(&f->retry) <= 1;
}

static int ask_all(struct fetch *f, struct fetch_result *ret, struct error **err)
{
    size_t count = f->request->url_count, first = f->url;
    auto_buffer struct buffer all = {0};
    auto_error struct error *error = NULL;

    for (size_t i = 0; i < count; i++) {
        auto_free char *text = NULL;

        error_clear(&error);
        f->url = (first + i) % count;
        f->retry.most = i + 1 < count ? RETRY_REPLACEABLE : RETRY_ALONE;
        if (ask_mirror(f, ret, &error) == 0)
            return 0;
        if (f->spoilt && start_anew(f, NULL) < 0)
            break;
        if (count == 1 || is_final(f, error))
            return error_move(err, TAKE(error));
        text = error_text(error);
        buffer_printf(&all, "%s%s", i ? "\n" : "", text);
        task_say(f->task, "%s", text);
    }
    error_set(err, ERROR_FAILED, "none of %zu mirrors gave it", count);
    error_detail(err, all.data);
    return error && error->hint ? error_hint(err, "%s", error->hint) : -1;
}

/* What an earlier run left: 1 when it is the whole file already. */
static int take_up(struct fetch *f, struct fetch_result *ret, struct error **err)
{
    const struct fetch_request *request = f->request;
    auto_error struct error *error = NULL;
    struct resume note = {0};
    struct stat st;

    if (fstat(f->sink.fd, &st) < 0 || st.st_size == 0 || !request->digest ||
        !resume_load(request->path, request->urls, request->url_count, &note))
        return start_anew(f, err);
    f->url = f->source = note.url;
    f->sink.validator = note.validator;
    f->sink.total = note.total;
    f->earlier = f->noted = true;
    task_say(f->task, "reading what an earlier download left");
    if ((uint64_t)st.st_size > f->sink.limit ||
        (note.total && (uint64_t)st.st_size > note.total))
        return start_anew(f, err);
    if (sink_adopt(&f->sink, (uint64_t)st.st_size, &error) < 0) {
        if (error->kind == ERROR_CANCELLED)
            return error_move(err, TAKE(error));
        return start_anew(f, err);
    }
    if (!note.total || f->sink.received < note.total)
        return 0;
    ret->url = f->url;
    return sink_finish(&f->sink, ret, NULL) == 0 ? 1 : start_anew(f, err);
}

int fetch_file(const struct fetch_request *request, struct task *task, struct fetch_result *ret,
               struct error **err)
{
    struct fetch f = {.request = request, .task = task, .sink = {.request = request, .fd = -1}};
    int outcome;

    f.sink.task = task;
    f.retry = retry_begin(task, request->timeout_ms ? request->timeout_ms : FETCH_TIMEOUT_MS,
                          request->url_count);
    outcome = sink_open(&f.sink, err);
    if (outcome == 0)
        outcome = take_up(&f, ret, err);
    if (outcome == 0)
        outcome = ask_all(&f, ret, err);
    if (outcome >= 0)
        resume_forget(request->path);
    else if (!sink_can_outlive(&f.sink))
        fetch_forget(request->path);
    sink_close(&f.sink);
    return outcome < 0 ? -1 : 0;
}

void fetch_forget(const char *path)
{
    resume_forget(path);
    unlink(path);
}
