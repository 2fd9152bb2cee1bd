/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One YAML file of a seed. Whatever is missing, or not of the kind asked for, reads as NULL (or
 * the fallback), so readers ask for what they want and nothing else.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <yaml.h>

struct source {
    const char *name; /* of the file, for messages */
    yaml_document_t yaml;
    int contents; /* files to write seen so far */
};

/* The whole file, to be freed; NULL when there is none. */
char *source_slurp(const char *dir, const char *name);

/* The root mapping; NULL, with a message, when the text is not YAML or its root something else.
 */
yaml_node_t *source_load(struct source *s, const char *data);

const char *source_text(const yaml_node_t *n);
yaml_node_t *source_get(struct source *s, const yaml_node_t *map, const char *key);
const char *source_get_text(struct source *s, const yaml_node_t *map, const char *key,
                            const char *fallback);
bool source_get_true(struct source *s, const yaml_node_t *map, const char *key);

/* The element of a list; NULL behind its end. */
yaml_node_t *source_item(struct source *s, const yaml_node_t *list, int index);

void source_complain(struct source *s, const yaml_node_t *at, const char *what,
                     const char *word);

#endif
