/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/forward_diff.h"

#include <stdlib.h>
#include <string.h>

#include "provision/node/domain_diff.h"
#include "provision/node/nic_diff.h"

/* "127.0.0.1:22871:22, 8080:80"; "" for none. */
static char *wanted_text(const struct nic *nic)
{
    struct buffer out = {0};

    if (nic->ssh_port)
        buffer_printf(&out, "127.0.0.1:%u:22", nic->ssh_port);
    list_each(struct port_forward, nic->forwards, forward)
    {
        auto_free char *text = port_forward_text(forward);

        buffer_printf(&out, "%s%s", out.length ? ", " : "", text);
    }
    return out.length ? buffer_take(&out) : xstrdup("");
}

static char *had_text(const struct domain_view_nic *have)
{
    struct buffer out = {0};

    for (size_t i = 0; i < have->forward_count; i++)
        buffer_printf(&out, "%s%s", i ? ", " : "", have->forwards[i]);
    return out.length ? buffer_take(&out) : xstrdup("");
}

/* A NIC that is not there yet, or not any more, is told of by nic_diff. */
static void diff_view(struct resource *r, const struct machine *m,
                      const struct domain_view *view, const char *note)
{
    size_t number = 0;

    list_each(struct nic, m->node->nics, nic)
    {
        const struct domain_view_nic *have = nic_diff_find(m, view, nic);
        auto_free char *what = xasprintf("network %zu forward", ++number);
        auto_free char *from = have ? had_text(have) : NULL;
        auto_free char *to = wanted_text(nic);

        if (have && strcmp(from, to) != 0)
            change_add(&r->changes, CHANGE_RESTART, what, *from ? from : NULL, *to ? to : NULL,
                       note);
    }
}

void forward_diff(struct resource *r, const struct machine *m)
{
    size_t before = r->changes.count;

    diff_view(r, m, &m->found->config, NULL);
    if (m->found->has_live && r->changes.count == before)
        diff_view(r, m, &m->found->live, DIFF_WAITS);
}
