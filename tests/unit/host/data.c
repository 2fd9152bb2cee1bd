/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/buffer.h"
#include "util/file.h"

char *data_read(const char *name)
{
    auto_free char *path = xasprintf("tests/unit/host/data/%s", name);
    struct buffer text = {0};

    assert_int_equal(file_read(path, 1 << 20, &text, NULL), 0);
    return buffer_take(&text);
}
