/* SPDX-License-Identifier: Apache-2.0 */
#include "util/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *check(void *p)
{
    if (!p) {
        fputs("virtopo: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *xmalloc(size_t size)
{
    return check(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return check(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
    return check(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
    return check(strdup(s));
}

char *xstrdup_null(const char *s)
{
    return s ? xstrdup(s) : NULL;
}

char *xstrndup(const char *s, size_t n)
{
    return check(strndup(s, n));
}

char *xvasprintf(const char *fmt, va_list ap)
{
    char *s = NULL;

    if (vasprintf(&s, fmt, ap) < 0)
        check(NULL);
    return s;
}

char *xasprintf(const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    s = xvasprintf(fmt, ap);
    va_end(ap);
    return s;
}

/* True when an array of `count` items is full: its capacity is the next power of two. */
static int is_full(size_t count)
{
    return (count & (count - 1)) == 0;
}

static size_t grown_size(size_t count, size_t item_size)
{
    size_t capacity = count ? count * 2 : 1;

    if (capacity > SIZE_MAX / 2 / item_size)
        check(NULL);
    return capacity * item_size;
}

void *vector_reserve(void *array, size_t count, size_t item_size)
{
    return is_full(count) ? xrealloc(array, grown_size(count, item_size)) : array;
}

struct chunk {
    struct chunk *next;
    alignas(max_align_t) char data[];
};

struct arena {
    struct chunk *chunks;
    char *free_space;
    size_t free_size;
};

struct arena *arena_new(void)
{
    return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->chunks) {
        struct chunk *next = arena->chunks->next;

        free(arena->chunks);
        arena->chunks = next;
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    const size_t chunk_size = 64 * 1024;
    void *p;

    if (size > SIZE_MAX / 2)
        check(NULL);
    size = size ? (size + align - 1) / align * align : align;
    if (size > arena->free_size) {
        size_t data = size > chunk_size ? size : chunk_size;
        struct chunk *chunk = xcalloc(1, sizeof *chunk + data);

        chunk->next = arena->chunks;
        arena->chunks = chunk;
        arena->free_space = chunk->data;
        arena->free_size = data;
    }
    p = arena->free_space;
    arena->free_space += size;
    arena->free_size -= size;
    return p;
}

char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
    size_t length = strnlen(s, n);
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, s, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
    return arena_strndup(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    auto_free char *s = NULL;
    va_list ap;

    va_start(ap, fmt);
    s = xvasprintf(fmt, ap);
    va_end(ap);
    return arena_strdup(arena, s);
}

void *arena_reserve(struct arena *arena, void *array, size_t count, size_t item_size)
{
    void *grown;

    if (!is_full(count))
        return array;
    grown = arena_alloc(arena, grown_size(count, item_size));
    if (count)
        memcpy(grown, array, count * item_size);
    return grown;
}

void memory_cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

void memory_cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

void memory_cleanup_fclose(FILE **f)
{
    if (*f)
        fclose(*f);
}

void memory_cleanup_arena(struct arena **arena)
{
    arena_free(*arena);
}
