/* SPDX-License-Identifier: Apache-2.0 */
#include "host/guest_agent.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <libvirt/libvirt-qemu.h>
#include <openssl/evp.h>

#include "host/guest_exec.h"

#define FREEZE_MS 15000
#define LOOK_MS 200 /* between two looks at whether the command has ended */

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* What the agent answers, below "return"; new reference. NULL with an error. */
static json_t *ask(virDomainPtr domain, json_t *question, unsigned timeout_ms,
                   struct error **err)
{
    auto_free char *text = json_dumps(question, JSON_COMPACT);
    int seconds = timeout_ms < 1000 ? 1 : (int)(timeout_ms / 1000);
    auto_free char *answer = virDomainQemuAgentCommand(domain, text, seconds, 0);
    json_t *root, *value;

    json_decref(question);
    if (!answer) {
        error_virt(err, "asking the guest agent of '%s'", virDomainGetName(domain));
        if (err)
            (*err)->kind = ERROR_NOT_FOUND;
        return NULL;
    }
    root = json_loads(answer, 0, NULL);
    value = json_incref(json_object_get(root, "return"));
    json_decref(root);
    if (!value)
        error_set(err, ERROR_FAILED, "the guest agent of '%s' gives no answer",
                  virDomainGetName(domain));
    return value;
}

static void append_base64(struct buffer *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    auto_free unsigned char *raw = NULL;
    int got;

    if (length == 0 || length % 4 || length > 2 * GUEST_OUTPUT_MOST)
        return;
    raw = xmalloc(length / 4 * 3 + 1);
    got = EVP_DecodeBlock(raw, (const unsigned char *)text, (int)length);
    got -= (text[length - 1] == '=') + (text[length - 2] == '=');
    if (got > 0)
        buffer_append(out, raw, (size_t)got);
}

static long long start(virDomainPtr domain, const char *const *argv, unsigned timeout_ms,
                       struct error **err)
{
    json_t *arguments = json_array(), *answer;
    long long pid;

    for (size_t i = 1; argv[i]; i++)
        json_array_append_new(arguments, json_string(argv[i]));
    answer = ask(domain,
                 json_pack("{s:s, s:{s:s, s:o, s:b}}", "execute", "guest-exec", "arguments",
                           "path", argv[0], "arg", arguments, "capture-output", 1),
                 timeout_ms, err);
    if (!answer)
        return -1;
    pid = json_integer_value(json_object_get(answer, "pid"));
    json_decref(answer);
    return pid;
}

/* 1: it runs on. */
static int look(virDomainPtr domain, long long pid, struct guest_result *ret,
                struct error **err)
{
    json_t *answer = ask(domain,
                         json_pack("{s:s, s:{s:I}}", "execute", "guest-exec-status",
                                   "arguments", "pid", (json_int_t)pid),
                         5000, err);
    const json_t *code;

    if (!answer)
        return -1;
    if (!json_is_true(json_object_get(answer, "exited"))) {
        json_decref(answer);
        return 1;
    }
    code = json_object_get(answer, "exitcode");
    ret->status = code ? (int)json_integer_value(code) : -1;
    append_base64(&ret->output, json_string_value(json_object_get(answer, "out-data")));
    append_base64(&ret->output, json_string_value(json_object_get(answer, "err-data")));
    json_decref(answer);
    return 0;
}

int guest_exec_agent(virDomainPtr domain, const char *const *argv,
                     const struct guest_limits *limits, struct guest_result *ret,
                     struct error **err)
{
    const struct timespec pause = {0, LOOK_MS * 1000000L};
    long long pid = start(domain, argv, limits->connect_ms, err);
    long long end = now_ms() + limits->run_ms;

    *ret = (struct guest_result){0};
    if (pid < 0)
        return -1;
    for (;;) {
        int state = look(domain, pid, ret, err);

        if (state < 0 && err)
            (*err)->kind = ERROR_FAILED; /* it was started */
        if (state <= 0)
            return state;
        if (limits->cancel && *limits->cancel)
            return error_set(err, ERROR_CANCELLED, "a command runs on in the guest");
        if (now_ms() >= end)
            return error_set(err, ERROR_TIMEOUT, "a command in the guest does not end");
        nanosleep(&pause, NULL);
    }
}

void guest_result_done(struct guest_result *result)
{
    buffer_done(&result->output);
}

static int command(virDomainPtr domain, const char *name, struct error **err)
{
    json_t *answer = ask(domain, json_pack("{s:s}", "execute", name), FREEZE_MS, err);

    json_decref(answer);
    return answer ? 0 : -1;
}

int guest_agent_freeze(virDomainPtr domain, struct error **err)
{
    if (command(domain, "guest-fsfreeze-freeze", err) == 0)
        return 0;
    (void)command(domain, "guest-fsfreeze-thaw", NULL); /* half of them may be */
    return -1;
}

int guest_agent_thaw(virDomainPtr domain, struct error **err)
{
    return command(domain, "guest-fsfreeze-thaw", err);
}
