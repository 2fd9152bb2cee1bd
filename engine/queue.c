/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/queue.h"

#include <stdlib.h>

#include "util/memory.h"

static void swap(size_t *a, size_t *b)
{
    size_t held = *a;

    *a = *b;
    *b = held;
}

void queue_push(struct queue *queue, size_t number)
{
    size_t i = queue->count++;

    if (i == queue->capacity) {
        queue->capacity = queue->capacity ? queue->capacity * 2 : 16;
        queue->items = xrealloc(queue->items, queue->capacity * sizeof *queue->items);
    }
    queue->items[i] = number;
    for (; i > 0 && queue->items[i] < queue->items[(i - 1) / 2]; i = (i - 1) / 2)
        swap(&queue->items[i], &queue->items[(i - 1) / 2]);
}

size_t queue_pop(struct queue *queue)
{
    size_t smallest = queue->items[0];

    queue->items[0] = queue->items[--queue->count];
    for (size_t i = 0, child; (child = 2 * i + 1) < queue->count; i = child) {
        if (child + 1 < queue->count && queue->items[child + 1] < queue->items[child])
            child++;
        if (queue->items[i] <= queue->items[child])
            break;
        swap(&queue->items[i], &queue->items[child]);
    }
    return smallest;
}

void queue_done(struct queue *queue)
{
    free(queue->items);
    *queue = (struct queue){0};
}
