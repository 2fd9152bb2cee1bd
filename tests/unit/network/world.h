/* SPDX-License-Identifier: Apache-2.0 */
/* A cluster from a text, on a host that is only a name: nothing is there but what a test adds.
 */
#ifndef TESTS_UNIT_NETWORK_WORLD_H
#define TESTS_UNIT_NETWORK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "config/load.h"
#include "engine/resource.h"
#include "host/site.h"

struct world {
    struct diagnostics d;
    struct arena *arena;
    struct cluster *cluster;
    struct site site;
};

#define WORLD_HEAD \
    "cluster: lab\nimages: { tiny: { file: tiny.raw } }\ndefaults: { image: tiny }\n"

/* Loads WORLD_HEAD and the text, fails the test on findings, plans addresses. */
void world_open(struct world *w, const char *text);
/* The same without planning addresses. */
void world_load(struct world *w, const char *text);
void world_done(struct world *w);
#define auto_world __attribute__((cleanup(world_done)))

/* What libvirt would tell of the network as `w` wants it. The caller frees it. */
char *world_network_xml(struct world *w, const char *name);
/* Makes a network known to the survey: running, persistent; ours or foreign. */
struct survey_network *world_add_network(struct world *w, const char *xml, bool ours);
/* "10.20.0.2 10.20.0.3": the addresses of all NICs of a node. The caller frees it. */
char *world_addresses(const struct world *w, const char *node);

/* One line a change: "live address of web 10.20.0.2 -> 10.20.0.3 (note)". Caller frees it. */
char *changes_text(const struct change_list *list);
void expect_ok(int result, struct error **err);
/* Fails the test unless -1 and an error with exactly this message and hint (NULL: none). */
void expect_error(int result, struct error **err, const char *message, const char *hint);

#endif
