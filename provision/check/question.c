/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/check/question.h"

#include "provision/node/guest_type.h"

int question_open(struct question *q, struct error **err)
{
    struct guest_type type;

    if (q->facts)
        return 0;
    if (site_facts(q->host, &q->facts, err) < 0)
        return -1;
    guest_type_choose(q->node, q->facts, &type);
    q->type = type.type;
    q->arch = type.arch;
    q->machine_type = type.machine;
    return 0;
}

int question_caps(struct question *q, const struct domcaps **ret, struct error **err)
{
    *ret = NULL;
    if (question_open(q, err) < 0)
        return -1;
    if (q->refused)
        return 0;
    return site_domcaps(q->host, q->arch, q->machine_type, q->type, ret, err);
}

const char *question_host(const struct question *q)
{
    return host_name(q->host->host);
}

const struct document_node *question_source(const struct question *q, const char *key,
                                            const char *inner)
{
    const struct document_node *outer = document_get(q->node->source, key);
    const struct document_node *value = NULL;

    if (outer && inner && outer->kind == DOCUMENT_MAPPING)
        value = document_get(outer, inner);
    if (!value)
        value = outer;
    return value ? value : q->node->source;
}

void question_report(const struct question *q, const struct document_node *source,
                     const char *check, const char *hint, const char *fmt, ...)
{
    auto_free char *message = NULL;
    va_list ap;

    va_start(ap, fmt);
    message = xvasprintf(fmt, ap);
    va_end(ap);
    finding_error(q->p->diagnostics, source->position, check, hint, "%s", message);
}
