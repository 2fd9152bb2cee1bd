/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/render.h"

#include <stdlib.h>
#include <string.h>

#include "host/identity.h"
#include "network/network.h"
#include "provision/node/domain_render.h"
#include "provision/node/machine.h"
#include "util/process.h"

struct render {
    struct provision *p;
    const struct render_sink *sink;
    struct buffer commands;
};

static int emit_text(struct render *r, const char *path, const char *text, struct error **err)
{
    return r->sink->emit(r->sink->user, path, text, strlen(text), err);
}

static int render_pool(struct render *r, const char *file, const char *name,
                       const char uuid[UUID_TEXT], const char *path, struct error **err)
{
    auto_free char *xml = NULL;

    if (pool_xml(name, uuid, path, &xml, err) < 0 || emit_text(r, file, xml, err) < 0)
        return -1;
    buffer_printf(&r->commands,
                  "virsh pool-define %s\nvirsh pool-build %s\nvirsh pool-start %s\n"
                  "virsh pool-autostart %s\n",
                  file, name, name, name);
    return 0;
}

static int render_pools(struct render *r, struct error **err)
{
    const struct site *site = &r->p->site;
    const char *dir = host_dir(site->hosts[0].host);
    auto_free char *pool = identity_pool(site->cluster_name);
    auto_free char *path = identity_pool_path(dir, site->cluster_name);
    char uuid[UUID_TEXT];

    identity_store_uuid(uuid);
    if (render_pool(r, "pools/store.xml", IDENTITY_STORE, uuid, dir, err) < 0)
        return -1;
    identity_pool_uuid(site->cluster_name, uuid);
    return render_pool(r, "pools/volumes.xml", pool, uuid, path, err);
}

static int render_network(struct render *r, const struct resource *network, struct error **err)
{
    auto_free char *xml = NULL;
    auto_buffer struct buffer script = {0};
    auto_free char *file = xasprintf("networks/%s.xml", network->name);
    auto_free char *name = identity_network(r->p->site.cluster_name, network->name);

    if (network_render(network, &xml, err) < 0 || emit_text(r, file, xml, err) < 0)
        return -1;
    buffer_printf(&r->commands, "virsh net-define %s\n", file);
    if (network_own_script(network, &script)) {
        auto_free char *path = xasprintf("networks/%s.sh", network->name);

        if (emit_text(r, path, script.data, err) < 0)
            return -1;
        buffer_printf(&r->commands, "sh %s make\n", path);
    }
    buffer_printf(&r->commands, "virsh net-start %s\n", name);
    return 0;
}

static void render_image(struct render *r, const struct image_object *o)
{
    auto_free char *source = o->source ? shell_quote(o->source) : NULL;

    if (!o->volume) {
        buffer_printf(&r->commands, "# image %s is made at the first up\n", o->image->name);
        return;
    }
    if (!source)
        return;
    buffer_printf(&r->commands,
                  "virsh vol-create-as " IDENTITY_STORE " %s %llu --format raw\n"
                  "virsh vol-upload --pool " IDENTITY_STORE " %s %s\n",
                  o->volume, (unsigned long long)o->bytes, o->volume, source);
}

static int render_volume(struct render *r, const struct machine *m, const struct disk *disk,
                         struct error **err)
{
    const char *name = disk ? disk->name : "root";
    auto_free char *volume =
        disk ? machine_disk_name(m->name, disk) : machine_root_name(m->name);
    auto_free char *file = xasprintf("nodes/%s/%s.xml", m->name, name);
    auto_free char *pool = identity_pool(r->p->site.cluster_name);
    const struct image_object *image = disk ? NULL : m->image;
    auto_free char *base = image ? image_path(image) : NULL;
    struct volume_template t = {.name = volume,
                                .format = disk ? disk_format_name(disk) : "qcow2",
                                .capacity = disk ? disk->size : m->node->disk.size,
                                .backing_path = base,
                                .backing_format = image ? image->format : NULL,
                                .mode = "0600"};
    auto_free char *xml = NULL;

    if (!t.capacity && image)
        t.capacity = image->capacity;
    if (volume_xml(&t, &xml, err) < 0 || emit_text(r, file, xml, err) < 0)
        return -1;
    buffer_printf(&r->commands, "virsh vol-create %s %s\n", pool, file);
    return 0;
}

static int render_seed(struct render *r, const struct machine *m, struct error **err)
{
    static const struct {
        const char *file;
        int (*render)(const struct seed_template *t, struct buffer *out, struct error **err);
    } parts[] = {{"user-data", seed_user_data},
                 {"meta-data", seed_meta_data},
                 {"network-config", seed_network_config},
                 {"seed.iso", seed_iso}};
    struct seed_template t = machine_seed(m);
    auto_free char *pool = identity_pool(r->p->site.cluster_name);
    auto_free char *volume = machine_seed_name(m);

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        auto_buffer struct buffer out = {0};
        auto_free char *file = xasprintf("nodes/%s/%s", m->name, parts[i].file);

        if (parts[i].render(&t, &out, err) < 0 ||
            r->sink->emit(r->sink->user, file, out.data, out.length, err) < 0)
            return -1;
        if (i + 1 == ARRAY_SIZE(parts))
            buffer_printf(&r->commands,
                          "virsh vol-create-as %s %s %zu --format raw\n"
                          "virsh vol-upload --pool %s %s %s\n",
                          pool, volume, out.length, pool, volume, file);
    }
    return 0;
}

static int render_node(struct render *r, const struct machine *m, struct error **err)
{
    auto_free char *xml = NULL;
    auto_free char *file = xasprintf("nodes/%s/domain.xml", m->name);
    /* What a host can do is not known here: KVM on x86, unless the file says otherwise. */
    const char *arch = platform_arch(m->node, "x86_64");
    const char *machine = platform_machine(m->node, arch);
    bool is_x86 = platform_is_x86(arch);
    bool has_root = !disk_is_none(&m->node->disk);
    const char *type =
        m->node->virt == VIRT_KVM || (m->node->virt == VIRT_AUTO && is_x86) ? "kvm" : "qemu";

    if (has_root && render_volume(r, m, NULL, err) < 0)
        return -1;
    list_each(struct disk, m->node->disks, disk)
    {
        if (!disk_is_foreign(disk) && render_volume(r, m, disk, err) < 0)
            return -1;
    }
    if ((has_root && render_seed(r, m, err) < 0) ||
        domain_render(m, type, arch, machine, NULL, &xml, err) < 0 ||
        emit_text(r, file, xml, err) < 0)
        return -1;
    buffer_printf(&r->commands, "virsh define %s\nvirsh start %s\n", file, m->domain_name);
    if (m->node->autostart)
        buffer_printf(&r->commands, "virsh autostart %s\n", m->domain_name);
    return 0;
}

static int render_kind(struct render *r, const struct resource_kind *kind, struct error **err)
{
    for (size_t i = 0; i < r->p->set.count; i++) {
        const struct resource *resource = r->p->set.items[i];
        int outcome = 0;

        if (resource->kind != kind)
            continue;
        if (kind == &network_kind)
            outcome = render_network(r, resource, err);
        else if (kind == &image_kind)
            render_image(r, image_of(resource));
        else
            outcome = render_node(r, resource->data, err);
        if (outcome < 0)
            return error_wrap(err, "rendering %s '%s'", kind->name, resource->name);
    }
    return 0;
}

int render_all(struct provision *p, const struct render_sink *sink, struct error **err)
{
    struct render r = {.p = p, .sink = sink};
    int outcome = -1;

    buffer_puts(&r.commands,
                "#!/bin/sh\n# What `virtopo up` does, by hand: run it in this folder."
                "\nset -e\n");
    if (render_pools(&r, err) == 0 && render_kind(&r, &network_kind, err) == 0 &&
        render_kind(&r, &image_kind, err) == 0 && render_kind(&r, &domain_kind, err) == 0)
        outcome = emit_text(&r, "commands.sh", r.commands.data, err);
    buffer_done(&r.commands);
    return outcome;
}
