/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/cloud_init.h"

#include <string.h>

#include "templates/iso.h"
#include "templates/user_data.h"
#include "templates/yaml_writer.h"
#include "util/digest.h"

static int write_user_data(const struct seed_template *t, bool host_keys, struct buffer *out,
                           struct error **err)
{
    json_t *data;
    int result;

    if (user_data_build(t, host_keys, &data, err))
        return -1;
    buffer_puts(out, "#cloud-config\n");
    result = yaml_write(data, out, err);
    json_decref(data);
    return result;
}

int seed_user_data(const struct seed_template *t, struct buffer *out, struct error **err)
{
    return write_user_data(t, true, out, err);
}

int seed_meta_data(const struct seed_template *t, struct buffer *out, struct error **err)
{
    json_t *data = json_pack("{s:s*, s:s}", "instance-id", t->instance_id, "local-hostname",
                             t->node->name);
    int result = yaml_write(data, out, err);

    json_decref(data);
    return result;
}

int seed_iso(const struct seed_template *t, struct buffer *out, struct error **err)
{
    auto_buffer struct buffer user = {0}, meta = {0}, network = {0};

    if (seed_user_data(t, &user, err) || seed_meta_data(t, &meta, err) ||
        seed_network_config(t, &network, err))
        return -1;
    return iso_build("cidata",
                     (struct iso_file[]){
                         {"user-data", user.data, user.length},
                         {"meta-data", meta.data, meta.length},
                         {"network-config", network.data, network.length},
                     },
                     3, out, err);
}

int seed_hash(const struct seed_template *t, char out[65], struct error **err)
{
    auto_buffer struct buffer all = {0};

    if (write_user_data(t, false, &all, err))
        return -1;
    buffer_append(&all, "", 1);
    if (seed_meta_data(t, &all, err))
        return -1;
    buffer_append(&all, "", 1);
    if (seed_network_config(t, &all, err))
        return -1;
    sha256_text(all.data, all.length, out);
    return 0;
}
