/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of which the smallest comes out first. Zero-initialise to start. */
#ifndef ENGINE_QUEUE_H
#define ENGINE_QUEUE_H

#include <stddef.h>

struct queue {
    size_t *items; /* a binary heap */
    size_t count, capacity;
};

void queue_push(struct queue *queue, size_t number);
/* The queue must not be empty. */
size_t queue_pop(struct queue *queue);
void queue_done(struct queue *queue);

#endif
