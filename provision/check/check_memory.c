/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that this run's nodes start with, against what their hosts have. */
#include <string.h>

#include "provision/check/question.h"
#include "util/size.h"

/* Without the capabilities, which cost more where libvirtd has not read them yet. */
static int read_memory(struct site_host *host, uint64_t *ret, struct error **err)
{
    auto_call struct host_call call = host_call_begin(host->host);
    virNodeInfo info;

    if (virNodeGetInfo(call.connection, &info) < 0)
        return error_virt(err, "asking host '%s' for its memory", host_name(host->host));
    *ret = (uint64_t)info.memory * KIB;
    return 0;
}

static void check_size(const struct question *q, uint64_t memory)
{
    char want[SIZE_TEXT], have[SIZE_TEXT];

    if (q->node->memory.size <= memory)
        return;
    question_report(q, question_source(q, "memory", "size"), "host-memory",
                    "give it less, or put it on a host that has more",
                    "node '%s' wants %s of memory, and host '%s' has %s", q->node->group,
                    size_format(q->node->memory.size, want), question_host(q),
                    size_format(memory, have));
}

static int check_host(struct site_host *host, struct questions *all, struct error **err)
{
    uint64_t memory = 0;

    for (size_t i = 0; i < all->count; i++) {
        struct question *q = &all->items[i];

        if (!q->starts || q->host != host)
            continue;
        if (!memory && read_memory(host, &memory, err) < 0)
            return -1;
        check_size(q, memory);
    }
    return 0;
}

int memory_check_all(struct provision *p, struct questions *all, struct error **err)
{
    for (size_t h = 0; h < p->site.host_count; h++) {
        if (check_host(&p->site.hosts[h], all, err) < 0)
            return -1;
    }
    return 0;
}
