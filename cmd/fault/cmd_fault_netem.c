/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "cmd/fault/fault_commands.h"
#include "cmd/fault/fault_job.h"
#include "provision/fault/fault_change.h"
#include "util/size.h"
#include "util/terminal.h"

/* A day's delay is a typing error; netem itself has its limit not far above. */
#define DELAY_MOST (10 * 60 * 1000)
#define RATE_LEAST 1000

/* "5%", "0.25%": of a million. */
static int parse_loss(const char *text, uint32_t *ret, struct error **err)
{
    auto_free char *safe = terminal_safe_line(text);
    unsigned long long value = 0;
    int decimals = -1;
    size_t at = 0;

    for (; text[at] && text[at] != '%' && value < 10000000; at++) {
        if (text[at] == '.' && decimals < 0 && at)
            decimals = 0;
        else if (text[at] >= '0' && text[at] <= '9' && decimals < 4) {
            value = value * 10 + (unsigned)(text[at] - '0');
            decimals += decimals >= 0;
        } else
            break;
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 4; decimals++)
        value *= 10;
    if (!at || strcmp(text + at, "%") != 0 || text[at - 1] == '.' || value > 1000000 ||
        !value) {
        error_set(err, ERROR_USAGE, "--loss '%s' is not a part of all packets", safe);
        return error_hint(err, "from 0.0001%% to 100%%, as in --loss 5%%");
    }
    *ret = (uint32_t)value;
    return 0;
}

static int parse_rate(const char *text, uint64_t *ret, struct error **err)
{
    if (size_parse(text, ret, err) < 0) {
        error_wrap(err, "--rate");
        if (err)
            (*err)->kind = ERROR_USAGE;
        return -1;
    }
    if (*ret >= RATE_LEAST)
        return 0;
    error_set(err, ERROR_USAGE, "--rate %s is less than 1000 bytes a second", text);
    return error_hint(err, "`virtopo fault link-down` lets nothing through");
}

static int read_options(const struct fault_netem_options *options, struct netem *ret,
                        struct error **err)
{
    *ret = (struct netem){
        .direction = options->direction, .delay = options->delay, .jitter = options->jitter};
    if (options->delay > DELAY_MOST)
        return error_set(err, ERROR_USAGE, "--delay is longer than 10 minutes");
    if (options->jitter && options->jitter > options->delay) {
        error_set(err, ERROR_USAGE, "--jitter is longer than --delay");
        return error_hint(err, "packets cannot arrive before they were sent");
    }
    if ((options->loss && parse_loss(options->loss, &ret->loss, err) < 0) ||
        (options->rate && parse_rate(options->rate, &ret->rate, err) < 0))
        return -1;
    if (ret->delay || ret->loss || ret->rate)
        return 0;
    error_set(err, ERROR_USAGE, "fault netem needs one of --delay, --loss and --rate");
    return error_hint(err, "`virtopo fault heal` ends it");
}

static int netem(struct context *context, struct fault_field *field, struct error **err)
{
    struct netem wanted;

    if (read_options(context->options, &wanted, err) < 0)
        return -1;
    return fault_netem(field, context->args[0], context->args[1], &wanted, err);
}

int cmd_fault_netem(struct context *context, struct error **err)
{
    struct netem wanted;

    /* Before a host is asked. */
    if (read_options(context->options, &wanted, err) < 0)
        return -1;
    return fault_job_run(context, netem, err);
}
