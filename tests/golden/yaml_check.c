/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files named as arguments with libyaml: each must hold one document, a mapping. */
#include <stdio.h>

#include <yaml.h>

static int complain(const char *path, const yaml_parser_t *parser, const char *what)
{
    fprintf(stderr, "%s:%zu: %s\n", path, parser->mark.line + 1, what);
    return 1;
}

static int check_document(const char *path, yaml_parser_t *parser)
{
    yaml_document_t document;
    yaml_node_t *root;
    int bad;

    if (!yaml_parser_load(parser, &document))
        return complain(path, parser, parser->problem ? parser->problem : "unreadable");
    root = yaml_document_get_root_node(&document);
    bad = !root || root->type != YAML_MAPPING_NODE;
    yaml_document_delete(&document);
    if (bad)
        return complain(path, parser, "not a mapping");
    if (!yaml_parser_load(parser, &document))
        return complain(path, parser, parser->problem ? parser->problem : "unreadable");
    bad = yaml_document_get_root_node(&document) != NULL;
    yaml_document_delete(&document);
    return bad ? complain(path, parser, "a second document") : 0;
}

static int check_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    yaml_parser_t parser;
    int bad;

    if (!f || !yaml_parser_initialize(&parser)) {
        perror(path);
        return 1;
    }
    yaml_parser_set_input_file(&parser, f);
    bad = check_document(path, &parser);
    yaml_parser_delete(&parser);
    fclose(f);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = argc < 2;

    for (int i = 1; i < argc; i++)
        bad |= check_file(argv[i]);
    return bad;
}
