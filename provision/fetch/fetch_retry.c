/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fetch/fetch_retry.h"

#include <time.h>

#define STALL_MS 30000

static const unsigned pauses_ms[RETRY_ALONE] = {500, 1000, 2000, 4000};

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t deadline_in(uint64_t ms)
{
    return now_ms() + ms;
}

uint64_t deadline_left(uint64_t deadline)
{
    uint64_t now = now_ms();

    return deadline > now ? deadline - now : 1;
}

struct retry retry_begin(struct task *task, uint64_t timeout_ms, size_t servers)
{
    uint64_t stall = timeout_ms / 4 / servers;

    return (struct retry){.task = task,
                          .most = RETRY_ALONE,
                          .deadline = deadline_in(timeout_ms),
                          .stall_ms = stall > STALL_MS ? STALL_MS
                                      : stall < 1000   ? 1000
                                                       : stall};
}

uint64_t retry_left(const struct retry *retry)
{
    return deadline_left(retry->deadline);
}

int retry_again(struct retry *retry, struct error **err)
{
    unsigned pause;

    if (retry->tries >= retry->most)
        return retry->tries ? error_wrap(err, "tried %d times", retry->tries + 1) : -1;
    pause = pauses_ms[retry->tries++];
    if (retry_left(retry) <= pause)
        return retry->tries > 1 ? error_wrap(err, "tried %d times", retry->tries) : -1;
    task_say(retry->task, "%s; trying again", (*err)->message);
    if (task_wait(retry->task, pause)) {
        error_clear(err);
        return error_set(err, ERROR_CANCELLED, "the download was stopped");
    }
    error_clear(err);
    return 0;
}
