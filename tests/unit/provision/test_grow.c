/* SPDX-License-Identifier: Apache-2.0 */
/* What the script in the guest says, as people read it; and the script itself, where it can be
 * run without a disk: its last resort. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provision/node/grow.h"
#include "templates/grow_script.h"
#include "util/process.h"

static void check(int status, const char *output, const char *expected)
{
    auto_free char *text = grow_outcome(status, output);

    assert_string_equal(text, expected);
}

static void grown(void **state)
{
    (void)state;
    check(0, "resize2fs 1.47\nThe filesystem is now\n\ngrown: ext4 /dev/vda2 1966080 /\n",
          "/ (ext4 on /dev/vda2) has 1.9 GiB now");
    check(0, "grown: xfs /dev/vdb 1048576 /srv/a b\r\n",
          "/srv/a b (xfs on /dev/vdb) has 1 GiB now");
}

static void by_hand(void **state)
{
    (void)state;
    check(
        GROW_BY_HAND,
        "why: /dev/vda3 belongs to LVM\ntype: growpart /dev/vda 3\ntype: pvresize /dev/vda3\n",
        "the file system did not grow: /dev/vda3 belongs to LVM; in the guest, as root: "
        "growpart /dev/vda 3 && pvresize /dev/vda3");
    check(GROW_BY_HAND, "why: the guest is odd\n",
          "the file system did not grow: the guest is odd");
}

/* Also what is no answer of the script's: a shell that is not there, sudo that asks. */
static void failed(void **state)
{
    (void)state;
    check(1, "1\n2\n3\n4\n5\nno space\n",
          "growing the file system failed (exit code 1): 2 | 3 | 4 | 5 | no space");
    check(127, "sudo: not found",
          "growing the file system failed (exit code 127): sudo: not found");
    check(0, "", "growing the file system failed (exit code 0): no output");
    check(0, "grown: ext4", "growing the file system failed (exit code 0): grown: ext4");
    check(GROW_BY_HAND, "", "growing the file system failed (exit code 10): no output");
    check(-1, "\n\n", "growing the file system failed (exit code -1): no output");
}

static void script_runs(void **state)
{
    static const char *const shells[][2] = {{"dash", NULL}, {"bash", NULL}, {"busybox", "sh"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
        const char *argv[8] = {shells[i][0]};
        size_t count = 1;
        auto_buffer struct buffer output = {0};

        if (!process_exists(shells[i][0]))
            continue;
        if (shells[i][1])
            argv[count++] = shells[i][1];
        argv[count++] = "-c";
        argv[count++] = grow_script;
        argv[count++] = "virtopo";
        argv[count++] = "1048576";
        argv[count++] = "no-such-'serial";
        assert_int_equal(process_run(argv, NULL, &output, NULL), -1);
        assert_string_equal(
            output.data, "why: the guest has no disk with the serial number no-such-'serial\n"
                         "type: lsblk -o NAME,SERIAL,SIZE\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grown),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(failed),
        cmocka_unit_test(script_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
