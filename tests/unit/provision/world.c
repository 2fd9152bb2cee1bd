/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "provision/copy/clone.h"
#include "provision/image/image_seal.h"
#include "provision/node/machine.h"
#include "provision/node/readiness.h"
#include "provision/node/seed.h"
#include "provision/store.h"
#include "util/size.h"

virConnectPtr keeper;

/* As a connection to a real driver does it: shutting down waits for an event. */
static void *run_events(void *unused)
{
    (void)unused;
    while (virEventRunDefaultImpl() == 0)
        continue;
    return NULL;
}

static void start_events(void)
{
    pthread_t thread;

    virt_init();
    if (virEventRegisterDefaultImpl() == 0 &&
        pthread_create(&thread, NULL, run_events, NULL) == 0)
        pthread_detach(thread);
}

int world_start(void **state)
{
    static pthread_once_t events = PTHREAD_ONCE_INIT;

    pthread_once(&events, start_events);
    if (scratch_open(state))
        return -1;
    keeper = virConnectOpen("test:///default");
    if (!keeper)
        return -1;
    scratch_disk("tiny.raw", MIB, 't');
    scratch_disk("other.raw", 2 * MIB, 'o');
    return 0;
}

int world_stop(void **state)
{
    virConnectClose(keeper);
    return scratch_close(state);
}

void world_load(struct world *w, const char *text)
{
    auto_free char *all = xasprintf(WORLD_HEAD "%s", text);
    const struct load_options options = {.default_uri = "test:///default"};
    auto_buffer struct buffer out = {0};

    *w = (struct world){0};
    if (cluster_load_text("t.yaml", scratch, all, strlen(all), &options, &w->d, &w->arena,
                          &w->cluster) < 0 ||
        w->d.count) {
        diagnostics_render(&w->d, false, &out);
        fail_msg("%s", out.data);
    }
}

static int want(struct world *w, const char *nodes, struct error **err)
{
    auto_free char *copy = xstrdup(nodes ? nodes : "");
    const char *names[8];
    char *rest = NULL;
    size_t count = 0;

    for (char *name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        names[count++] = name;
    return provision_want(&w->provision, names, count, err);
}

int world_try_plan(struct world *w, const char *text, const char *nodes, struct error **err)
{
    struct provision_options how = {0};

    world_load(w, text);
    how.cluster = w->cluster;
    if (provision_open(&how, &w->d, &w->provision, err) < 0 || want(w, nodes, err) < 0)
        return -1;
    return provision_plan(&w->provision, &w->plan, err);
}

void world_plan(struct world *w, const char *text, const char *nodes)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;
    int result = world_try_plan(w, text, nodes, &err);

    diagnostics_render(&w->d, false, &out);
    if (w->d.count)
        fail_msg("%s", out.data);
    expect_ok(result, &err);
}

void world_plan_down(struct world *w, bool keep_disks, bool prune)
{
    const struct provision_options how = {.cluster_name = "lab",
                                          .uri = "test:///default",
                                          .dir = "/var/lib/virtopo",
                                          .keep_disks = keep_disks,
                                          .prune = prune};
    struct error *err = NULL;

    *w = (struct world){0};
    expect_ok(provision_open(&how, &w->d, &w->provision, &err), &err);
    expect_ok(provision_plan(&w->provision, &w->plan, &err), &err);
}

void world_done(struct world *w)
{
    plan_done(&w->plan);
    provision_close(&w->provision);
    cluster_free(w->cluster);
    diagnostics_done(&w->d);
    arena_free(w->arena);
    *w = (struct world){0};
}

static void make_image(struct resource *r)
{
    const struct image_object *o = image_of(r);
    struct volume_template t = {
        .name = o->volume, .format = "raw", .capacity = o->capacity, .mode = "0444"};
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    expect_ok(store_pool(keeper, IDENTITY_STORE, &pool, &err), &err);
    expect_ok(store_create(pool, &t, STORE_ADOPT, &volume, &err), &err);
    expect_ok(image_seal(pool, volume, o->volume, &err), &err);
}

static void make_seed(const struct world *w, const struct resource *r)
{
    auto_free char *node = xstrndup(r->name, strcspn(r->name, "/"));
    const struct resource *owner =
        resource_set_find(&w->provision.set, &domain_kind, r->host, node);
    struct machine *m = owner->data;
    auto_free char *name = machine_seed_name(m);
    auto_free char *pool_name = identity_pool(m->provision->site.cluster_name);
    struct volume_template t = {
        .name = name, .format = "raw", .capacity = 65536, .mode = "0600"};
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;
    struct error *err = NULL;

    if (m->fresh_root) {
        free(m->host_key);
        m->host_key = xasprintf("ssh-ed25519 %s", m->name);
    }
    expect_ok(store_pool(keeper, pool_name, &pool, &err), &err);
    expect_ok(store_create(pool, &t, STORE_REPLACE, &volume, &err), &err);
}

void world_mark_ready(const char *name)
{
    auto_domain virDomainPtr domain = virDomainLookupByName(keeper, name);

    assert_non_null(domain);
    assert_int_equal(virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT,
                                          "<state ready='2026-01-31T12:00:00Z'/>",
                                          TAG_RUN_PREFIX, TAG_RUN_URI, VIR_DOMAIN_AFFECT_LIVE),
                     0);
}

static void make_ready(const struct resource *r)
{
    auto_free char *node = xstrndup(r->name, strcspn(r->name, "/"));
    auto_free char *domain = identity_domain("lab", node);

    world_mark_ready(domain);
}

static void create(struct world *w, struct resource *r)
{
    struct error *err = NULL;

    if (r->kind == &image_kind)
        make_image(r);
    else if (r->kind == &seed_kind)
        make_seed(w, r);
    else if (r->kind == &readiness_kind)
        make_ready(r);
    else if (r->kind->create && r->kind != &clone_kind) /* empty disks stand for copies */
        expect_ok(r->kind->create(&w->provision, r, NULL, &err), &err);
}

/* The kind's way has flags that the test driver does not know. */
static void remove_domain(const struct resource *r)
{
    auto_free char *name = identity_domain("lab", r->name);
    auto_domain virDomainPtr domain = virDomainLookupByName(keeper, name);

    assert_non_null(domain);
    if (virDomainIsActive(domain) == 1)
        assert_int_equal(virDomainDestroy(domain), 0);
    assert_int_equal(virDomainUndefine(domain), 0);
}

void world_apply(struct world *w)
{
    for (size_t i = 0; i < w->plan.step_count; i++) {
        struct resource *r = w->plan.steps[i].resource;
        struct error *err = NULL;

        if (w->plan.steps[i].verb == STEP_CREATE)
            create(w, r);
        else if (w->plan.steps[i].verb == STEP_UPDATE && r->kind->update)
            expect_ok(r->kind->update(&w->provision, r, NULL, &err), &err);
        else if (w->plan.steps[i].verb == STEP_DESTROY && r->kind == &domain_kind)
            remove_domain(r);
        else if (w->plan.steps[i].verb == STEP_DESTROY && r->kind->destroy)
            expect_ok(r->kind->destroy(&w->provision, r, NULL, &err), &err);
    }
}

void world_settle(const char *text)
{
    auto_world struct world w;
    struct error *err = NULL;

    world_plan(&w, text, NULL);
    expect_ok(provision_prepare(&w.provision, &err), &err);
    world_apply(&w);
}

char *world_plan_text(const struct world *w)
{
    auto_buffer struct buffer out = {0};

    plan_render(&w->plan, (void *)&w->provision, false, false, &out);
    return buffer_take(&out);
}

char *world_steps(const struct world *w)
{
    static const char *const verbs[] = {"destroy", "create", "update"};
    auto_buffer struct buffer out = {0};

    for (size_t i = 0; i < w->plan.step_count; i++) {
        const struct step *step = &w->plan.steps[i];

        buffer_printf(&out, "%s%s %s %s", i ? ", " : "", verbs[step->verb],
                      step->resource->kind->name, step->resource->name);
    }
    return buffer_take(&out);
}

/* All that the user would see. */
static char *look(struct world *w, const char *text, const char *nodes)
{
    auto_buffer struct buffer out = {0};
    auto_error struct error *err = NULL;
    auto_free char *message = NULL;

    if (world_try_plan(w, text, nodes, &err) == 0)
        return world_plan_text(w);
    diagnostics_render(&w->d, false, &out);
    if (err) {
        message = error_text(err);
        buffer_printf(&out, "error: %s\n", message);
        if (err->hint)
            buffer_printf(&out, "hint: %s\n", err->hint);
    }
    return buffer_take(&out);
}

void expect_plan_of(const char *text, const char *nodes, const char *expected)
{
    auto_world struct world w;
    auto_free char *shown = look(&w, text, nodes);
    auto_free char *short_text = scratch_shorten(shown);

    assert_string_equal(short_text, expected);
}

void expect_plan(const char *text, const char *expected)
{
    expect_plan_of(text, NULL, expected);
}
