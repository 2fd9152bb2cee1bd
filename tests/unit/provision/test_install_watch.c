/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <string.h>

#include "provision/build/install_watch.h"

/* What libvirt says of the guest (unit.mk puts these in its place). */
static unsigned long long cpu_time;
static long long written;
static bool gone;
int __wrap_virDomainGetInfo(virDomainPtr domain, virDomainInfoPtr info);
int __wrap_virDomainBlockStats(virDomainPtr domain, const char *disk,
                               virDomainBlockStatsPtr stats, size_t size);

int __wrap_virDomainGetInfo(virDomainPtr domain, virDomainInfoPtr info)
{
    (void)domain;
    *info = (virDomainInfo){.cpuTime = cpu_time};
    return gone ? -1 : 0;
}

int __wrap_virDomainBlockStats(virDomainPtr domain, const char *disk,
                               virDomainBlockStatsPtr stats, size_t size)
{
    (void)domain;
    (void)size;
    assert_string_equal(disk, "vda");
    *stats = (virDomainBlockStatsStruct){.wr_bytes = written};
    return 0;
}

static struct install_watch w;
static struct build_watch watch;
static uint64_t elapsed;

static int open_watch(void **state)
{
    (void)state;
    w = (struct install_watch){0};
    watch = install_watch_start(&w);
    elapsed = 0;
    cpu_time = 0;
    written = 0;
    gone = false;
    return 0;
}

static int close_watch(void **state)
{
    (void)state;
    install_watch_done(&w);
    return 0;
}

/* `percent` of a processor for so many seconds. */
static void pass(unsigned seconds, unsigned percent)
{
    for (unsigned i = 0; i < seconds; i++) {
        elapsed += 1000;
        cpu_time += percent * UINT64_C(10000000);
        assert_int_equal(watch.pulse(watch.context, NULL, elapsed), 0);
    }
}

static int say(const char *text)
{
    return watch.console(watch.context, text, strlen(text));
}

static void silence_is_a_stall(void **state)
{
    (void)state;
    pass(290, 1);
    assert_false(w.stalled);
    pass(20, 1);
    assert_true(w.stalled);
    assert_true(install_watch_idle(&w) >= 300000);
    assert_int_equal(say("going on\n"), 0);
    assert_false(w.stalled);
    assert_int_equal(install_watch_idle(&w), 0);
    pass(400, 1);
    assert_true(w.stalled);
}

static void work_is_none(void **state)
{
    (void)state;
    pass(1000, 20);
    assert_false(w.stalled);
    assert_true(install_watch_idle(&w) < 20000);
    for (int i = 0; i < 100; i++) {
        written += 4096;
        pass(10, 1);
    }
    assert_false(w.stalled);
    /* a guest of which nothing is known just now */
    gone = true;
    pass(1000, 0);
    assert_false(w.stalled);
}

static void ends(void **state)
{
    (void)state;
    assert_int_equal(say("[ 1.0] reboot: Restarting system\n"), 0);
    assert_int_equal(say("[ 1.0] Kernel panic - not syncing: VFS\n"), 1);
    assert_non_null(w.console.panic);
    install_watch_done(&w);
    assert_int_equal(say("[ 1.0] reboot: System halted\n"), 1);
    assert_true(w.console.halted);
}

static void growing_lines(void **state)
{
    (void)state;
    assert_int_equal(say("Retrieving 1%"), 0);
    pass(1, 0);
    assert_true(w.growing);
    assert_int_equal(say(" 100%\n"), 0);
    pass(1, 0);
    assert_false(w.growing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(silence_is_a_stall, open_watch, close_watch),
        cmocka_unit_test_setup_teardown(work_is_none, open_watch, close_watch),
        cmocka_unit_test_setup_teardown(ends, open_watch, close_watch),
        cmocka_unit_test_setup_teardown(growing_lines, open_watch, close_watch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
