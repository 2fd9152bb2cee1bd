/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/plan_view.h"
#include "util/buffer.h"

/* A sink that keeps what it is told as text, and that two calls never overlap. */
struct record {
    struct buffer text;
    int inside; /* the number of calls under way, counted without a lock of its own */
    bool overlapped;
    unsigned ticks;
};

static void enter(struct record *record)
{
    if (__atomic_add_fetch(&record->inside, 1, __ATOMIC_SEQ_CST) != 1)
        record->overlapped = true;
}

static void leave(struct record *record)
{
    __atomic_sub_fetch(&record->inside, 1, __ATOMIC_SEQ_CST);
}

static void emit(void *user, const struct event *event)
{
    static const char *const names[] = {"started", "progress", "say",     "note",
                                        "done",    "failed",   "blocked", "cancelled"};
    struct record *record = user;

    enter(record);
    buffer_printf(&record->text, "%s %s", names[event->type], event->resource->name);
    if (event->type == EVENT_PROGRESS)
        buffer_printf(&record->text, " %d/%d", (int)event->done, (int)event->total);
    if (event->text)
        buffer_printf(&record->text, " (%s)", event->text);
    if (event->error)
        buffer_printf(&record->text, " [%s]", event->error->message);
    buffer_puts(&record->text, "\n");
    leave(record);
}

static void tick(void *user)
{
    struct record *record = user;

    enter(record);
    record->ticks++;
    leave(record);
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int apply(const struct plan *plan, unsigned workers, const volatile int *cancel,
                 struct record *record, struct apply_result *result)
{
    struct event_sink sink = {.emit = emit, .tick = tick, .user = record};
    struct apply_options options = {
        .workers = workers, .cancel = cancel, .sink = record ? &sink : NULL};

    return apply_run(plan, &options, result);
}

static enum step_outcome outcome_of(const struct plan *plan, const struct apply_result *result,
                                    const struct resource *r)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].resource == r)
            return result->outcomes[i];
    }
    fail_msg("%s has no step", r->name);
    return OUTCOME_FAILED;
}

static void test_nothing(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct apply_result result;

    (void)state;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 4, NULL, NULL, &result), 0);
    assert_int_equal(result.count, 0);
    apply_result_done(&result);
}

/* With one worker, the steps come in the order of the plan. */
static void test_one_worker(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct record record = {0};
    struct apply_result result;
    struct resource *lan = fake_add(&set, &fake_network, "lan", true, false);

    (void)state;
    resource_need(fake_add(&set, &fake_node, "b", true, false), lan);
    resource_need(fake_add(&set, &fake_node, "a", true, false), lan);
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 1, NULL, &record, &result), 0);
    assert_string_equal(record.text.data, "started lan\ndone lan\nstarted a\ndone a\n"
                                          "started b\ndone b\n");
    assert_int_equal(result.done, 3);
    apply_result_done(&result);
    buffer_done(&record.text);
}

static void test_failure_blocks_dependents(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct record record = {0};
    struct apply_result result;
    struct resource *db = fake_add(&set, &fake_node, "db", true, false);
    struct resource *web = fake_add(&set, &fake_node, "web", true, false);
    struct resource *proxy = fake_add(&set, &fake_node, "proxy", true, false);
    struct resource *other = fake_add(&set, &fake_node, "other", true, false);
    struct resource *last = fake_add(&set, &fake_node, "last", true, false);

    (void)state;
    resource_need(web, db);
    resource_need(proxy, web);
    resource_need(last, other);
    FAKE(db)->fails = true;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 1, NULL, &record, &result), -1);
    assert_int_equal(outcome_of(&plan, &result, db), OUTCOME_FAILED);
    assert_int_equal(outcome_of(&plan, &result, web), OUTCOME_BLOCKED);
    assert_int_equal(outcome_of(&plan, &result, proxy), OUTCOME_BLOCKED);
    assert_int_equal(outcome_of(&plan, &result, last), OUTCOME_DONE);
    assert_int_equal(result.done, 2);
    assert_int_equal(result.failed, 1);
    assert_int_equal(result.blocked, 2);
    assert_string_equal(result.errors[0]->message, "db broke");
    assert_string_equal(record.text.data,
                        "started db\nfailed db [db broke]\nblocked web (node db)\n"
                        "blocked proxy (node db)\nstarted other\ndone other\n"
                        "started last\ndone last\n");
    apply_result_done(&result);
    buffer_done(&record.text);
}

static int fail_silently(struct resource *r, struct task *task, struct error **err)
{
    (void)r;
    (void)task;
    (void)err;
    return -1;
}

/* A verb that says cancelled though nobody did has failed. */
static int claim_cancel(struct resource *r, struct task *task, struct error **err)
{
    (void)r;
    (void)task;
    return error_set(err, ERROR_CANCELLED, "given up");
}

static void test_odd_failures(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct apply_result result;

    (void)state;
    FAKE(fake_add(&set, &fake_node, "a", true, false))->verb = fail_silently;
    FAKE(fake_add(&set, &fake_node, "b", true, false))->verb = claim_cancel;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 2, NULL, NULL, &result), -1);
    assert_int_equal(result.failed, 2);
    assert_string_equal(result.errors[0]->message, "failed without saying why");
    assert_string_equal(result.errors[1]->message, "given up");
    apply_result_done(&result);
}

static void test_no_verbs(void **state)
{
    static const struct resource_kind bare = {.name = "bare"};
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct apply_result result;

    (void)state;
    resource_set_add(&set, &bare, "local", "a")->wanted = true;
    resource_set_add(&set, &bare, "local", "b")->present = true;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 2, NULL, NULL, &result), 0);
    assert_int_equal(result.done, 2);
    apply_result_done(&result);
}

static int running, most, wanted;

static int count_running(struct resource *r, struct task *task, struct error **err)
{
    int now = __atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
    int seen = __atomic_load_n(&most, __ATOMIC_SEQ_CST);

    (void)r;
    (void)err;
    while (seen < now && !__atomic_compare_exchange_n(&most, &seen, now, false,
                                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    /* the others need not be slow to come, only to come */
    for (int i = 0; i < 3000 && __atomic_load_n(&most, __ATOMIC_SEQ_CST) < wanted; i++)
        task_wait(task, 10);
    task_wait(task, 20);
    __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static int run_twelve(const struct resource_kind *kind, unsigned workers, int together)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct apply_result result;

    running = most = 0;
    wanted = together;
    for (int i = 0; i < 12; i++) {
        char name[16];

        snprintf(name, sizeof name, "n%d", i);
        FAKE(fake_add(&set, kind, name, true, false))->verb = count_running;
    }
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, workers, NULL, NULL, &result), 0);
    apply_result_done(&result);
    return most;
}

static void test_parallel(void **state)
{
    (void)state;
    assert_int_equal(run_twelve(&fake_node, 1, 1), 1);
    assert_int_equal(run_twelve(&fake_node, 3, 3), 3);
    assert_int_equal(run_twelve(&fake_node, 20, 12), 12);
    /* Waiting is not work. */
    assert_int_equal(run_twelve(&fake_ready, 1, 12), 12);
}

static volatile int cancel;

static int set_cancel(struct resource *r, struct task *task, struct error **err)
{
    (void)r;
    (void)err;
    assert_false(task_cancelled(task));
    __atomic_store_n(&cancel, 1, __ATOMIC_RELAXED);
    assert_true(task_cancelled(task));
    assert_int_equal(*task_cancel_flag(task), 1);
    return 0;
}

/* What runs is drained, what gives up is cancelled, what has not begun does not begin. */
static void test_cancel(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct record record = {0};
    struct apply_result result;
    struct resource *a = fake_add(&set, &fake_node, "a", true, false);
    struct resource *b = fake_add(&set, &fake_node, "b", true, false);
    struct resource *after = fake_add(&set, &fake_node, "after", true, false);

    (void)state;
    cancel = 0;
    resource_need(after, a);
    FAKE(a)->verb = set_cancel;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 1, &cancel, &record, &result), -1);
    assert_int_equal(outcome_of(&plan, &result, a), OUTCOME_DONE);
    assert_int_equal(outcome_of(&plan, &result, b), OUTCOME_CANCELLED);
    assert_int_equal(outcome_of(&plan, &result, after), OUTCOME_CANCELLED);
    assert_int_equal(result.cancelled, 2);
    assert_string_equal(record.text.data, "started a\ndone a\ncancelled b\ncancelled after\n");
    apply_result_done(&result);
    buffer_done(&record.text);
}

static int wait_long(struct resource *r, struct task *task, struct error **err)
{
    (void)r;
    if (task_wait(task, 30000))
        return error_set(err, ERROR_CANCELLED, "interrupted");
    return 0;
}

static void *cancel_soon(void *unused)
{
    struct timespec pause = {.tv_nsec = 50 * 1000000};

    nanosleep(&pause, NULL);
    __atomic_store_n(&cancel, 1, __ATOMIC_RELAXED);
    return unused;
}

/* A flag that is set from outside, as a signal handler does, ends waits at once. */
static void test_cancel_ends_waits(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct record record = {0};
    struct apply_result result;
    uint64_t start = now_ms();
    pthread_t thread;

    (void)state;
    cancel = 0;
    FAKE(fake_add(&set, &fake_ready, "a", true, false))->verb = wait_long;
    fake_plan(&set, &plan);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    assert_int_equal(apply(&plan, 1, &cancel, &record, &result), -1);
    pthread_join(thread, NULL);
    assert_int_equal(result.cancelled, 1);
    assert_null(result.errors[0]);
    assert_true(now_ms() - start < 5000);
    assert_true(record.ticks > 0);
    assert_string_equal(record.text.data, "started a\ncancelled a [interrupted]\n");
    apply_result_done(&result);
    buffer_done(&record.text);
}

static int talk(struct resource *r, struct task *task, struct error **err)
{
    (void)r;
    (void)err;
    task_say(task, "port %d", 22);
    task_say(task, "port %d", 22);
    task_say(task, "port %d", 23);
    task_progress(task, 1, 3);
    task_progress(task, 2, 3); /* too soon after the first */
    task_progress(task, 3, 3);
    task_note(task, "by %s", "hand");
    task_note(task, "by hand");
    return 0;
}

static void test_task_events(void **state)
{
    auto_resource_set struct resource_set set = {0};
    auto_plan struct plan plan = {0};
    struct record record = {0};
    struct apply_result result;

    (void)state;
    FAKE(fake_add(&set, &fake_node, "a", true, false))->verb = talk;
    fake_plan(&set, &plan);
    assert_int_equal(apply(&plan, 1, NULL, &record, &result), 0);
    assert_string_equal(record.text.data,
                        "started a\nsay a (port 22)\nsay a (port 23)\nprogress a 1/3\n"
                        "progress a 3/3\nnote a (by hand)\nnote a (by hand)\ndone a\n");
    assert_int_equal(result.note_count, 2);
    assert_string_equal(result.notes[1].text, "by hand");
    assert_string_equal(result.notes[1].resource->name, "a");
    apply_result_done(&result);
    buffer_done(&record.text);
}

static void test_no_task(void **state)
{
    (void)state;
    task_progress(NULL, 1, 2);
    task_say(NULL, "nobody hears");
    task_note(NULL, "nor reads");
    assert_false(task_cancelled(NULL));
    assert_int_equal(*task_cancel_flag(NULL), 0);
    assert_false(task_wait(NULL, 1));
}

static int made[40];

/* Everything that it needs has been made before. */
static int check_needs(struct resource *r, struct task *task, struct error **err)
{
    (void)err;
    for (size_t i = 0; i < r->need_count; i++)
        assert_int_equal(__atomic_load_n(&made[r->needs[i]->index], __ATOMIC_SEQ_CST), 1);
    task_progress(task, 1, 1);
    __atomic_store_n(&made[r->index], 1, __ATOMIC_SEQ_CST);
    return 0;
}

static void test_order_holds(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        auto_resource_set struct resource_set set = {0};
        auto_plan struct plan plan = {0};
        struct record record = {0};
        struct apply_result result;

        memset(made, 0, sizeof made);
        for (unsigned i = 0; i < ARRAY_SIZE(made); i++) {
            char name[16];
            struct resource *r;

            snprintf(name, sizeof name, "n%u", i);
            r = fake_add(&set, i % 3 ? &fake_node : &fake_ready, name, true, false);
            FAKE(r)->verb = check_needs;
            for (unsigned k = 1; k <= 3 && k <= i; k++)
                resource_need(r, set.items[(i * (k + round) + k) % i]);
        }
        fake_plan(&set, &plan);
        assert_int_equal(apply(&plan, 8, NULL, &record, &result), 0);
        assert_int_equal(result.done, ARRAY_SIZE(made));
        assert_false(record.overlapped);
        apply_result_done(&result);
        buffer_done(&record.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_one_worker),
        cmocka_unit_test(test_failure_blocks_dependents),
        cmocka_unit_test(test_odd_failures),
        cmocka_unit_test(test_no_verbs),
        cmocka_unit_test(test_parallel),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_ends_waits),
        cmocka_unit_test(test_task_events),
        cmocka_unit_test(test_no_task),
        cmocka_unit_test(test_order_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
