/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A cluster on libvirt's test driver, which is in the library and has no daemon: what `up`
 * would make is there after world_settle, and a second look plans against it. The driver keeps
 * its state as long as some connection is open, and takes no uploads, so seeds and images are
 * empty volumes here.
 */
#ifndef TESTS_UNIT_PROVISION_WORLD_H
#define TESTS_UNIT_PROVISION_WORLD_H

#include "scratch.h"

#include "config/load.h"
#include "provision/provision.h"

struct world {
    struct diagnostics d;
    struct arena *arena;
    struct cluster *cluster;
    struct provision provision;
    struct plan plan;
};

/* Keeps the driver's state: open between world_start and world_stop, which each test has. */
extern virConnectPtr keeper;
int world_start(void **state);
int world_stop(void **state);
#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_start, world_stop)

/* Two images, with another and the same content as ever: tiny and other. */
#define WORLD_HEAD   \
    "cluster: lab\n" \
    "images: { tiny: { file: tiny.raw }, other: { file: other.raw } }\n"

/* Loads WORLD_HEAD and the text; fails the test on findings. */
void world_load(struct world *w, const char *text);
/* Opens, wants all nodes, or those named (separated by blanks), and plans. -1: `d` has
 * findings, or there is an error. */
int world_try_plan(struct world *w, const char *text, const char *nodes, struct error **err);
void world_plan(struct world *w, const char *text, const char *nodes);
/* The same for `down`. */
void world_plan_down(struct world *w, bool keep_disks, bool prune);
void world_done(struct world *w);
#define auto_world __attribute__((cleanup(world_done)))

/* Runs the plan, one step after the other, with images and seeds made by hand. */
void world_apply(struct world *w);
/* Plans and applies, with a key made first. */
void world_settle(const char *text);
/* What plan shows; the caller frees it. */
char *world_plan_text(const struct world *w);
/* "destroy node web, destroy disk web/root": the plan's steps. The caller frees it. */
char *world_steps(const struct world *w);

/* Plans for the text and compares what is shown: the plan, or the findings, or "error: …" with
 * its hint. '@' stands for the scratch folder. */
void expect_plan(const char *text, const char *expected);
void expect_plan_of(const char *text, const char *nodes, const char *expected);
/* Marks a node as ready, as waiting for it does. */
void world_mark_ready(const char *domain);

#endif
