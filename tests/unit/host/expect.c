/* SPDX-License-Identifier: Apache-2.0 */
#include "expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

void check_stage(const struct guest_login *login, int timeout_ms, enum guest_stage expected,
                 const char *detail)
{
    struct guest_probe probe;

    guest_probe(login, timeout_ms, NULL, &probe);
    if (probe.stage != expected)
        fail_msg("%s (%s) instead of: %s", guest_stage_text(probe.stage),
                 probe.detail ? probe.detail : "", guest_stage_text(expected));
    if (detail && (!probe.detail || !strstr(probe.detail, detail)))
        fail_msg("'%s' instead of '…%s…'", probe.detail ? probe.detail : "", detail);
    guest_probe_done(&probe);
}
