/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates config engine util */
/* Whatever a disk holds, it has partitions that lie in order, or a reason why not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provision/image/partitions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

struct input {
    const uint8_t *data;
    size_t size;
};

static int read_input(void *context, uint64_t offset, void *data, size_t length,
                      struct error **err)
{
    const struct input *input = context;

    (void)err;
    check(offset <= input->size && length <= input->size - offset);
    memcpy(data, input->data + offset, length);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct disk_reader disk = {.size = size, .read = read_input, .context = &input};
    auto_partitions struct partitions p = {0};
    struct error *err = NULL;
    int result = partitions_read(&disk, &p, &err);

    check(result == 0 ? !err : err && err->kind == ERROR_CONFIG && p.count == 0);
    check(p.count == 0 || p.table != PARTITION_TABLE_NONE);
    for (size_t i = 0; i < p.count; i++)
        check(p.items[i].number > 0 && p.items[i].size > 0 &&
              p.items[i].start + p.items[i].size <= partitions_end(&p));
    error_free(err);
    return 0;
}
