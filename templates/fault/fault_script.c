/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/fault/fault_script.h"

#include <stdlib.h>

#include "util/process.h"

/* MAC addresses in a filter; a program has at most 4096 instructions, a script 100 KiB. */
#define CUT_MOST 300
/* Packets that a delay may hold. */
#define NETEM_LIMIT 20000

/* 7e57: a root queue of ours in the place of the kernel's own; 7e58: of "noqueue", which
 * libvirt gives to taps. */
static const char functions[] =
    "vf_has() { command -v \"$1\" >/dev/null 2>&1; }\n"
    "PATH=$PATH:/usr/sbin:/sbin\n"
    "vf_has tc || exit 11\n"
    "vf_state=$(tc qdisc show)\n"
    "vf_links=$(ip -o link)\n"
    "vf_run() {\n"
    "    vf_said=$(\"$@\" 2>&1) && return\n"
    "    echo \"$*: $vf_said\" | cut -c 1-2000\n"
    "    case $*/$vf_said in *netem*'unknown'*|*netem*'ot found'*|*netem*'No such file'*) exit "
    "12 ;;\n"
    "    *'xclusivity'*|*'File exists'*) exit 14 ;;\n"
    "    *bpf*'ot found'*) exit 15 ;; esac\n"
    "    exit 1\n"
    "}\n"
    "vf_sweep() {\n" /* ALIAS-PATTERN */
    "    for vf_dir in /sys/class/net/vf-*; do\n"
    "        [ -e \"$vf_dir\" ] || continue\n"
    "        case $(cat \"$vf_dir/ifalias\") in $1) ip link del \"${vf_dir##*/}\" ;; esac\n"
    "    done\n"
    "}\n"
    "vf_reset() {\n" /* TAP IFB */
    "    case $vf_links in *\" $2: \"*) ip link del \"$2\" ;; esac\n"
    "    case $vf_state in *\"7e57: dev $1 \"*|*\"7e58: dev $1 \"*|*\"clsact ffff: dev $1 \"*) "
    ";;\n"
    "    *) return ;; esac\n"
    "    tc qdisc del dev \"$1\" root handle 7e57: 2>/dev/null || :\n"
    "    if tc qdisc del dev \"$1\" root handle 7e58: 2>/dev/null; then\n"
    "        tc qdisc replace dev \"$1\" root noqueue\n"
    "    fi\n"
    "    for vf_pref in 32343 32344; do tc filter del dev \"$1\" egress pref $vf_pref "
    "2>/dev/null || :; done\n"
    "    for vf_pref in 32344 32345; do tc filter del dev \"$1\" ingress pref $vf_pref "
    "2>/dev/null || :; done\n"
    "    if [ -z \"$(tc filter show dev \"$1\" egress 2>/dev/null; tc filter show dev \"$1\" "
    "ingress 2>/dev/null)\" ]; then\n"
    "        tc qdisc del dev \"$1\" clsact 2>/dev/null || :\n"
    "    fi\n"
    "}\n"
    "vf_root() {\n" /* DEVICE QUEUE... */
    "    vf_dev=$1; shift\n"
    "    vf_handle=7e57:\n"
    "    case $(tc qdisc show dev \"$vf_dev\" | grep ' root ') in\n"
    "    'qdisc noqueue 0: '*|'qdisc pfifo_fast 0: '*|'qdisc fq_codel 0: '*|'qdisc fq 0: "
    "'*|'qdisc mq 0: '*|'') ;;\n"
    "    'qdisc noqueue '*) vf_handle=7e58: ;;\n"
    "    *) echo \"$vf_dev has a queue of its own\"; exit 14 ;;\n"
    "    esac\n"
    "    vf_run tc qdisc replace dev \"$vf_dev\" root handle $vf_handle \"$@\"\n"
    "}\n"
    "vf_clsact() {\n" /* TAP */
    "    case $(tc qdisc show dev \"$1\") in *clsact*) ;; *) vf_run tc qdisc add dev \"$1\" "
    "clsact ;; esac\n"
    "}\n"
    "vf_bpf() {\n" /* TAP WAY PREF PROGRAM */
    "    vf_clsact \"$1\"\n"
    "    vf_run tc filter add dev \"$1\" \"$2\" pref \"$3\" protocol all bpf bytecode \"$4\" "
    "direct-action\n"
    "}\n"
    "vf_out() {\n" /* TAP IFB ALIAS QUEUE... */
    "    vf_tap=$1; vf_ifb=$2; vf_alias=$3; shift 3\n"
    "    [ -d /sys/module/ifb ] || modprobe ifb numifbs=0 2>/dev/null || :\n"
    "    ip link add \"$vf_ifb\" type ifb 2>&1 || exit 13\n"
    "    vf_run ip link set \"$vf_ifb\" alias \"$vf_alias\" up\n"
    "    vf_root \"$vf_ifb\" \"$@\"\n"
    "    vf_clsact \"$vf_tap\"\n"
    "    tc filter add dev \"$vf_tap\" ingress pref 32345 protocol all u32 match u32 0 0 "
    "action mirred egress redirect dev \"$vf_ifb\" 2>&1 || exit 13\n"
    "}\n";

char *fault_alias(const char *cluster, const char *node)
{
    return xasprintf("virtopo-fault:%s/%s", cluster, node ? node : "");
}

void fault_ifb_name(struct mac mac, char out[FAULT_IFB_TEXT])
{
    snprintf(out, FAULT_IFB_TEXT, "vf-%02x%02x%02x%02x%02x", mac.bytes[1], mac.bytes[2],
             mac.bytes[3], mac.bytes[4], mac.bytes[5]);
}

void fault_script_start(struct buffer *out)
{
    buffer_puts(out, functions);
}

static void put_word(struct buffer *out, const char *word)
{
    auto_free char *quoted = shell_quote(word);

    buffer_printf(out, " %s", quoted);
}

static void put_queue(struct buffer *out, const struct netem *n)
{
    /* A hundredth of a second, and room for the largest packet of a usual network: the kernel
     * cuts what guests hand over in larger pieces. */
    unsigned long long burst = n->rate / 100 > 16384 ? n->rate / 100 : 16384;

    if (!n->delay) {
        buffer_printf(out, " tbf rate %llubps burst %llub latency 400ms\n",
                      (unsigned long long)n->rate, burst);
        return;
    }
    buffer_printf(out, " netem limit %d delay %llums", NETEM_LIMIT,
                  (unsigned long long)n->delay);
    if (n->jitter)
        buffer_printf(out, " %llums", (unsigned long long)n->jitter);
    if (n->rate)
        buffer_printf(out, " rate %llubps", (unsigned long long)n->rate);
    buffer_puts(out, "\n");
}

/* ld #random; jge #threshold, keep; ret drop; ret go on */
static void put_loss(struct buffer *out, const char *tap, const char *way, uint32_t loss)
{
    unsigned long long threshold = ((unsigned long long)loss << 32) / 1000000;

    if (threshold > UINT32_MAX) { /* all of them */
        buffer_puts(out, "vf_bpf");
        put_word(out, tap);
        buffer_printf(out, " %s 32344 '1,6 0 0 2'\n", way);
        return;
    }
    buffer_puts(out, "vf_bpf");
    put_word(out, tap);
    buffer_printf(out, " %s 32344 '4,32 0 0 4294963256,53 1 0 %llu,6 0 0 2,6 0 0 4294967295'\n",
                  way, threshold);
}

static void put_netem(struct buffer *out, const struct fault_tap *t, const char *ifb)
{
    const struct netem *n = t->netem;
    bool in = n->direction != FAULT_OUT, from = n->direction != FAULT_IN;

    if (n->loss && in)
        put_loss(out, t->tap, "egress", n->loss);
    if (n->loss && from)
        put_loss(out, t->tap, "ingress", n->loss);
    if (!n->delay && !n->rate)
        return;
    if (in) {
        buffer_puts(out, "vf_root");
        put_word(out, t->tap);
        put_queue(out, n);
    }
    if (from) {
        buffer_puts(out, "vf_out");
        put_word(out, t->tap);
        buffer_printf(out, " %s", ifb);
        put_word(out, t->alias);
        put_queue(out, n);
    }
}

/* For each address: ld [8]; jeq #its last four bytes; ldh [6]; jeq #its first two; ret drop. */
static void put_cut(struct buffer *out, const char *tap, const struct mac *macs, size_t count)
{
    buffer_puts(out, "vf_bpf");
    put_word(out, tap);
    buffer_printf(out, " egress 32343 '%zu", count * 5 + 1);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *b = macs[i].bytes;
        uint32_t low = (uint32_t)b[2] << 24 | (uint32_t)b[3] << 16 | (uint32_t)b[4] << 8 | b[5];

        buffer_printf(out, ",32 0 0 8,21 0 3 %u,40 0 0 6,21 0 1 %u,6 0 0 2", low,
                      (unsigned)b[0] << 8 | b[1]);
    }
    buffer_puts(out, ",6 0 0 4294967295'\n");
}

void fault_script_tap(struct buffer *out, const struct fault_tap *t)
{
    char ifb[FAULT_IFB_TEXT];

    fault_ifb_name(t->mac, ifb);
    buffer_puts(out, "vf_reset");
    put_word(out, t->tap);
    buffer_printf(out, " %s\n", ifb);
    if (t->netem)
        put_netem(out, t, ifb);
    for (size_t at = 0; at < t->cut_count; at += CUT_MOST)
        put_cut(out, t->tap, t->cut + at,
                t->cut_count - at < CUT_MOST ? t->cut_count - at : CUT_MOST);
}

void fault_script_sweep(struct buffer *out, const char *alias)
{
    auto_free char *quoted = shell_quote(alias);

    buffer_printf(out, "vf_sweep %s'*'\n", quoted);
}

void fault_script_list(struct buffer *out, const char *alias)
{
    auto_free char *quoted = shell_quote(alias);

    buffer_printf(out,
                  "for dir in /sys/class/net/vf-*; do\n"
                  "    [ -e \"$dir\" ] || continue\n"
                  "    case $(cat \"$dir/ifalias\") in %s*) echo \"${dir##*/}\" ;; esac\n"
                  "done\n",
                  quoted);
}
