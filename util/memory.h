/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: allocation that never returns NULL, an arena, growable arrays, and the cleanup
 * attributes for plain memory, descriptors and streams.
 *
 * Running out of memory aborts: no caller could do anything useful about it.
 */
#ifndef UTIL_MEMORY_H
#define UTIL_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
/* NULL in, NULL out. */
char *xstrdup_null(const char *s);
char *xstrndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2)
    __attribute__((malloc, returns_nonnull));
char *xvasprintf(const char *fmt, va_list ap) __attribute__((malloc, returns_nonnull));

/*
 * Appends to an array whose capacity is not stored: it is the next power of two of its
 * count, so `count` must only change through this macro (or shrink to 0 after a free).
 */
#define vector_push(array, count, item)                              \
    do {                                                             \
        (array) = vector_reserve((array), (count), sizeof *(array)); \
        (array)[(count)++] = (item);                                 \
    } while (0)
void *vector_reserve(void *array, size_t count, size_t item_size);

/*
 * An arena: everything allocated from it lives until arena_free. The YAML tree and the
 * cluster model live in one; nothing in it is freed alone.
 */
struct arena;
struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine */
/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *s) __attribute__((returns_nonnull));
char *arena_strndup(struct arena *arena, const char *s, size_t n)
    __attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3)
    __attribute__((returns_nonnull));
/* As vector_push, with the array in the arena (old copies stay there until it is freed). */
#define arena_push(arena, array, count, item)                                \
    do {                                                                     \
        (array) = arena_reserve((arena), (array), (count), sizeof *(array)); \
        (array)[(count)++] = (item);                                         \
    } while (0)
void *arena_reserve(struct arena *arena, void *array, size_t count, size_t item_size);

/* Cleanup attributes: `auto_free char *s = NULL;` frees at the end of the scope. */
void memory_cleanup_free(void *pointer);
void memory_cleanup_close(const int *fd);
void memory_cleanup_fclose(FILE **f);
void memory_cleanup_arena(struct arena **arena);
#define auto_free __attribute__((cleanup(memory_cleanup_free)))
#define auto_close __attribute__((cleanup(memory_cleanup_close)))
#define auto_fclose __attribute__((cleanup(memory_cleanup_fclose)))
#define auto_arena __attribute__((cleanup(memory_cleanup_arena)))

/* Moves a pointer out of a variable with a cleanup attribute. */
#define TAKE(pointer)                           \
    __extension__({                             \
        __typeof__(pointer) taken_ = (pointer); \
        (pointer) = NULL;                       \
        taken_;                                 \
    })

#endif
