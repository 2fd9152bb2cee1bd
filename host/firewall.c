/* SPDX-License-Identifier: Apache-2.0 */
#include "host/firewall.h"

#include <pthread.h>
#include <stdlib.h>

#include "host/shell.h"

static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

static int look(struct site_host *host, struct error **err)
{
    struct shell_options options = {.root = true};
    auto_buffer struct buffer text = {0};

    if (shell_check(host->host, "reading the firewall", firewall_look, NULL, &options, &text,
                    err) < 0)
        return -1;
    host->firewall = xcalloc(1, sizeof *host->firewall);
    firewall_parse(text.data ? text.data : "", host->firewall);
    return 0;
}

int site_firewall(struct site_host *host, const struct firewall_view **ret, struct error **err)
{
    int outcome = 0;

    pthread_mutex_lock(&reading);
    if (!host->firewall)
        outcome = look(host, err);
    *ret = host->firewall;
    pthread_mutex_unlock(&reading);
    return outcome;
}

void site_forget_firewall(struct site_host *host)
{
    if (host->firewall)
        firewall_view_done(host->firewall);
    free(TAKE(host->firewall));
}
