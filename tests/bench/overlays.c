/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlays URI FOLDER BASE COUNT: makes COUNT overlays on the qcow2 image BASE in the pool
 * "virtopo_bench" at FOLDER, as `up` makes root disks: by its engine, its calls, its number of
 * them at once. Prints the seconds that this took, and removes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/apply.h"
#include "host/host.h"
#include "provision/store.h"

struct bench {
    struct host *host;
    struct survey_pool pool;
    const char *base;
};

static int make(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct bench *b = context;
    const struct volume_template t = {.name = r->name,
                                      .format = "qcow2",
                                      .capacity = UINT64_C(10) << 30,
                                      .backing_path = b->base,
                                      .backing_format = "qcow2",
                                      .mode = "0600"};
    auto_call struct host_call call = host_call_begin(b->host);
    auto_pool virStoragePoolPtr pool = NULL;
    auto_volume virStorageVolPtr volume = NULL;

    (void)task;
    return store_pool(call.connection, b->pool.name, &pool, err) < 0
               ? -1
               : store_create(pool, &t, STORE_ADOPT, &volume, err);
}

static int unmake(void *context, struct resource *r, struct task *task, struct error **err)
{
    const struct bench *b = context;
    auto_call struct host_call call = host_call_begin(b->host);
    auto_pool virStoragePoolPtr pool = NULL;

    (void)task;
    return store_pool(call.connection, b->pool.name, &pool, err) < 0
               ? -1
               : store_delete(pool, r->name, err);
}

static const struct resource_kind kind = {.name = "overlay", .create = make, .destroy = unmake};

static double run(struct bench *b, int count, bool wanted)
{
    static const struct event_sink silence;
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    const struct apply_options options = {
        .workers = HOST_CALLS, .sink = &silence, .context = b};
    struct apply_result result = {0};
    struct timespec start, end;

    for (int i = 0; i < count; i++) {
        auto_free char *name = xasprintf("n-%d.root.qcow2", i);
        struct resource *r = resource_set_add(&set, &kind, "local", name);

        r->wanted = wanted;
        r->present = !wanted;
    }
    if (plan_compare(&set, b, &plan, NULL) < 0)
        exit(1);
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (apply_run(&plan, &options, &result) < 0) {
        for (size_t i = 0; i < result.count; i++) {
            if (result.errors[i])
                fprintf(stderr, "%s\n", result.errors[i]->message);
        }
        exit(1);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    apply_result_done(&result);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

static void remove_pool(struct bench *b)
{
    auto_call struct host_call call = host_call_begin(b->host);
    auto_pool virStoragePoolPtr pool =
        virStoragePoolLookupByName(call.connection, b->pool.name);

    if (!pool || virStoragePoolDestroy(pool) < 0 || virStoragePoolUndefine(pool) < 0)
        exit(1);
}

int main(int argc, char **argv)
{
    auto_error struct error *err = NULL;
    struct bench b = {.pool = {.name = (char *)"virtopo_bench",
                               .home_uuid = "5b3c1d9e-0000-5000-8000-000000000001"}};
    int count;

    if (argc != 5)
        return 2;
    virt_init();
    b.pool.home = argv[2];
    b.base = argv[3];
    count = atoi(argv[4]);
    if (host_open("local", argv[1], argv[2], &b.host, &err) < 0)
        goto failed;
    {
        auto_call struct host_call call = host_call_begin(b.host);
        auto_pool virStoragePoolPtr pool = NULL;

        if (store_make(call.connection, &b.pool, &pool, &err) < 0)
            goto failed;
    }
    run(&b, 8, true); /* connections are open, caches warm */
    run(&b, 8, false);
    printf("%.4f\n", run(&b, count, true));
    run(&b, count, false);
    remove_pool(&b);
    host_close(b.host);
    return 0;
failed:
    fprintf(stderr, "%s\n", err ? err->message : "failed");
    return 1;
}
