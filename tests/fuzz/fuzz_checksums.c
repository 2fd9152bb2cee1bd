/* SPDX-License-Identifier: Apache-2.0 */
/* rooms: provision network host templates engine config util */
/* What is found in a list is a digest that stands in it; what is not has a message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provision/fetch/checksums.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xmalloc(size + 1);
    struct error *err = NULL;
    struct checksum found, again;

    memcpy(text, data, size);
    text[size] = '\0';
    if (checksums_find(text, size, "LIST", "disk.img", &found, &err) == 0) {
        check(checksum_parse(found.hex, found.kind, &again));
        check(checksum_equal(&found, &again));
        for (size_t i = 0; i < size; i++)
            text[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32 : text[i]);
        check(memmem(text, size, found.hex, strlen(found.hex)) != NULL);
    } else {
        check(err && err->message && err->hint);
        error_free(err);
    }
    free(text);
    return 0;
}
