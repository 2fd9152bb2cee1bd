/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/memory.h"

bool memory_has_hugepages(const struct memory_setting *memory)
{
    const struct hugepages *huge = &memory->hugepages;

    return huge->enabled == SWITCH_ON ||
           (huge->enabled == SWITCH_UNSET && huge->pages.count > 0);
}

bool memory_can_grow(const struct memory_setting *memory)
{
    return memory->max > memory->size;
}
