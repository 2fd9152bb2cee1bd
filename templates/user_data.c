/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/user_data.h"

#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "config/guest_template.h"
#include "templates/mounts.h"

static json_t *base64(const char *data, size_t length)
{
    auto_free char *text = xmalloc(length / 3 * 4 + 5);

    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)data, (int)length);
    return json_string(text);
}

static bool is_root(const char *owner)
{
    return !owner || strcmp(owner, "root") == 0 || strcmp(owner, "root:root") == 0;
}

static json_t *entry_of(const struct guest_file *file)
{
    const char *content = file->content ? file->content : "";
    bool plain = !memchr(content, '\0', file->content_length);
    json_t *text = plain ? json_stringn(content, file->content_length) : NULL;
    json_t *entry = json_pack("{s:s}", "path", file->path);

    if (file->mode)
        json_object_set_new(entry, "permissions", json_string(file->mode));
    if (!is_root(file->owner)) {
        json_object_set_new(entry, "owner", json_string(file->owner));
        /* its user may come with a package: wait until those are there */
        json_object_set_new(entry, "defer", json_true());
    }
    /* what is not UTF-8 text cannot stand in YAML */
    if (!text) {
        json_object_set_new(entry, "encoding", json_string("b64"));
        text = base64(content, file->content_length);
    }
    json_object_set_new(entry, "content", text);
    return entry;
}

static json_t *strings(const struct string_list *list)
{
    json_t *array = json_array();

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_string(list->items[i]));
    return array;
}

static void add_name(json_t *data, const struct seed_template *t)
{
    auto_free char *fqdn = xasprintf("%s.%s", t->node->name, t->cluster->domain);

    json_object_set_new(data, "hostname", json_string(t->node->name));
    json_object_set_new(data, "fqdn", json_string(fqdn));
    /* some distributions take the long name as host name by default */
    json_object_set_new(data, "prefer_fqdn_over_hostname", json_false());
    /* `hostname -f` without asking DNS; the rest of /etc/hosts stays the guest's own */
    json_object_set_new(data, "manage_etc_hosts", json_string("localhost"));
}

static void add_user(json_t *users, const char *name, json_t *keys)
{
    json_t *user = json_pack("{s:s, s:s, s:s, s:b}", "name", name, "sudo",
                             "ALL=(ALL) NOPASSWD:ALL", "shell", "/bin/bash", "lock_passwd", 1);

    if (json_array_size(keys))
        json_object_set(user, "ssh_authorized_keys", keys);
    json_array_append_new(users, user);
}

/*
 * The keys at the top go to the image's default user, and to root: there with a forced
 * command that refuses, unless disable_root is false (cloud-init's cc_ssh). A user that is
 * neither has to be made.
 */
static int add_login(json_t *data, const struct seed_template *t, struct error **err)
{
    const struct image *image = t->node->image;
    bool root = strcmp(t->login, "root") == 0;
    bool known = root || (image && image->user && strcmp(image->user, t->login) == 0);
    json_t *users = json_pack("[s]", "default");
    json_t *keys = json_array();

    json_object_set_new(data, "users", users);
    json_object_set_new(data, "disable_root", json_boolean(!root));
    json_object_set_new(data, "ssh_pwauth", json_false());
    if (t->authorized_key) {
        size_t length = strcspn(t->authorized_key, "\r\n");

        if (json_array_append_new(keys, json_stringn(t->authorized_key, length))) {
            json_decref(keys);
            return error_set(err, ERROR_CONFIG, "the public SSH key is not UTF-8 text");
        }
        json_object_set(data, "ssh_authorized_keys", keys);
    }
    if (!known)
        add_user(users, t->login, keys);
    json_decref(keys);
    return 0;
}

static void add_host_keys(json_t *data, const struct seed_template *t)
{
    json_t *keys;

    if (!t->host_private_key)
        return;
    keys = json_pack("{s:s}", "ed25519_private", t->host_private_key);
    if (t->host_public_key)
        json_object_set_new(keys, "ed25519_public", json_string(t->host_public_key));
    json_object_set_new(data, "ssh_deletekeys", json_true());
    json_object_set_new(data, "ssh_keys", keys);
}

static json_t *file_entry(const struct seed_template *t, const struct guest_file *file)
{
    auto_buffer struct buffer text = {0};
    struct guest_file filled = *file;

    if (!file->is_template)
        return entry_of(file);
    guest_template_fill(t->cluster, t->node, file, &text);
    filled.content = text.data ? text.data : "";
    filled.content_length = text.length;
    return entry_of(&filled);
}

/* What cloud-init leaves as it is where a disk boots as another instance. Boot commands run at
 * each boot: once for each instance is for the script to see to. */
static void add_identity(json_t *data, const struct seed_template *t)
{
    static const char script[] =
        "done=/var/lib/virtopo-identity\n"
        "[ \"$(cat \"$done\" 2>/dev/null)\" != \"$1\" ] || exit 0\n"
        "if [ -e /etc/machine-id ]; then\n"
        "  tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id.virtopo &&\n"
        "    chmod 444 /etc/machine-id.virtopo && mv /etc/machine-id.virtopo /etc/machine-id\n"
        "fi\n"
        "if [ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then\n"
        "  cat /etc/machine-id >/var/lib/dbus/machine-id\n"
        "fi\n"
        "rm -f /var/lib/systemd/random-seed /var/lib/dhcp/*.lease* "
        "/var/lib/NetworkManager/*.lease\n"
        "echo \"$1\" >\"$done\"\n";

    json_object_set_new(
        data, "bootcmd",
        json_pack("[[s, s, s, s, s]]", "sh", "-c", script, "virtopo", t->instance_id));
}

static void add_work(json_t *data, const struct seed_template *t)
{
    const struct node *node = t->node;
    json_t *files = json_array();
    json_t *mounts = mounts_command(node);

    if (mounts && json_object_get(data, "bootcmd"))
        json_array_append_new(json_object_get(data, "bootcmd"), mounts);
    else if (mounts)
        json_object_set_new(data, "bootcmd", json_pack("[o]", mounts));
    if (node->packages.count) {
        json_object_set_new(data, "package_update", json_true());
        json_object_set_new(data, "packages", strings(&node->packages));
    }
    list_each(const struct guest_file, node->files, file)
        json_array_append_new(files, file_entry(t, file));
    if (json_array_size(files))
        json_object_set(data, "write_files", files);
    json_decref(files);
    if (node->run.count)
        json_object_set_new(data, "runcmd", strings(&node->run));
}

static bool is_growing(const char *key)
{
    static const char *const keys[] = {"runcmd",   "write_files", "users",
                                       "packages", "bootcmd",     "ssh_authorized_keys"};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (strcmp(key, keys[i]) == 0)
            return true;
    }
    return false;
}

/* `default` among the users means the same twice; a command may be meant twice. */
static bool has_user(const char *key, const json_t *list, const json_t *item)
{
    for (size_t i = 0; strcmp(key, "users") == 0 && i < json_array_size(list); i++) {
        if (json_equal(json_array_get(list, i), item))
            return true;
    }
    return false;
}

static void merge_key(json_t *base, const char *key, const json_t *value, bool top)
{
    json_t *mine = json_object_get(base, key);

    if (json_is_object(mine) && json_is_object(value)) {
        const char *inner;
        json_t *item;

        json_object_foreach ((json_t *)(uintptr_t)value, inner, item)
            merge_key(mine, inner, item, false);
    } else if (top && json_is_array(mine) && json_is_array(value) && is_growing(key)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            const json_t *item = json_array_get(value, i);

            if (!has_user(key, mine, item))
                json_array_append_new(mine, json_deep_copy(item));
        }
    } else {
        json_object_set_new(base, key, json_deep_copy(value));
    }
}

void user_data_merge(json_t *base, const json_t *over)
{
    const char *key;
    json_t *value;

    json_object_foreach ((json_t *)(uintptr_t)over, key, value)
        merge_key(base, key, value, true);
}

int user_data_build(const struct seed_template *t, bool host_keys, json_t **ret,
                    struct error **err)
{
    json_t *data = json_object();

    add_name(data, t);
    if (add_login(data, t, err)) {
        json_decref(data);
        return -1;
    }
    if (host_keys)
        add_host_keys(data, t);
    if (host_keys && t->new_identity)
        add_identity(data, t);
    /* an address that changed in the file holds from the next boot on */
    json_object_set_new(data, "updates", json_pack("{s:{s:[s]}}", "network", "when", "boot"));
    add_work(data, t);
    user_data_merge(data, t->node->cloud_init);
    *ret = data;
    return 0;
}
