/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source.h"

char *source_slurp(const char *dir, const char *name)
{
    char path[512];
    FILE *f;
    size_t room = 8 << 20, size;
    char *data;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "r");
    if (!f)
        return NULL;
    data = malloc(room);
    if (!data)
        exit(1);
    size = fread(data, 1, room - 1, f);
    data[size] = '\0';
    fclose(f);
    return data;
}

void source_complain(struct source *s, const yaml_node_t *at, const char *what,
                     const char *word)
{
    fprintf(stderr, "seed: %s:%zu: %s %s\n", s->name, at ? at->start_mark.line + 1 : 0, what,
            word);
}

const char *source_text(const yaml_node_t *n)
{
    return n && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

yaml_node_t *source_get(struct source *s, const yaml_node_t *map, const char *key)
{
    if (!map || map->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
         p++) {
        const char *name = source_text(yaml_document_get_node(&s->yaml, p->key));

        if (name && strcmp(name, key) == 0)
            return yaml_document_get_node(&s->yaml, p->value);
    }
    return NULL;
}

const char *source_get_text(struct source *s, const yaml_node_t *map, const char *key,
                            const char *fallback)
{
    const char *value = source_text(source_get(s, map, key));

    return value ? value : fallback;
}

bool source_get_true(struct source *s, const yaml_node_t *map, const char *key)
{
    const char *value = source_get_text(s, map, key, "");

    return strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 ||
           strcasecmp(value, "on") == 0;
}

yaml_node_t *source_item(struct source *s, const yaml_node_t *list, int index)
{
    if (!list || list->type != YAML_SEQUENCE_NODE ||
        index >= list->data.sequence.items.top - list->data.sequence.items.start)
        return NULL;
    return yaml_document_get_node(&s->yaml, list->data.sequence.items.start[index]);
}

yaml_node_t *source_load(struct source *s, const char *data)
{
    yaml_parser_t parser;
    yaml_node_t *root = NULL;

    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)data, strlen(data));
    if (!yaml_parser_load(&parser, &s->yaml))
        fprintf(stderr, "seed: %s:%zu: %s\n", s->name, parser.problem_mark.line + 1,
                parser.problem ? parser.problem : "cannot be read");
    else
        root = yaml_document_get_root_node(&s->yaml);
    if (root && root->type != YAML_MAPPING_NODE) {
        source_complain(s, root, "not a mapping", "");
        root = NULL;
    }
    yaml_parser_delete(&parser);
    return root;
}
