/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "loading.h"
#include "util/file.h"

static void least(void **state)
{
    auto_loading struct loading l = {0};
    const struct host_entry *host;

    (void)state;
    loading_good(&l, "cluster: lab\n");
    host = l.cluster->hosts.items;
    assert_string_equal(l.cluster->name, "lab");
    assert_string_equal(l.cluster->domain, "lab.test");
    assert_string_equal(l.cluster->ssh.user, "root");
    assert_false(l.cluster->ssh.user_given);
    assert_null(l.cluster->ssh.key);
    assert_int_equal(l.cluster->hosts.count, 1);
    assert_string_equal(host->name, "local");
    assert_string_equal(host->uri, "qemu:///system");
    assert_string_equal(host->dir, "/var/lib/virtopo");
    assert_int_equal(l.cluster->node_count, 0);
}

static void top_level(void **state)
{
    auto_loading struct loading l = {0};
    const struct host_entry *host;
    const struct image *image;

    (void)state;
    loading_good(&l,
                 "cluster: lab\ndomain: x.example.org\n"
                 "ssh: { user: debian, key: keys/id }\n"
                 "hosts: { alpha: { uri: 'qemu+ssh://root@10.0.0.1/system', dir: /srv/v } }\n"
                 "images:\n  a: { file: /i/a.raw, format: raw, user: debian }\n"
                 "  b: { script: ./b.sh, inputs: [b/, /c] }\n");
    host = l.cluster->hosts.items;
    assert_string_equal(l.cluster->domain, "x.example.org");
    assert_string_equal(l.cluster->ssh.user, "debian");
    assert_true(l.cluster->ssh.user_given);
    assert_string_equal(l.cluster->ssh.key, "/cluster/keys/id");
    assert_string_equal(host->name, "alpha");
    assert_string_equal(host->uri, "qemu+ssh://root@10.0.0.1/system");
    assert_string_equal(host->dir, "/srv/v");
    image = cluster_image(l.cluster, "a");
    assert_string_equal(image->file, "/i/a.raw");
    assert_null(image->script);
    assert_int_equal(image->format, IMAGE_FORMAT_RAW);
    assert_string_equal(image->user, "debian");
    image = cluster_image(l.cluster, "b");
    assert_string_equal(image->script, "/cluster/b.sh");
    assert_int_equal(image->inputs.count, 2);
    assert_string_equal(image->inputs.items[0], "/cluster/b/");
    assert_string_equal(image->inputs.items[1], "/c");
    assert_int_equal(image->format, IMAGE_FORMAT_DETECT);
    assert_null(cluster_image(l.cluster, "c"));
}

static void default_uri(void **state)
{
    const char *text = "cluster: lab\n";
    struct load_options options = {.default_uri = "qemu:///session"};
    auto_loading struct loading l = {0};

    (void)state;
    assert_int_equal(cluster_load_text("t.yaml", "/", text, strlen(text), &options, &l.d,
                                       &l.arena, &l.cluster),
                     0);
    assert_string_equal(((struct host_entry *)l.cluster->hosts.items)->uri, "qemu:///session");
}

static void networks(void **state)
{
    auto_loading struct loading l = {0};
    const struct network *network;

    (void)state;
    loading_good(&l,
                 "cluster: lab\nnetworks:\n"
                 "  a: { subnet: 10.20.0.0/24 }\n"
                 "  b: { mode: isolated, subnet: 10.21.0.0/25, gateway: 10.21.0.9, mtu: 9000, "
                 "dhcp: [10.21.0.64, 10.21.0.126], dns: false, stp: true, bridge: br-b, "
                 "forward_delay: 2s, autostart: true }\n"
                 "  c: { subnet: 10.22.0.0/30, dhcp: false }\n");
    network = cluster_network(l.cluster, "a");
    assert_int_equal(network->mode, NETWORK_NAT);
    assert_int_equal(network->gateway, 0x0a140001);
    assert_true(network->dhcp.enabled && !network->dhcp.has_range && !network->dhcp.given);
    assert_true(network->dns.enabled && !network->stp && !network->autostart &&
                network->usable);
    assert_null(network->bridge);
    assert_int_equal(network->mtu, 0);
    network = cluster_network(l.cluster, "b");
    assert_int_equal(network->mode, NETWORK_ISOLATED);
    assert_int_equal(network->subnet.prefix, 25);
    assert_int_equal(network->gateway, 0x0a150009);
    assert_true(network->dhcp.enabled && network->dhcp.has_range);
    assert_int_equal(network->dhcp.first, 0x0a150040);
    assert_int_equal(network->dhcp.last, 0x0a15007e);
    assert_true(!network->dns.enabled && network->stp && network->autostart);
    assert_string_equal(network->bridge, "br-b");
    assert_int_equal(network->forward_delay, 2000);
    assert_int_equal(network->mtu, 9000);
    assert_false(cluster_network(l.cluster, "c")->dhcp.enabled);
}

/* A folder with a cluster's file and what it names; removed at the end. */
static char *make_folder(void)
{
    char *folder = xstrdup("/tmp/virtopo-load-XXXXXX");

    assert_non_null(mkdtemp(folder));
    return folder;
}

static void write_file(const char *folder, const char *name, const char *text, size_t length)
{
    auto_free char *path = xasprintf("%s/%s", folder, name);
    auto_error struct error *err = NULL;

    if (file_publish(path, text, length, 0644, &err) < 0)
        fail_msg("%s", err->message);
}

static void remove_folder(char *folder)
{
    assert_int_equal(file_remove_tree(folder, NULL), 0);
    free(folder);
}

static int load_file(struct loading *l, const char *folder, const char *name,
                     struct error **err)
{
    auto_free char *path = xasprintf("%s/%s", folder, name);
    const struct load_options options = {.file = path};

    return cluster_load(&options, &l->d, &l->arena, &l->cluster, err);
}

static void from_disk(void **state)
{
    static const char text[] = "cluster: lab\nimages: { d: { file: d.qcow2 } }\nnodes:\n"
                               "  a: { image: d, files: [{ path: /x, from: x }] }\n"
                               "  b: { image: d, files: [{ path: /y, from: ./x, mode: 755, "
                               "owner: www }, { path: /z, content: '' }] }\n";
    char *folder = make_folder();
    auto_loading struct loading l = {0};
    auto_error struct error *err = NULL;
    auto_free char *image = xasprintf("%s/d.qcow2", folder);
    const struct guest_file *file;

    (void)state;
    write_file(folder, "lab.yaml", text, strlen(text));
    write_file(folder, "x", "a\0b", 3);
    assert_int_equal(load_file(&l, folder, "lab.yaml", &err), 0);
    assert_string_equal(cluster_image(l.cluster, "d")->file, image);
    file = l.cluster->nodes[0].files.items;
    assert_int_equal(file->content_length, 3);
    assert_memory_equal(file->content, "a\0b", 4);
    assert_string_equal(file->mode, "0644");
    assert_string_equal(file->owner, "root:root");
    file = l.cluster->nodes[1].files.items;
    assert_memory_equal(file->content, "a\0b", 4);
    assert_string_equal(file->mode, "0755");
    assert_string_equal(file->owner, "www");
    assert_string_equal(file[1].content, "");
    assert_int_equal(file[1].content_length, 0);
    remove_folder(folder);
}

static void content_too_long(void **state)
{
    static const char text[] = "cluster: lab\nimages: { d: { file: d.qcow2 } }\nnodes:\n"
                               "  a: { image: d, files: [{ path: /x, from: x }] }\n";
    char *folder = make_folder();
    auto_loading struct loading l = {0};
    auto_error struct error *err = NULL;
    char *content = xcalloc(1, (1 << 20) + 1);

    (void)state;
    write_file(folder, "lab.yaml", text, strlen(text));
    write_file(folder, "x", content, (1 << 20) + 1);
    assert_int_equal(load_file(&l, folder, "lab.yaml", &err), -1);
    assert_null(err);
    assert_int_equal(l.d.count, 1);
    assert_string_equal(l.d.items[0].message, "cannot read 'x': it is longer than 1 MiB");
    diagnostics_done(&l.d);
    arena_free(l.arena);
    l = (struct loading){0};
    write_file(folder, "x", content, 1 << 20);
    assert_int_equal(load_file(&l, folder, "lab.yaml", &err), 0);
    free(content);
    remove_folder(folder);
}

static void unreadable(void **state)
{
    char *folder = make_folder();
    auto_loading struct loading l = {0};
    struct error *err = NULL;
    char *large = xcalloc(1, DOCUMENT_MAX_BYTES + 1);

    (void)state;
    assert_int_equal(load_file(&l, folder, "none.yaml", &err), -1);
    assert_int_equal(err->kind, ERROR_CONFIG);
    assert_non_null(strstr(err->message, "none.yaml"));
    assert_non_null(strstr(err->hint, "virtopo init"));
    error_free(err);
    err = NULL;
    assert_int_equal(load_file(&l, folder, ".", &err), -1);
    assert_int_equal(err->kind, ERROR_CONFIG);
    error_free(err);
    err = NULL;
    write_file(folder, "large.yaml", large, DOCUMENT_MAX_BYTES + 1);
    assert_int_equal(load_file(&l, folder, "large.yaml", &err), -1);
    assert_int_equal(err->kind, ERROR_CONFIG);
    assert_null(l.arena);
    error_free(err);
    free(large);
    remove_folder(folder);
}

static void warnings_do_not_refuse(void **state)
{
    auto_loading struct loading l = {0};

    (void)state;
    loading_start(&l,
                  "cluster: lab\ndomain: lab.local\nnetworks: { a: { subnet: 8.8.8.0/24 } }\n");
    assert_non_null(l.cluster);
    assert_int_equal(l.d.count, 2);
    assert_int_equal(l.d.errors, 0);
}

/* More warnings than are kept must not push an error out. */
static void errors_behind_many_warnings(void **state)
{
    auto_buffer struct buffer text = {0};
    auto_loading struct loading l = {0};

    (void)state;
    buffer_puts(&text,
                LOADING_HEAD "nodes:\n  a:\n    image: debian12\n    cloud_init: { x: [");
    for (int i = 0; i < 1500; i++)
        buffer_puts(&text, "yes, ");
    buffer_puts(&text, "] }\n    memory: 5\n");
    loading_start(&l, text.data);
    assert_null(l.cluster);
    assert_int_equal(l.d.errors, 1);
    assert_true(l.d.count > 100 && l.d.count < 1000);
}

static void findings_are_bounded(void **state)
{
    auto_buffer struct buffer text = {0};
    auto_loading struct loading l = {0};

    (void)state;
    for (int i = 0; i < 3000; i++)
        buffer_printf(&text, "k%d: 1\n", i);
    loading_start(&l, text.data);
    assert_null(l.cluster);
    assert_true(l.d.count > 100 && l.d.count < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least),
        cmocka_unit_test(top_level),
        cmocka_unit_test(default_uri),
        cmocka_unit_test(networks),
        cmocka_unit_test(from_disk),
        cmocka_unit_test(content_too_long),
        cmocka_unit_test(unreadable),
        cmocka_unit_test(warnings_do_not_refuse),
        cmocka_unit_test(errors_behind_many_warnings),
        cmocka_unit_test(findings_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
