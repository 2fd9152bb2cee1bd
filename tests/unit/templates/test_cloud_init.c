/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "templates/user_data.h"

static void check_user_data(const struct seed_template *t, const char *file)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;

    expect_ok(seed_user_data(t, &out, &err), &err);
    golden_check(file, out.data);
}

static void check_network_config(const struct seed_template *t, const char *file)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;

    expect_ok(seed_network_config(t, &out, &err), &err);
    golden_check(file, out.data);
}

static void user_data_for_root(void **state)
{
    struct model m;

    (void)state;
    model_init(&m);
    check_user_data(&m.seed, "user-data-root.yaml");
    model_done(&m);
}

static void user_data_with_everything(void **state)
{
    struct model m;

    (void)state;
    model_init(&m);
    model_add_work(&m);
    m.seed.login = "ann";
    m.seed.host_private_key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1\n"
                              "-----END OPENSSH PRIVATE KEY-----\n";
    m.seed.host_public_key = "ssh-ed25519 AAAAhost";
    m.node.cloud_init = json_pack(
        "{s:s, s:[s], s:[{s:s}], s:[s], s:[s,s], s:{s:{s:[s]}}, s:[s]}", "timezone",
        "Europe/Berlin", "runcmd", "reboot", "write_files", "path", "/x", "packages", "vim",
        "users", "default", "bob", "updates", "network", "when", "hotplug", "bootcmd", "true");
    check_user_data(&m.seed, "user-data-full.yaml");
    model_done(&m);
}

static void user_data_with_shares(void **state)
{
    struct share shares[] = {
        {.source = "/srv/a", .target = "/mnt/a", .tag = "share0"},
        {.source = "/srv/b",
         .target = "/mnt/b",
         .tag = "b",
         .driver = SHARE_9P,
         .readonly = true},
        {.source = "/srv/c", .tag = "c", .driver = SHARE_9P},
        {.source = "/srv/d",
         .target = "/mnt/d",
         .tag = "d",
         .driver = SHARE_9P,
         .options = "noatime"},
    };
    struct model m;

    (void)state;
    model_init(&m);
    m.node.shares = (struct list){shares, ARRAY_SIZE(shares)};
    m.node.cloud_init = json_pack("{s:[s]}", "bootcmd", "true");
    check_user_data(&m.seed, "user-data-shares.yaml");
    model_done(&m);
}

/* The image's own user needs no entry: cloud-init gives it the keys at the top. */
static void user_data_for_the_images_user(void **state)
{
    struct model m;

    (void)state;
    model_init(&m);
    m.seed.login = "debian";
    check_user_data(&m.seed, "user-data-image-user.yaml");
    m.seed.authorized_key = NULL;
    m.node.image = NULL;
    check_user_data(&m.seed, "user-data-no-key.yaml");
    model_done(&m);
}

static void keys_are_one_line_of_text(void **state)
{
    json_t *data = NULL;
    struct error *err = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    m.seed.authorized_key = MODEL_KEY "\n";
    expect_ok(user_data_build(&m.seed, true, &data, &err), &err);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(data, "ssh_authorized_keys"), 0)),
        MODEL_KEY);
    json_decref(data);
    m.seed.authorized_key = "ssh-ed25519 AAAA caf\xe9";
    expect_error(user_data_build(&m.seed, true, &data, &err), &err, "not UTF-8");
    model_done(&m);
}

static void merging(void **state)
{
    static const char base_text[] =
        "{\"a\":{\"b\":1,\"c\":{\"d\":1},\"runcmd\":[1]},\"runcmd\":[\"x\"],\"list\":[1],"
        "\"users\":[\"default\",{\"name\":\"n\"}],\"keep\":1}";
    static const char over_text[] =
        "{\"a\":{\"c\":{\"e\":2},\"b\":3,\"runcmd\":[2]},\"runcmd\":[\"x\"],\"list\":[2],"
        "\"users\":[\"default\",\"bob\"],\"packages\":[\"vim\"]}";
    static const char merged_text[] =
        "{\"a\":{\"b\":3,\"c\":{\"d\":1,\"e\":2},\"runcmd\":[2]},\"keep\":1,\"list\":[2],"
        "\"packages\":[\"vim\"],\"runcmd\":[\"x\",\"x\"],"
        "\"users\":[\"default\",{\"name\":\"n\"},\"bob\"]}";
    json_t *base = json_loads(base_text, 0, NULL);
    json_t *over = json_loads(over_text, 0, NULL);
    char *text;

    (void)state;
    user_data_merge(base, over);
    text = json_dumps(base, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, merged_text);
    free(text);
    text = json_dumps(over, JSON_COMPACT);
    assert_string_equal(text, over_text);
    free(text);
    user_data_merge(base, NULL);
    text = json_dumps(base, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, merged_text);
    free(text);
    json_decref(base);
    json_decref(over);
}

static void network_configs(void **state)
{
    struct model m;

    (void)state;
    model_init(&m);
    check_network_config(&m.seed, "network-config.yaml");
    /* the first network leads nowhere, the second does, with an address from DHCP */
    m.nics[2] = m.nics[0];
    m.nics[0] = m.nics[1];
    m.nics[1] = m.nics[2];
    m.nics[1].dynamic = true;
    m.nics[1].ip = 0;
    m.nics[2].mtu = 1280;
    m.nics[2].mac.bytes[5] = 12;
    m.node.nics.count = 3;
    check_network_config(&m.seed, "network-config-dhcp.yaml");
    m.node.nics.count = 1;
    check_network_config(&m.seed, "network-config-isolated.yaml");
    m.san.dns.enabled = false;
    m.san.mtu = 0;
    check_network_config(&m.seed, "network-config-plain.yaml");
    m.node.nics.count = 0;
    check_network_config(&m.seed, "network-config-none.yaml");
    model_done(&m);
}

static void meta_data(void **state)
{
    auto_buffer struct buffer out = {0};
    struct error *err = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    expect_ok(seed_meta_data(&m.seed, &out, &err), &err);
    assert_string_equal(out.data, "instance-id: lab-web-1-0011223344\n"
                                  "local-hostname: web-1\n");
    model_done(&m);
}

static void hash_is_of_what_is_said(void **state)
{
    char first[65], second[65];
    struct error *err = NULL;
    struct model m;

    (void)state;
    model_init(&m);
    model_add_work(&m);
    expect_ok(seed_hash(&m.seed, first, &err), &err);
    assert_int_equal(strlen(first), 64);
    m.seed.host_private_key = "secret\n";
    m.seed.host_public_key = "public";
    expect_ok(seed_hash(&m.seed, second, &err), &err);
    assert_string_equal(first, second);
    m.run[0] = "true";
    expect_ok(seed_hash(&m.seed, second, &err), &err);
    assert_string_not_equal(first, second);
    m.run[0] = "systemctl enable --now nginx";
    m.nics[0].ip++;
    expect_ok(seed_hash(&m.seed, second, &err), &err);
    assert_string_not_equal(first, second);
    m.nics[0].ip--;
    m.seed.instance_id = NULL;
    expect_ok(seed_hash(&m.seed, second, &err), &err);
    assert_string_not_equal(first, second);
    model_done(&m);
}

/* In the seed, so that it runs; not in the digest, so that the next run needs no other seed. */
static void new_identity(void **state)
{
    struct model m;
    auto_buffer struct buffer plain = {0}, clone = {0};
    struct error *err = NULL;
    char first[65], second[65];

    (void)state;
    model_init(&m);
    expect_ok(seed_hash(&m.seed, first, &err), &err);
    expect_ok(seed_user_data(&m.seed, &plain, &err), &err);
    m.seed.new_identity = true;
    expect_ok(seed_hash(&m.seed, second, &err), &err);
    expect_ok(seed_user_data(&m.seed, &clone, &err), &err);
    assert_string_equal(first, second);
    assert_null(strstr(plain.data, "machine-id"));
    assert_non_null(strstr(clone.data, "machine-id"));
    assert_non_null(strstr(clone.data, m.seed.instance_id));
    model_done(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_data_for_root),
        cmocka_unit_test(user_data_with_everything),
        cmocka_unit_test(user_data_with_shares),
        cmocka_unit_test(user_data_for_the_images_user),
        cmocka_unit_test(keys_are_one_line_of_text),
        cmocka_unit_test(merging),
        cmocka_unit_test(network_configs),
        cmocka_unit_test(meta_data),
        cmocka_unit_test(hash_is_of_what_is_said),
        cmocka_unit_test(new_identity),
        cmocka_unit_test(golden_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
