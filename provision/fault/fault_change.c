/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/fault/fault_change.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/terminal.h"

#define SINCE_TEXT 32

static char *now_text(char out[SINCE_TEXT])
{
    time_t now = time(NULL);
    struct tm utc;

    strftime(out, SINCE_TEXT, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return out;
}

/* Copies what is given. */
static void set(struct fault_node *node, enum fault_kind kind, const char *network,
                const struct netem *netem, long long side)
{
    char since[SINCE_TEXT];
    struct fault fault = {.kind = kind, .network = (char *)network, .side = side};

    if (netem)
        fault.netem = *netem;
    fault.since = now_text(since);
    faults_set(&node->then, &fault);
}

int fault_link_down(struct fault_field *field, const char *node, const char *network,
                    struct error **err)
{
    struct fault_node *n;

    if (fault_field_on(field, node, network, &n, err) < 0)
        return -1;
    set(n, FAULT_LINK_DOWN, network, NULL, 0);
    return 0;
}

/* What passes the host's bridges nowhere cannot be held up there. */
static int check_tap(const struct fault_node *node, const char *network, struct error **err)
{
    for (size_t i = 0; i < node->nic_count; i++) {
        if ((network && strcmp(node->nics[i].network, network) != 0) || node->nics[i].tap)
            continue;
        error_set(err, ERROR_FAILED,
                  "node '%s' has no tap on network '%s': its frames pass the host elsewhere",
                  node->name, node->nics[i].network);
        return error_hint(err, "modes macvtap and user have none; `virtopo fault link-down` "
                               "works with all modes");
    }
    return 0;
}

int fault_netem(struct fault_field *field, const char *node, const char *network,
                const struct netem *netem, struct error **err)
{
    struct fault_node *n;

    if (fault_field_on(field, node, network, &n, err) < 0 || check_tap(n, network, err) < 0)
        return -1;
    set(n, FAULT_NETEM, network, netem, 0);
    n->touched = true;
    return 0;
}

struct sides {
    struct fault_field *field;
    long long *of; /* by node: its side, from 1; 0: on none */
    long long count;
};

static int add_word(struct sides *s, const char *word, struct error **err)
{
    auto_free bool *chosen = xcalloc(s->field->count + 1, sizeof *chosen);

    if (fault_field_choose(s->field, word, chosen, err) < 0)
        return -1;
    for (size_t i = 0; i < s->field->count; i++) {
        if (chosen[i] && s->of[i] && s->of[i] != s->count)
            return error_set(err, ERROR_USAGE, "node '%s' is on two sides of the partition",
                             s->field->nodes[i].name);
        if (chosen[i])
            s->of[i] = s->count;
    }
    return 0;
}

static int bad_side(struct error **err)
{
    error_set(err, ERROR_USAGE, "a side of the partition has no nodes");
    return error_hint(err, "for example: virtopo fault partition a,b / c");
}

/* "a,b / c", already without the shell's quotes. */
static int read_sides(struct sides *s, char *text, struct error **err)
{
    char *next_side;

    for (char *side = text; side; side = next_side) {
        char *save = NULL;
        size_t words = 0;

        next_side = strchr(side, '/');
        if (next_side)
            *next_side++ = '\0';
        s->count++;
        for (char *word = strtok_r(side, ", ", &save); word;
             word = strtok_r(NULL, ", ", &save)) {
            words++;
            if (add_word(s, word, err) < 0)
                return -1;
        }
        if (!words)
            return bad_side(err);
    }
    if (s->count > 1)
        return 0;
    error_set(err, ERROR_USAGE, "a partition needs two sides, with a / between them");
    return error_hint(err, "for example: virtopo fault partition a,b / c");
}

static int apply_sides(const struct sides *s, struct error **err)
{
    for (size_t i = 0; i < s->field->count; i++) {
        struct fault_node *node = &s->field->nodes[i];

        faults_remove(&node->then, FAULT_PARTITION, NULL);
        if (!s->of[i])
            continue;
        if (!node->runs) {
            error_set(err, ERROR_FAILED, "node '%s' does not run", node->name);
            return error_hint(err, "leave it out, or start it: `virtopo up %s`", node->name);
        }
        if (check_tap(node, NULL, err) < 0)
            return -1;
        set(node, FAULT_PARTITION, NULL, NULL, s->of[i]);
        node->touched = true;
    }
    return 0;
}

int fault_partition(struct fault_field *field, const char *const *words, size_t count,
                    struct error **err)
{
    auto_free long long *of = xcalloc(field->count + 1, sizeof *of);
    struct sides sides = {.field = field, .of = of};
    auto_buffer struct buffer text = {0};

    for (size_t i = 0; i < count; i++)
        buffer_printf(&text, "%s ", words[i]);
    if (!text.length)
        return bad_side(err);
    return read_sides(&sides, text.data, err) < 0 ? -1 : apply_sides(&sides, err);
}

int fault_kill(struct fault_field *field, const char *node, struct error **err)
{
    struct fault_node *n;

    if (fault_field_node(field, node, &n, err) < 0)
        return -1;
    if (!n->runs)
        return error_set(err, ERROR_FAILED, "node '%s' does not run", node);
    /* The others go with what runs. */
    while (n->then.count)
        faults_remove(&n->then, n->then.items[0].kind, NULL);
    set(n, FAULT_KILLED, NULL, NULL, 0);
    return 0;
}

int fault_heal(struct fault_field *field, const char *const *words, size_t count,
               struct error **err)
{
    auto_free bool *chosen = xcalloc(field->count + 1, sizeof *chosen);

    for (size_t i = 0; i < count; i++) {
        if (fault_field_choose(field, words[i], chosen, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < field->count; i++) {
        struct fault_node *node = &field->nodes[i];

        if (count && !chosen[i])
            continue;
        while (node->then.count)
            faults_remove(&node->then, node->then.items[0].kind, NULL);
        node->touched = true;
    }
    return 0;
}
