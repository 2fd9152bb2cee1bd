/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a NoCloud seed (meta-data, user-data, network-config v2) the way cloud-init does and
 * writes what the tiny guest's init sources, one file for each phase of the boot:
 *
 *   seed SEED-DIR OUT-DIR
 *
 * config.sh    instance, host_name, user, key, host_key    calls of shell functions of init.sh
 * network.sh   nic, address, route, nameserver, search
 * files.sh     file (deferred ones in deferred.sh), contents in content.N
 * mounts.sh    mount_at
 * bootcmd.sh, runcmd.sh                                    scripts, as cloud-init makes them
 *
 * Whatever is not understood is named on stderr; the rest is still written.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "source.h"

static const char *seed_dir;

/* Keys of user-data that are read here, or that make no difference to this guest. */
static const char known[] =
    " hostname fqdn ssh_authorized_keys disable_root users ssh_keys write_files bootcmd runcmd"
    " mounts chpasswd final_message growpart manage_etc_hosts no_ssh_fingerprints output"
    " package_update"
    " package_upgrade packages prefer_fqdn_over_hostname preserve_hostname resize_rootfs"
    " ssh_deletekeys ssh_genkeytypes ssh_pwauth timezone ";

static void each_text(struct source *s, const yaml_node_t *list, FILE *f, const char *function,
                      const char *first)
{
    yaml_node_t *n;

    for (int i = 0; (n = source_item(s, list, i)); i++) {
        if (!source_text(n))
            source_complain(s, n, "not a text in", function);
        else if (first)
            script_call(f, function, first, source_text(n), NULL);
        else
            script_call(f, function, source_text(n), NULL);
    }
}

static void lower(const char *from, char to[static 32])
{
    size_t i = 0;

    for (; from[i] && i < 31; i++)
        to[i] = (char)tolower((unsigned char)from[i]);
    to[i] = '\0';
}

static void read_nic(struct source *s, FILE *f, const char *id, const yaml_node_t *nic)
{
    const yaml_node_t *names = source_get(s, nic, "nameservers"), *route;
    const yaml_node_t *overrides = source_get(s, nic, "dhcp4-overrides");
    const char *gateway, *use_routes = source_get_text(s, overrides, "use-routes", "true");
    char mac[32];

    lower(source_get_text(s, source_get(s, nic, "match"), "macaddress", ""), mac);
    script_call(f, "nic", id, mac, source_get_text(s, nic, "set-name", ""),
                source_get_text(s, nic, "mtu", ""),
                !source_get_true(s, nic, "dhcp4")  ? ""
                : strcmp(use_routes, "false") == 0 ? "dhcp-alone"
                                                   : "dhcp",
                source_get_true(s, nic, "accept-ra") ? "accept-ra" : "", NULL);
    each_text(s, source_get(s, nic, "addresses"), f, "address", NULL);
    for (int i = 0; (route = source_item(s, source_get(s, nic, "routes"), i)); i++)
        script_call(f, "route", source_get_text(s, route, "to", ""),
                    source_get_text(s, route, "via", ""),
                    source_get_text(s, route, "metric", ""),
                    source_get_true(s, route, "on-link") ? "on-link" : "", NULL);
    if ((gateway = source_text(source_get(s, nic, "gateway4"))))
        script_call(f, "route", "0.0.0.0/0", gateway, "", NULL);
    if ((gateway = source_text(source_get(s, nic, "gateway6"))))
        script_call(f, "route", "::/0", gateway, "", NULL);
    each_text(s, source_get(s, names, "addresses"), f, "nameserver", NULL);
    each_text(s, source_get(s, names, "search"), f, "search", NULL);
}

static void read_network(struct source *s, const yaml_node_t *root)
{
    const yaml_node_t *top = source_get(s, root, "network") ? source_get(s, root, "network")
                                                            : root,
                      *nics;
    FILE *f;

    if (strcmp(source_get_text(s, top, "version", ""), "2") != 0) {
        source_complain(s, top, "not version 2", "");
        return;
    }
    f = script_open("network.sh");
    nics = source_get(s, top, "ethernets");
    if (nics && nics->type == YAML_MAPPING_NODE)
        for (yaml_node_pair_t *p = nics->data.mapping.pairs.start;
             p < nics->data.mapping.pairs.top; p++)
            read_nic(s, f, source_text(yaml_document_get_node(&s->yaml, p->key)),
                     yaml_document_get_node(&s->yaml, p->value));
    fclose(f);
}

static void read_meta(struct source *s, const yaml_node_t *root)
{
    FILE *f = script_open("config.sh");

    script_call(f, "instance", source_get_text(s, root, "instance-id", "nocloud"), NULL);
    if (source_text(source_get(s, root, "local-hostname")))
        script_call(f, "host_name", source_text(source_get(s, root, "local-hostname")), "",
                    NULL);
    fclose(f);
}

static int base64_value(int c)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static void write_base64(FILE *f, const char *data)
{
    unsigned bits = 0;
    int have = 0;

    for (; *data && *data != '='; data++) {
        int value = base64_value(*data);

        if (value < 0)
            continue;
        bits = (bits << 6 | (unsigned)value) & 0xffffff;
        if ((have += 6) >= 8)
            fputc((int)(bits >> (have -= 8) & 0xff), f);
    }
}

static void read_file(struct source *s, const yaml_node_t *entry)
{
    const char *encoding = source_get_text(s, entry, "encoding", "text/plain");
    const yaml_node_t *content = source_get(s, entry, "content");
    char name[32];
    FILE *f;

    if (!source_text(source_get(s, entry, "path"))) {
        source_complain(s, entry, "write_files without", "path");
        return;
    }
    snprintf(name, sizeof name, "content.%d", s->contents++);
    f = script_open(name);
    if (strcmp(encoding, "b64") == 0 || strcmp(encoding, "base64") == 0)
        write_base64(f, source_text(content) ? source_text(content) : "");
    else if (strcmp(encoding, "text/plain") != 0)
        source_complain(s, entry, "unknown encoding", encoding);
    else if (source_text(content))
        fwrite(content->data.scalar.value, 1, content->data.scalar.length, f);
    fclose(f);

    f = script_open(source_get_true(s, entry, "defer") ? "deferred.sh" : "files.sh");
    script_call(f, "file", name, source_text(source_get(s, entry, "path")),
                source_get_text(s, entry, "permissions", "0644"),
                source_get_text(s, entry, "owner", "root:root"),
                source_get_true(s, entry, "append") ? "append" : "", NULL);
    fclose(f);
}

/* Texts are lines of one script, lists are single commands: cloud-init's own rule. */
static void read_commands(struct source *s, const yaml_node_t *list, const char *name)
{
    const yaml_node_t *command, *word;
    FILE *f;

    if (!list)
        return;
    f = script_open(name);
    fputs("#!/bin/sh\n", f);
    for (int i = 0; (command = source_item(s, list, i)); i++) {
        if (source_text(command)) {
            fputs(source_text(command), f);
        } else if (command->type == YAML_SEQUENCE_NODE) {
            for (int k = 0; (word = source_item(s, command, k)); k++)
                script_quote(f, source_text(word) ? source_text(word) : "");
        } else {
            source_complain(s, command, "neither text nor list in", name);
        }
        fputc('\n', f);
    }
    fclose(f);
}

static void read_users(struct source *s, FILE *f, const yaml_node_t *root)
{
    const yaml_node_t *user;

    for (int i = 0; (user = source_item(s, source_get(s, root, "users"), i)); i++) {
        const char *name = source_text(source_get(s, user, "name"));

        if (name) {
            script_call(f, "user", name, source_get_text(s, user, "shell", "/bin/sh"), NULL);
            each_text(s, source_get(s, user, "ssh_authorized_keys"), f, "key", name);
            each_text(s, source_get(s, user, "ssh-authorized-keys"), f, "key", name);
        } else if (!source_text(user) || strcmp(source_text(user), "default") != 0) {
            source_complain(s, user, "user without", "name");
        }
    }
}

static void read_host_key(struct source *s, FILE *f, const yaml_node_t *keys)
{
    const char *pem = source_text(source_get(s, keys, "ed25519_private"));
    FILE *key;

    if (!pem)
        return;
    key = script_open("host_key");
    fputs(pem, key);
    if (pem[0] && pem[strlen(pem) - 1] != '\n')
        fputc('\n', key);
    fclose(key);
    script_call(f, "host_key", "host_key", NULL);
}

/* What, where, file system and options, as in fstab. */
static void read_mounts(struct source *s, const yaml_node_t *list)
{
    const yaml_node_t *entry;
    FILE *f;

    if (!list)
        return;
    f = script_open("mounts.sh");
    for (int i = 0; (entry = source_item(s, list, i)); i++) {
        const char *what = source_text(source_item(s, entry, 0));
        const char *where = source_text(source_item(s, entry, 1));
        const char *type = source_text(source_item(s, entry, 2));
        const char *options = source_text(source_item(s, entry, 3));

        if (what && where && type)
            script_call(f, "mount_at", what, where, type, options ? options : "", NULL);
        else
            source_complain(s, entry, "mounts without", "what, where and file system");
    }
    fclose(f);
}

static void check_keys(struct source *s, const yaml_node_t *root)
{
    for (yaml_node_pair_t *p = root->data.mapping.pairs.start; p < root->data.mapping.pairs.top;
         p++) {
        const yaml_node_t *key = yaml_document_get_node(&s->yaml, p->key);
        char word[64];

        snprintf(word, sizeof word, " %s ", source_text(key) ? source_text(key) : "?");
        if (!strstr(known, word))
            source_complain(s, key, "unknown key", word);
    }
}

static void read_user(struct source *s, const yaml_node_t *root)
{
    const char *fqdn = source_get_text(s, root, "fqdn", "");
    const char *name = source_get_text(s, root, "hostname", fqdn);
    const yaml_node_t *entry;
    FILE *f = script_open("config.sh");

    check_keys(s, root);
    if (name[0])
        script_call(f, "host_name", name, fqdn, NULL);
    read_users(s, f, root);
    if (!source_get_true(s, root, "disable_root"))
        each_text(s, source_get(s, root, "ssh_authorized_keys"), f, "key", "root");
    read_host_key(s, f, source_get(s, root, "ssh_keys"));
    fclose(f);
    for (int i = 0; (entry = source_item(s, source_get(s, root, "write_files"), i)); i++)
        read_file(s, entry);
    read_commands(s, source_get(s, root, "bootcmd"), "bootcmd.sh");
    read_commands(s, source_get(s, root, "runcmd"), "runcmd.sh");
    read_mounts(s, source_get(s, root, "mounts"));
}

static void read_one(const char *name, void (*reader)(struct source *, const yaml_node_t *))
{
    struct source s = {.name = name};
    char *data = source_slurp(seed_dir, name);
    yaml_node_t *root;

    if (!data)
        return;
    if (strcmp(name, "user-data") == 0 && strncmp(data, "#cloud-config\n", 14) != 0) {
        fprintf(stderr, "seed: user-data does not start with #cloud-config\n");
    } else if ((root = source_load(&s, data))) {
        reader(&s, root);
    }
    yaml_document_delete(&s.yaml);
    free(data);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: seed SEED-DIR OUT-DIR\n");
        return 2;
    }
    seed_dir = argv[1];
    script_into(argv[2]);
    read_one("meta-data", read_meta);
    read_one("network-config", read_network);
    read_one("user-data", read_user);
    return 0;
}
