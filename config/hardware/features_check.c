/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "config/loader.h"

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* Keys that mean nothing on the architecture that the node names. */
static void check_arch(struct loader *l, const struct features_setting *f, const char *arch)
{
    static const char *const x86[] = {"apic", "pae",    "vmport",     "smm", "ioapic",
                                      "msrs", "hyperv", "pvspinlock", NULL};
    static const char *const arm[] = {"gic", NULL};
    const struct document_node *item;

    if (f->source->kind != DOCUMENT_MAPPING)
        return;
    document_each (f->source, i, item) {
        bool is_x86 = platform_is_x86(arch);

        if (is_x86 ? is_one_of(item->key, arm) : is_one_of(item->key, x86))
            finding_error(l->d, item->key_position, "feature-arch", "remove it",
                          "%s is a feature of %s, and the node is %s", item->key,
                          is_x86 ? "ARM" : "x86", arch);
    }
}

static void need(struct loader *l, const struct hyperv_setting *h, const char *key, int value,
                 const char *needed, int has)
{
    if (value == SWITCH_ON && has != SWITCH_ON)
        finding_error(l->d, loader_position(h->source, key), "feature-hyperv",
                      arena_printf(l->arena, "add '%s: true'", needed), "%s of hyperv needs %s",
                      key, needed);
}

static void check_hyperv(struct loader *l, const struct hyperv_setting *h)
{
    bool has_timer = h->stimer.source && h->stimer.enabled != SWITCH_OFF;

    if (!h->source)
        return;
    need(l, h, "stimer", has_timer ? SWITCH_ON : SWITCH_UNSET, "synic", h->synic);
    need(l, h, "synic", h->synic, "vpindex", h->vpindex);
    need(l, h, "tlbflush", h->tlbflush, "vpindex", h->vpindex);
    need(l, h, "ipi", h->ipi, "vpindex", h->vpindex);
    if (h->vendor_id && strchr(h->vendor_id, ','))
        finding_error(l->d, loader_position(h->source, "vendor_id"), "feature-hyperv",
                      "write it without a comma", "vendor_id '%s' has a comma in it",
                      h->vendor_id);
}

void check_node_features(struct loader *l, const struct node *node)
{
    const struct features_setting *f = &node->platform.features;

    if (!f->source)
        return;
    if (node->platform.arch)
        check_arch(l, f, platform_archs[node->platform.arch]);
    check_hyperv(l, &f->hyperv);
    if (f->smm.tseg)
        check_step(l, loader_position(f->smm.source, "tseg"), "tseg", f->smm.tseg);
    if (f->tb_cache)
        check_step(l, loader_position(f->source, "tb_cache"), "tb_cache", f->tb_cache);
    if (f->kvm.dirty_ring & (f->kvm.dirty_ring - 1))
        finding_error(l->d, loader_position(f->kvm.source, "dirty_ring"), "feature-kvm",
                      "write 1024, 2048, 4096 ... 65536",
                      "dirty_ring %lld is not a power of two", f->kvm.dirty_ring);
    if (f->smm.tseg && f->smm.enabled == SWITCH_OFF)
        finding_error(l->d, loader_position(f->smm.source, "tseg"), "feature-smm", "remove it",
                      "tseg is memory of system management mode, and that is off");
}
